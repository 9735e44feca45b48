import KeyPattern

/// A regular expression as it was written.
indirect enum ExpressionTree: Sendable, Hashable {
  case bytes([UInt8])
  case oneOf(ByteClass)
  case place(ExpressionPlace)
  case sequence([ExpressionTree])
  case choice([ExpressionTree])
  /// At most without end when there is no `most`.
  case repeated(ExpressionTree, least: Int, most: Int?)

  /// Bytes with which everything that matches must begin; empty when there are none for sure.
  var requiredPrefix: [UInt8] {
    guard case .sequence(let parts) = self, parts.first == .place(.start) else { return [] }
    var prefix: [UInt8] = []
    for part in parts.dropFirst() {
      guard case .bytes(let bytes) = part else { break }
      prefix += bytes
    }
    return prefix
  }
}

/// A condition on a place between two bytes.
enum ExpressionPlace: Sendable, Hashable {
  case start
  case end
  /// Between a letter, digit or `_` and something else.
  case wordEdge
  case noWordEdge

  func holds(at position: Int, in text: ArraySlice<UInt8>) -> Bool {
    switch self {
    case .start: position == text.startIndex
    case .end: position == text.endIndex
    case .wordEdge: Self.isWordEdge(position, text)
    case .noWordEdge: !Self.isWordEdge(position, text)
    }
  }

  private static func isWordEdge(_ position: Int, _ text: ArraySlice<UInt8>) -> Bool {
    let before = position > text.startIndex && ByteClass.word.contains(text[position - 1])
    let after = position < text.endIndex && ByteClass.word.contains(text[position])
    return before != after
  }
}

extension ByteClass {
  /// All bytes from one to another, by their numbers.
  init(_ range: ClosedRange<UInt8>) {
    self.init()
    for byte in range { insert(byte) }
  }

  init(_ byte: UInt8) {
    self.init(byte...byte)
  }

  static let digits = ByteClass(0x30...0x39)

  /// ASCII letters, digits and `_`.
  static let word: ByteClass = {
    var word = digits
    word.formUnion(ByteClass(0x41...0x5A))
    word.formUnion(ByteClass(0x61...0x7A))
    word.insert(UInt8(ascii: "_"))
    return word
  }()

  /// Blank, tab, the ends of lines and pages.
  static let blanks: ByteClass = {
    var blanks = ByteClass(0x09...0x0D)
    blanks.insert(0x20)
    return blanks
  }()

  static let all = ByteClass().inverted
}
