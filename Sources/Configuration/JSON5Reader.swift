/// Reads a text in the part of JSON5 that people write configurations in, and remembers where
/// everything stands.
///
/// JSON, and besides: comments (`// …` and `/* … */`), commas behind the last element, names without
/// quotes (which may hold `-` too), texts in single quotes, hexadecimal numbers, a leading `+` or
/// decimal point, and lines continued within a text by `\`. A name that stands twice in an object is
/// an error, because one of the two would be without effect. Infinity and NaN are not numbers here.
///
/// The time is linear, the depth bounded, and no text traps: what is wrong is a `JSON5SyntaxError`.
package struct JSON5Reader {
  package static let depthLimit = 32

  private var rest: Substring.UnicodeScalarView
  private(set) var position = TextPosition(line: 1, column: 1)
  private var depth = 0

  /// Reads a whole text: one value, blanks and comments around it.
  package static func read(_ text: String) throws(JSON5SyntaxError) -> JSON5Node {
    var reader = JSON5Reader(rest: text[...].unicodeScalars)
    if reader.next == "\u{FEFF}" { reader.rest.removeFirst() }
    try reader.skipBlanks()
    let node = try reader.value()
    try reader.skipBlanks()
    guard let more = reader.next else { return node }
    throw reader.error("\(Self.shown(more)) stands behind the end of the whole")
  }

  private init(rest: Substring.UnicodeScalarView) {
    self.rest = rest
  }

  var next: Unicode.Scalar? { rest.first }

  func error(_ words: String) -> JSON5SyntaxError { JSON5SyntaxError(words, at: position) }

  /// Takes one code point and moves on; a line ends with LF, CR LF or CR.
  @discardableResult
  mutating func take() -> Unicode.Scalar? {
    guard let scalar = rest.popFirst() else { return nil }
    if scalar == "\n" || (scalar == "\r" && rest.first != "\n") {
      position = TextPosition(line: position.line + 1, column: 1)
    } else if scalar != "\r" {
      position.column += 1
    }
    return scalar
  }

  mutating func take(_ expected: Unicode.Scalar) -> Bool {
    guard next == expected else { return false }
    take()
    return true
  }

  // MARK: Blanks and comments

  mutating func skipBlanks() throws(JSON5SyntaxError) {
    while let scalar = next {
      if scalar == "/" {
        try skipComment()
      } else if scalar.properties.isWhitespace || scalar == "\u{FEFF}" {
        take()
      } else {
        return
      }
    }
  }

  private mutating func skipComment() throws(JSON5SyntaxError) {
    let start = position
    take()
    switch take() {
    case "/":
      while let scalar = next, scalar != "\n", scalar != "\r" { take() }
    case "*":
      var last: Unicode.Scalar?
      while let scalar = take() {
        if last == "*", scalar == "/" { return }
        last = scalar
      }
      throw JSON5SyntaxError("this comment has no end; it ends with */", at: start)
    default:
      throw JSON5SyntaxError("/ begins no comment; // and /* do", at: start)
    }
  }

  // MARK: Values

  private mutating func value() throws(JSON5SyntaxError) -> JSON5Node {
    let start = position
    guard let scalar = next else { throw error("the text ends where a value is expected") }
    switch scalar {
    case "{": return JSON5Node(.object(try members()), at: start)
    case "[": return JSON5Node(.array(try elements()), at: start)
    case "\"", "'": return JSON5Node(.string(try quoted()), at: start)
    case "+", "-", ".", "0"..."9": return JSON5Node(.number(try number()), at: start)
    default: return JSON5Node(try word(), at: start)
    }
  }

  /// Enters an array or an object.
  private mutating func enter() throws(JSON5SyntaxError) {
    guard depth < Self.depthLimit else { throw error("nested deeper than \(Self.depthLimit)") }
    depth += 1
    take()
  }

  /// Leaves it when its end stands here.
  private mutating func leave(at end: Unicode.Scalar) -> Bool {
    guard take(end) else { return false }
    depth -= 1
    return true
  }

  private mutating func elements() throws(JSON5SyntaxError) -> [JSON5Node] {
    var elements: [JSON5Node] = []
    try enter()
    while true {
      try skipBlanks()
      if leave(at: "]") { return elements }
      elements.append(try value())
      try separator(orEnd: "]")
    }
  }

  private mutating func members() throws(JSON5SyntaxError) -> [JSON5Member] {
    var members: [JSON5Member] = []
    var names: Set<String> = []
    try enter()
    while true {
      try skipBlanks()
      if leave(at: "}") { return members }
      let start = position
      let name = try name()
      guard names.insert(name).inserted else {
        throw JSON5SyntaxError("\(Self.shown(name)) stands twice in this object", at: start)
      }
      try skipBlanks()
      guard take(":") else { throw error("expected : behind the name \(Self.shown(name))") }
      try skipBlanks()
      members.append(JSON5Member(name: name, position: start, node: try value()))
      try separator(orEnd: "}")
    }
  }

  /// A comma, or the end, which is left for the caller.
  private mutating func separator(orEnd end: Unicode.Scalar) throws(JSON5SyntaxError) {
    try skipBlanks()
    guard !take(","), next != end else { return }
    guard let scalar = next else { throw error("the text ends before \(end)") }
    throw error("expected , or \(end), and found \(Self.shown(scalar))")
  }

  private mutating func word() throws(JSON5SyntaxError) -> JSON5Node.Value {
    let start = position
    let word = takeWord()
    switch word {
    case "true": return .flag(true)
    case "false": return .flag(false)
    case "null": return .null
    case "": throw error("expected a value, and found \(next.map(Self.shown) ?? "nothing")")
    default:
      throw JSON5SyntaxError("\(Self.shown(word)) is no value; a text stands in quotes", at: start)
    }
  }

  private mutating func name() throws(JSON5SyntaxError) -> String {
    if next == "\"" || next == "'" { return try quoted() }
    let word = takeWord()
    guard !word.isEmpty else {
      guard let scalar = next else { throw error("the text ends before }") }
      throw error("expected a name or }, and found \(Self.shown(scalar))")
    }
    return word
  }

  mutating func takeWord() -> String {
    var word = String.UnicodeScalarView()
    while let scalar = next, Self.isWordScalar(scalar) {
      word.append(scalar)
      take()
    }
    return String(word)
  }

  static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar == "$" || scalar == "-" || scalar.properties.isAlphabetic
      || scalar.properties.numericType != nil
  }

  /// How a part of the text looks within a message: short, and safe, as `debugDescription` quotes.
  static func shown(_ text: String) -> String {
    String(text.prefix(40)).debugDescription
  }

  static func shown(_ scalar: Unicode.Scalar) -> String {
    shown(String(Character(scalar)))
  }
}
