extension PickleReader {
  mutating func pushFloatLine() throws(DecodingFailure) {
    let text = String(decoding: bytes[try line()], as: UTF8.self)
    guard let value = Self.double(text) else { throw .pickleBadValue }
    push(.double(value))
  }

  /// As Python writes floats: no hexadecimal ones.
  private static func double(_ text: String) -> Double? {
    let plain = text.utf8.allSatisfy { byte in
      byte >= 0x30 && byte <= 0x39 || "+-.eE".utf8.contains(byte)
    }
    let words = ["nan", "inf", "infinity"]
    guard plain || words.contains(text.lowercased().filter { $0 != "-" && $0 != "+" }) else {
      return nil
    }
    return Double(text)
  }

  /// INT: `00` and `01` are False and True.
  mutating func pushIntegerLine() throws(DecodingFailure) {
    let line = try line()
    switch Array(bytes[line]) {
    case [0x30, 0x30]: stack.append(falseID)
    case [0x30, 0x31]: stack.append(trueID)
    default: try pushDecimal(line)
    }
  }

  /// LONG: decimal digits, with an `L` behind them or not.
  mutating func pushLongLine() throws(DecodingFailure) {
    let line = try line()
    let hasMark = !line.isEmpty && bytes[line.upperBound - 1] == UInt8(ascii: "L")
    try pushDecimal(line.lowerBound..<(line.upperBound - (hasMark ? 1 : 0)))
  }

  private mutating func pushDecimal(_ range: Range<Int>) throws(DecodingFailure) {
    guard let node = tree.integer(decimal: bytes[range]) else { throw .pickleBadValue }
    push(node)
  }

  /// The index of a memo line.
  mutating func indexLine() throws(DecodingFailure) -> UInt64 {
    let digits = bytes[try line()]
    guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      let index = UInt64(String(decoding: digits, as: UTF8.self))
    else { throw .pickleBadValue }
    return index
  }

  /// LONG1 and LONG4: two's complement, the lowest byte first.
  mutating func pushLong(_ range: Range<Int>) {
    var end = range.upperBound
    // Bytes that only repeat the sign say nothing.
    while end - range.lowerBound > 8, end >= 2,
      bytes[end - 1] == (bytes[end - 2] & 0x80 == 0 ? 0 : 0xFF)
    { end -= 1 }
    guard end - range.lowerBound <= 8 else {
      return push(.longInteger(span(range.lowerBound..<end)))
    }
    var value: UInt64 = end > range.lowerBound && bytes[end - 1] & 0x80 != 0 ? ~0 : 0
    for index in (range.lowerBound..<end).reversed() { value = value << 8 | UInt64(bytes[index]) }
    push(.integer(Int64(bitPattern: value)))
  }

  /// UTF-8 in which halves of surrogate pairs may stand alone.
  mutating func pushText(_ range: Range<Int>) throws(DecodingFailure) {
    guard UTF8Check.isValid(bytes, range, allowsSurrogates: true) else { throw .pickleBadValue }
    push(.text(span(range)))
  }

  /// A string of Python 2: text where it is UTF-8.
  mutating func pushOldString(_ range: Range<Int>) {
    let isText = UTF8Check.isValid(bytes, range, allowsSurrogates: false)
    push(isText ? .text(span(range)) : .bytes(span(range)))
  }

  mutating func pushPersistentLine() throws(DecodingFailure) {
    try pushText(try line())
    push(.persistentID(try pop()))
  }

  /// STRING: a literal of Python 2 with its quotes.
  mutating func pushStringLine() throws(DecodingFailure) {
    let literal = bytes[try line()]
    guard literal.count >= 2, let quote = literal.first, quote == literal.last,
      quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
      let content = PythonText.unescaped(literal.dropFirst().dropLast())
    else { throw .pickleBadValue }
    let isText = UTF8Check.isValid(content, content.indices, allowsSurrogates: false)
    let span = tree.keep(content)
    push(isText ? .text(span) : .bytes(span))
  }

  /// UNICODE: Latin-1 with `\u` and `\U`.
  mutating func pushUnicodeLine() throws(DecodingFailure) {
    let line = try line()
    guard bytes[line].contains(where: { $0 >= 0x80 || $0 == UInt8(ascii: "\\") }) else {
      return push(.text(span(line)))
    }
    guard let text = PythonText.rawUnicode(bytes[line]) else { throw .pickleBadValue }
    push(.text(tree.keep(text)))
  }
}
