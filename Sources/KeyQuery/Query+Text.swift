import CacheModel
import KeyPattern

/// A query as text that parses to the same value.
extension Query: CustomStringConvertible {
  package var description: String {
    terms.map(\.description).joined(separator: " ")
  }
}

extension QueryTerm: CustomStringConvertible {
  /// The term as it is written, in its shortest form.
  package var description: String {
    (isNegated ? "!" : "") + text
  }

  private var text: String {
    switch condition {
    case .text(let needle): plainText(needle)
    case .glob(let glob): QueryText.glob(glob.source, isNegated: isNegated)
    case .fuzzy(let needle): "~" + QueryText.argument(needle.bytes)
    case .expression(let expression):
      "re:/" + String(decoding: expression.source, as: UTF8.self) + "/"
    case .prefix(let prefix): QueryHead.prefix.rawValue + QueryText.argument(prefix)
    case .kind(let kind): QueryHead.type.rawValue + kind.redisName
    case .figure(let term): term.description
    case .unlimited: "ttl:none"
    case .database(let number): QueryHead.database.rawValue + String(number)
    case .tag(let tag): QueryHead.tag.rawValue + QueryText.argument(tag)
    case .codec(let name): QueryHead.codec.rawValue + QueryText.argument(Array(name.utf8))
    case .framework(let name): QueryHead.framework.rawValue + QueryText.argument(Array(name.utf8))
    case .address(let address): QueryHead.address.rawValue + QueryText.argument(address.text)
    case .value(let needle): QueryHead.value.rawValue + valueText(needle)
    }
  }

  /// Bare where a bare word means the same.
  private func plainText(_ needle: Needle) -> String {
    let isSame = Needle(smart: needle.bytes) == needle
    guard isSame, QueryText.isBareWord(needle.bytes, isNegated: isNegated) else {
      return QueryText.quoted(needle.bytes)
    }
    return String(decoding: needle.bytes, as: UTF8.self)
  }

  private func valueText(_ needle: Needle) -> String {
    Needle(smart: needle.bytes) == needle
      ? QueryText.argument(needle.bytes) : QueryText.quoted(needle.bytes)
  }
}

extension FigureTerm: CustomStringConvertible {
  package var description: String {
    figure.rawValue + comparison.rawValue + amountText
  }

  private var amountText: String {
    switch figure {
    case .ttl, .idle: Self.durationText(amount)
    case .size: Self.sizeText(amount)
    case .frequency: String(amount)
    }
  }

  private static func durationText(_ milliseconds: Int64) -> String {
    var rest = milliseconds
    var text = ""
    for (unit, size) in [
      ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]
      as [(String, Int64)] where rest >= size
    {
      text += "\(rest / size)\(unit)"
      rest %= size
    }
    return text.isEmpty ? "0" : text
  }

  /// In the largest unit that says it exactly.
  private static func sizeText(_ bytes: Int64) -> String {
    for (unit, shift) in [("tb", 40), ("gb", 30), ("mb", 20), ("kb", 10)] as [(String, Int64)]
    where bytes > 0 && bytes & (1 << shift - 1) == 0 {
      return "\(bytes >> shift)\(unit)"
    }
    return String(bytes)
  }
}

/// Writes bytes so that they are read again as they are.
enum QueryText {
  /// Behind a head: bare where nothing in it has a meaning.
  static func argument(_ bytes: [UInt8]) -> String {
    guard !bytes.isEmpty, bytes.allSatisfy({ !isBlankOrQuote($0) }),
      let text = String(validating: bytes, as: UTF8.self)
    else { return quoted(bytes) }
    return text
  }

  static func quoted(_ bytes: [UInt8]) -> String {
    "\"" + inner(bytes) + "\""
  }

  private static func inner(_ bytes: [UInt8]) -> String {
    let isText = String(validating: bytes, as: UTF8.self) != nil
    var text: [UInt8] = []
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
      case 0..<0x20, 0x7F: text += escaped(byte)
      case 0x80... where !isText: text += escaped(byte)
      default: text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func escaped(_ byte: UInt8) -> [UInt8] {
    Array("\\x".utf8) + Array((byte < 16 ? "0" : "").utf8) + Array(String(byte, radix: 16).utf8)
  }

  private static func isBlankOrQuote(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte) || byte == UInt8(ascii: "\"")
  }

  /// Whether a bare word is read as a part of the name with these bytes.
  static func isBareWord(_ bytes: [UInt8], isNegated: Bool) -> Bool {
    guard let first = bytes.first, isNegated || first != UInt8(ascii: "!"), !hasHead(bytes) else {
      return false
    }
    return String(validating: bytes, as: UTF8.self) != nil
      && bytes.allSatisfy { !isBlankOrQuote($0) && !"*?[".utf8.contains($0) }
  }

  /// A glob: its first byte in quotes where it would begin something else, and what cannot stand
  /// bare.
  static func glob(_ source: [UInt8], isNegated: Bool) -> String {
    let isText = String(validating: source, as: UTF8.self) != nil
    let isOther = hasHead(source) || !isNegated && source.first == UInt8(ascii: "!")
    var text = ""
    var bare: [UInt8] = []
    for (place, byte) in source.enumerated() {
      let isQuoted = place == 0 && isOther || isBlankOrQuote(byte) || byte >= 0x80 && !isText
      guard isQuoted else {
        bare.append(byte)
        continue
      }
      text += String(decoding: bare, as: UTF8.self) + "\"" + inner([byte]) + "\""
      bare = []
    }
    return text + String(decoding: bare, as: UTF8.self)
  }

  private static func hasHead(_ bytes: [UInt8]) -> Bool {
    let figures = FigureTerm.Figure.allCases.flatMap { figure in
      ["<", ">", "=", ":"].map { figure.rawValue + $0 }
    }
    let heads = figures + QueryHead.allCases.map(\.rawValue) + ["re:", "~"]
    return heads.contains { bytes.starts(with: $0.utf8) }
  }
}
