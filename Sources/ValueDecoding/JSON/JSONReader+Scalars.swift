extension JSONReader {
  /// Takes a string, a number or a word.
  mutating func scalar(_ byte: UInt8) throws(JSONSyntaxError) -> JSONEvent {
    switch byte {
    case UInt8(ascii: "\""): return .string(try takeString())
    case UInt8(ascii: "t"): return .literal(try takeWord("true"))
    case UInt8(ascii: "f"): return .literal(try takeWord("false"))
    case UInt8(ascii: "n"): return .literal(try takeWord("null"))
    case UInt8(ascii: "N"): return .number(try takeWord("NaN"))
    case UInt8(ascii: "I"): return .number(try takeWord("Infinity"))
    case UInt8(ascii: "-") where bytes.element(at: position + 1) == UInt8(ascii: "I"):
      return .number(try takeWord("-Infinity"))
    case UInt8(ascii: "-"), 0x30...0x39: return .number(try takeNumber())
    default: throw error(.unexpectedByte)
    }
  }

  /// Takes a string with its quotes; control characters must be escaped in it.
  mutating func takeString() throws(JSONSyntaxError) -> Range<Int> {
    let start = position
    var index = position + 1
    while let byte = bytes.element(at: index) {
      switch byte {
      case UInt8(ascii: "\""):
        advance(to: index + 1)
        return start..<(index + 1)
      case UInt8(ascii: "\\"): index = try skipEscape(index)
      case 0..<0x20:
        advance(to: index)
        throw error(.unexpectedByte)
      default: index += 1
      }
    }
    advance(to: index)
    throw error(.unexpectedEnd)
  }

  private mutating func skipEscape(_ start: Int) throws(JSONSyntaxError) -> Int {
    guard let kind = bytes.element(at: start + 1) else {
      advance(to: bytes.count)
      throw error(.unexpectedEnd)
    }
    let length: Int
    switch kind {
    case UInt8(ascii: "u"): length = 6
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      length = 2
    default:
      advance(to: start)
      throw error(.badEscape)
    }
    for index in (start + 2)..<(start + length) {
      guard let digit = bytes.element(at: index) else {
        advance(to: bytes.count)
        throw error(.unexpectedEnd)
      }
      guard JSONText.hexadecimal(digit) != nil else {
        advance(to: start)
        throw error(.badEscape)
      }
    }
    return start + length
  }

  private mutating func takeWord(_ word: StaticString) throws(JSONSyntaxError) -> Range<Int> {
    let start = position
    for (distance, expected) in word.description.utf8.enumerated() {
      guard let byte = bytes.element(at: start + distance) else {
        advance(to: bytes.count)
        throw error(.unexpectedEnd)
      }
      guard byte == expected else { throw error(.unexpectedByte) }
    }
    advance(to: start + word.utf8CodeUnitCount)
    return start..<position
  }

  /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
  private mutating func takeNumber() throws(JSONSyntaxError) -> Range<Int> {
    let start = position
    var index = position
    if bytes.element(at: index) == UInt8(ascii: "-") { index += 1 }
    let firstDigit = index
    index = skipDigits(index)
    var isComplete = index > firstDigit
    let hasZeroAhead = bytes.element(at: firstDigit) == 0x30 && index - firstDigit > 1
    if isComplete, bytes.element(at: index) == UInt8(ascii: ".") {
      let end = skipDigits(index + 1)
      isComplete = end > index + 1
      index = end
    }
    if isComplete, let mark = bytes.element(at: index), mark | 0x20 == UInt8(ascii: "e") {
      index += 1
      if let sign = bytes.element(at: index), sign == 0x2B || sign == 0x2D { index += 1 }
      let end = skipDigits(index)
      isComplete = end > index
      index = end
    }
    guard isComplete, !hasZeroAhead else {
      let isAtEnd = index >= bytes.count && !hasZeroAhead
      advance(to: isAtEnd ? bytes.count : start)
      throw error(isAtEnd ? .unexpectedEnd : .badNumber)
    }
    advance(to: index)
    return start..<index
  }

  private func skipDigits(_ start: Int) -> Int {
    var index = start
    while let byte = bytes.element(at: index), byte >= 0x30, byte <= 0x39 { index += 1 }
    return index
  }
}
