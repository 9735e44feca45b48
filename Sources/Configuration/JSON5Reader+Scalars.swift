extension JSON5Reader {
  /// A text in double or single quotes.
  mutating func quoted() throws(JSON5SyntaxError) -> String {
    let start = position
    let quote = take()
    var text = String.UnicodeScalarView()
    while let scalar = next {
      if scalar == "\n" || scalar == "\r" { break }
      let place = position
      take()
      if scalar == quote { return String(text) }
      if scalar == "\\" {
        if let meant = try escape(from: place) { text.append(meant) }
      } else {
        text.append(scalar)
      }
    }
    throw JSON5SyntaxError("this text has no end; it ends with the quote it begins with", at: start)
  }

  /// What stands behind a backslash; nil for the end of a line, which is left out.
  private mutating func escape(
    from start: TextPosition
  ) throws(JSON5SyntaxError) -> Unicode.Scalar? {
    guard let kind = take() else { throw error("the text ends behind \\") }
    switch kind {
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "v": return "\u{B}"
    case "0": return "\0"
    case "x": return try escaped(digits: 2, from: start)
    case "u": return try unicodeEscape(from: start)
    case "\n": return nil
    case "\r":
      _ = take("\n")
      return nil
    case "1"..."9": throw JSON5SyntaxError("\\ stands before a digit other than 0", at: start)
    default: return kind
    }
  }

  private mutating func unicodeEscape(
    from start: TextPosition
  ) throws(JSON5SyntaxError) -> Unicode.Scalar {
    let first = try hexadecimal(digits: 4, from: start)
    guard (0xD800...0xDBFF).contains(first), take("\\"), take("u") else {
      return try scalar(first, start)
    }
    let second = try hexadecimal(digits: 4, from: start)
    guard (0xDC00...0xDFFF).contains(second) else { return try scalar(first, start) }
    return try scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), start)
  }

  private mutating func escaped(
    digits: Int, from start: TextPosition
  ) throws(JSON5SyntaxError) -> Unicode.Scalar {
    try scalar(try hexadecimal(digits: digits, from: start), start)
  }

  private func scalar(
    _ value: UInt32, _ start: TextPosition
  ) throws(JSON5SyntaxError) -> Unicode.Scalar {
    guard let scalar = Unicode.Scalar(value) else {
      throw JSON5SyntaxError("this escape is half of a pair", at: start)
    }
    return scalar
  }

  private mutating func hexadecimal(
    digits: Int, from start: TextPosition
  ) throws(JSON5SyntaxError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = next.flatMap(Self.hexadecimal) else {
        throw JSON5SyntaxError("this escape needs \(digits) hexadecimal digits", at: start)
      }
      value = value << 4 | digit
      take()
    }
    return value
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> UInt32? {
    switch scalar {
    case "0"..."9": scalar.value - 0x30
    case "a"..."f": scalar.value - 0x61 + 10
    case "A"..."F": scalar.value - 0x41 + 10
    default: nil
    }
  }

  /// A number as it is written, without a leading `+`: decimal, or hexadecimal with `0x`.
  mutating func number() throws(JSON5SyntaxError) -> String {
    let start = position
    var text = ""
    if take("-") { text = "-" } else { _ = take("+") }
    while let scalar = next, Self.isNumberScalar(scalar, behind: text.last) {
      text.unicodeScalars.append(scalar)
      take()
    }
    guard Self.isNumber(text), next.map(Self.isWordScalar) != true else {
      throw JSON5SyntaxError("this is no number", at: start)
    }
    return text
  }

  private static func isNumberScalar(_ scalar: Unicode.Scalar, behind last: Character?) -> Bool {
    switch scalar {
    case "0"..."9", "a"..."f", "A"..."F", "x", "X", ".": true
    case "+", "-": last == "e" || last == "E"
    default: false
    }
  }

  private static func isNumber(_ text: String) -> Bool {
    let digits = text.first == "-" ? text.dropFirst() : text[...]
    guard digits.utf8.count <= 60 else { return false }
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      let rest = digits.dropFirst(2)
      return !rest.isEmpty && rest.allSatisfy { $0.isASCII && $0.isHexDigit }
    }
    let hasZeroAhead = digits.first == "0" && digits.dropFirst().first?.isNumber == true
    return !hasZeroAhead && Double(digits) != nil && digits.first?.isLetter != true
  }
}
