import KeyPattern

/// A word of a query's text, before its meaning.
struct QueryWord: Sendable, Hashable {
  /// Whether something that was opened is still open, or goes on where nothing may.
  enum Ending: Sendable, Hashable {
    case complete
    case openQuote
    case openExpression
    /// Something stands behind the last slash of an expression, at this place of the text.
    case expressionGoesOn(at: Int)
  }

  var isNegated = false
  var bytes: [UInt8] = []
  /// For each byte where it stands in the text.
  var places: [Int] = []
  /// For each byte whether it stood in quotes and so means itself.
  var isQuoted: [Bool] = []
  /// Where the word begins in the text, behind its `!`, and where it ends.
  var start: Int
  var end: Int
  var ending = Ending.complete
  var hasQuotes = false

  init(start: Int) {
    self.start = start
    end = start
  }

  mutating func append(_ byte: UInt8, at place: Int, isQuoted: Bool) {
    bytes.append(byte)
    places.append(place)
    self.isQuoted.append(isQuoted)
  }

  /// Whether the word begins with this text, outside of quotes.
  func begins(with head: String) -> Bool {
    bytes.starts(with: head.utf8) && !isQuoted.prefix(head.utf8.count).contains(true)
  }

  /// What follows a head: its bytes, where they begin in the text, and whether all are unquoted.
  func argument(after head: String) -> QueryArgument {
    let count = head.utf8.count
    return QueryArgument(
      bytes: Array(bytes.dropFirst(count)), isQuoted: isQuoted.dropFirst(count).contains(true),
      offset: places.dropFirst(count).first ?? end)
  }

  /// The bytes as a glob in which what stood in quotes means itself; nil when nothing else does.
  var glob: GlobPattern? {
    let hasMeaning = zip(bytes, isQuoted).contains { "*?[".utf8.contains($0) && !$1 }
    guard hasMeaning else { return nil }
    return GlobPattern(zip(bytes, isQuoted).flatMap { $1 ? GlobPattern.escape([$0]) : [$0] })
  }
}

/// What stands behind a head.
struct QueryArgument: Sendable, Hashable {
  var bytes: [UInt8]
  var isQuoted: Bool
  /// Bytes of the text before it.
  var offset: Int

  var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Cuts a text at the blanks outside of quotes and expressions.
struct QueryWordReader {
  private let text: [UInt8]
  private var position = 0

  static func words(of text: String) -> [QueryWord] {
    var reader = QueryWordReader(text: Array(text.utf8))
    var words: [QueryWord] = []
    while let word = reader.next() { words.append(word) }
    return words
  }

  private init(text: [UInt8]) {
    self.text = text
  }

  private var byte: UInt8? { position < text.count ? text[position] : nil }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private mutating func next() -> QueryWord? {
    while let byte, Self.isBlank(byte) { position += 1 }
    guard byte != nil else { return nil }
    let isNegated = byte == UInt8(ascii: "!")
    if isNegated { position += 1 }
    var word = QueryWord(start: position)
    word.isNegated = isNegated
    if text[position...].starts(with: "re:/".utf8) {
      readExpression(&word)
    } else {
      while let byte, !Self.isBlank(byte), word.ending == .complete { read(byte, &word) }
    }
    word.end = position
    return word
  }

  private mutating func read(_ byte: UInt8, _ word: inout QueryWord) {
    guard byte == UInt8(ascii: "\"") else {
      word.append(byte, at: position, isQuoted: false)
      position += 1
      return
    }
    word.hasQuotes = true
    position += 1
    while let byte = self.byte, byte != UInt8(ascii: "\"") {
      let place = position
      word.append(quotedByte(byte), at: place, isQuoted: true)
    }
    if self.byte == nil { word.ending = .openQuote } else { position += 1 }
  }

  /// One byte within quotes: `\"`, `\\` and `\xHH` stand for one; any other backslash for itself.
  private mutating func quotedByte(_ byte: UInt8) -> UInt8 {
    position += 1
    guard byte == UInt8(ascii: "\\"), let next = self.byte else { return byte }
    if next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") {
      position += 1
      return next
    }
    let digits = text[position...].prefix(3).dropFirst()
    guard next == UInt8(ascii: "x"), digits.count == 2, digits.allSatisfy({ $0 < 0x80 }),
      let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    else { return byte }
    position += 3
    return value
  }

  /// `re:/…/`, with `\/` for a slash.
  private mutating func readExpression(_ word: inout QueryWord) {
    var slashes = 0
    while let byte {
      word.append(byte, at: position, isQuoted: false)
      position += 1
      if byte == UInt8(ascii: "/") { slashes += 1 }
      if slashes == 2 { break }
      guard byte == UInt8(ascii: "\\"), let escaped = self.byte else { continue }
      word.append(escaped, at: position, isQuoted: false)
      position += 1
    }
    guard slashes == 2 else {
      word.ending = .openExpression
      return
    }
    guard let byte, !Self.isBlank(byte) else { return }
    word.ending = .expressionGoesOn(at: position)
    while let byte = self.byte, !Self.isBlank(byte) { position += 1 }
  }
}
