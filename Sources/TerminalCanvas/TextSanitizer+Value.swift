extension TextSanitizer {
  /// For the view of one value: what cannot be shown is spelled out, so that it can be told apart:
  /// `\n`, `\t`, `\x1b` for controls, `\xff` for a byte that is not UTF-8, `‹U+202E›` for invisible
  /// scalars. A view that wants lines splits before it calls this.
  package static func valueText(_ bytes: some Sequence<UInt8>) -> String {
    var shown = ""
    var decoder = UTF8Repair(bytes)
    while let piece = decoder.next() {
      switch piece {
      case .scalar(let scalar): append(scalar, to: &shown)
      case .invalid(let bytes): for byte in bytes { shown += escape(byte) }
      }
    }
    return shown
  }

  /// The same for text.
  package static func valueText(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars { append(scalar, to: &shown) }
    return shown
  }

  private static func append(_ scalar: Unicode.Scalar, to shown: inout String) {
    switch scalar {
    case "\n": shown += "\\n"
    case "\r": shown += "\\r"
    case "\t": shown += "\\t"
    case _ where controlPicture(scalar) != nil: shown += escape(UInt8(scalar.value))
    case _ where isInvisible(scalar): shown += "‹U+\(hex(scalar.value, digits: 4))›"
    default: shown.unicodeScalars.append(scalar)
    }
  }

  private static func escape(_ byte: UInt8) -> String {
    "\\x" + hex(UInt32(byte), digits: 2).lowercased()
  }

  private static func hex(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(digits - text.count, 0)) + text
  }
}

/// UTF-8 by scalars, with the bytes that belong to none reported as they are. Linear.
private struct UTF8Repair {
  enum Piece {
    case scalar(Unicode.Scalar)
    case invalid(ArraySlice<UInt8>)
  }

  private let bytes: [UInt8]
  private var rest: IndexingIterator<[UInt8]>
  private var parser = UTF8.ForwardParser()
  private var position = 0

  init(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
    rest = self.bytes.makeIterator()
  }

  mutating func next() -> Piece? {
    switch parser.parseScalar(from: &rest) {
    case .valid(let encoded):
      position += encoded.count
      return .scalar(UTF8.decode(encoded))
    case .error(let length):
      let end = min(position + length, bytes.count)
      defer { position = end }
      return .invalid(bytes[position..<end])
    case .emptyInput:
      return nil
    }
  }
}
