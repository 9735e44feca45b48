import KeyPattern

/// Reads a regular expression. What it does not know is an error and never taken as text.
struct ExpressionParser {
  static let deepestNesting = 40
  static let mostRepetitions = 1000

  private let source: [UInt8]
  private var position = 0
  private var depth = 0

  /// - Throws: at the place where the text stops being an expression.
  static func parse(_ source: [UInt8]) throws(ExpressionError) -> ExpressionTree {
    var parser = ExpressionParser(source: source)
    let tree = try parser.choice()
    guard parser.position == source.count else {
      throw ExpressionError(.groupNotOpened, at: parser.position)
    }
    return tree
  }

  private init(source: [UInt8]) {
    self.source = source
  }

  // MARK: Reading

  private var next: UInt8? {
    position < source.count ? source[position] : nil
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  /// The bytes of one character in UTF-8, or the single byte when it begins none.
  private mutating func character() -> [UInt8] {
    guard let first = next else { return [] }
    let count =
      switch first {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    let end = min(source.count, position + count)
    let bytes = Array(source[position..<end])
    let isWhole = bytes.count == count && bytes.dropFirst().allSatisfy { $0 & 0xC0 == 0x80 }
    position += isWhole ? count : 1
    return isWhole ? bytes : [first]
  }

  // MARK: Parts

  private mutating func choice() throws(ExpressionError) -> ExpressionTree {
    var branches = [try sequence()]
    while take(UInt8(ascii: "|")) { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(ExpressionError) -> ExpressionTree {
    var parts: [ExpressionTree] = []
    while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      let start = position
      let atom = try atom()
      parts.append(try repeated(atom, from: start))
    }
    return .sequence(parts)
  }

  private mutating func atom() throws(ExpressionError) -> ExpressionTree {
    let start = position
    guard let byte = next else { return .sequence([]) }
    switch byte {
    case UInt8(ascii: "("): return try group()
    case UInt8(ascii: "["): return try byteClass()
    case UInt8(ascii: "\\"): return try escape()
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
      throw ExpressionError(
        byte == UInt8(ascii: "{") ? .badRepetition : .nothingToRepeat, at: start)
    case UInt8(ascii: "."):
      position += 1
      return .oneOf(.all)
    case UInt8(ascii: "^"):
      position += 1
      return .place(.start)
    case UInt8(ascii: "$"):
      position += 1
      return .place(.end)
    default: return .bytes(character())
    }
  }

  private mutating func group() throws(ExpressionError) -> ExpressionTree {
    let start = position
    position += 1
    if take(UInt8(ascii: "?")) {
      guard take(UInt8(ascii: ":")) else { throw ExpressionError(.unknownGroup, at: start) }
    }
    depth += 1
    guard depth <= Self.deepestNesting else { throw ExpressionError(.tooDeep, at: start) }
    let tree = try choice()
    depth -= 1
    guard take(UInt8(ascii: ")")) else { throw ExpressionError(.groupNotClosed, at: start) }
    return tree
  }

  // MARK: Repetition

  private mutating func repeated(
    _ atom: ExpressionTree, from start: Int
  ) throws(ExpressionError) -> ExpressionTree {
    let sign = position
    let least: Int
    let most: Int?
    switch next {
    case UInt8(ascii: "*"): (least, most) = (0, nil)
    case UInt8(ascii: "+"): (least, most) = (1, nil)
    case UInt8(ascii: "?"): (least, most) = (0, 1)
    case UInt8(ascii: "{"): (least, most) = try counts()
    default: return atom
    }
    if source[sign] != UInt8(ascii: "{") { position += 1 }
    // A lazy sign changes what is found first, not whether something is.
    _ = take(UInt8(ascii: "?"))
    if let byte = next, "*+?{".utf8.contains(byte) {
      throw ExpressionError(.nothingToRepeat, at: position)
    }
    return .repeated(atom, least: least, most: most)
  }

  private mutating func counts() throws(ExpressionError) -> (Int, Int?) {
    let start = position
    position += 1
    guard let least = try number(from: start) else {
      throw ExpressionError(.badRepetition, at: start)
    }
    var most: Int? = least
    if take(UInt8(ascii: ",")) { most = try number(from: start) }
    guard take(UInt8(ascii: "}")), most.map({ $0 >= least }) ?? true else {
      throw ExpressionError(.badRepetition, at: start)
    }
    return (least, most)
  }

  private mutating func number(from start: Int) throws(ExpressionError) -> Int? {
    var number: Int?
    while let byte = next, ByteClass.digits.contains(byte) {
      number = (number ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
      guard (number ?? 0) <= Self.mostRepetitions else {
        throw ExpressionError(.repetitionTooLarge, at: start)
      }
      position += 1
    }
    return number
  }

  // MARK: Escapes and classes

  private mutating func escape() throws(ExpressionError) -> ExpressionTree {
    let start = position
    position += 1
    guard let byte = next else { throw ExpressionError(.loneBackslash, at: start) }
    switch byte {
    case UInt8(ascii: "b"):
      position += 1
      return .place(.wordEdge)
    case UInt8(ascii: "B"):
      position += 1
      return .place(.noWordEdge)
    default: break
    }
    let members = try escaped(from: start)
    return members.single.map { .bytes([$0]) } ?? .oneOf(members.set)
  }

  /// What an escape stands for; the position is behind its backslash.
  private mutating func escaped(
    from start: Int
  ) throws(ExpressionError) -> (set: ByteClass, single: UInt8?) {
    guard let byte = next else { throw ExpressionError(.loneBackslash, at: start) }
    position += 1
    func one(_ byte: UInt8) -> (ByteClass, UInt8?) { (ByteClass(byte), byte) }
    switch byte {
    case UInt8(ascii: "d"): return (.digits, nil)
    case UInt8(ascii: "D"): return (ByteClass.digits.inverted, nil)
    case UInt8(ascii: "w"): return (.word, nil)
    case UInt8(ascii: "W"): return (ByteClass.word.inverted, nil)
    case UInt8(ascii: "s"): return (.blanks, nil)
    case UInt8(ascii: "S"): return (ByteClass.blanks.inverted, nil)
    case UInt8(ascii: "n"): return one(0x0A)
    case UInt8(ascii: "r"): return one(0x0D)
    case UInt8(ascii: "t"): return one(0x09)
    case UInt8(ascii: "x"): return one(try hexByte(from: start))
    case UInt8(ascii: "1")...UInt8(ascii: "9"): throw ExpressionError(.backreference, at: start)
    default:
      guard !ByteClass.word.contains(byte), byte < 0x80 else {
        throw ExpressionError(
          .unknownEscape(byte < 0x80 ? String(UnicodeScalar(byte)) : "…"), at: start)
      }
      return one(byte)
    }
  }

  private mutating func hexByte(from start: Int) throws(ExpressionError) -> UInt8 {
    let digits = source[position...].prefix(2)
    guard digits.count == 2, let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw ExpressionError(.unknownEscape("x"), at: start) }
    position += 2
    return byte
  }

  private mutating func byteClass() throws(ExpressionError) -> ExpressionTree {
    let start = position
    position += 1
    let isNegated = take(UInt8(ascii: "^"))
    var members = ByteClass()
    var isEmpty = true
    while let byte = next, byte != UInt8(ascii: "]") {
      isEmpty = false
      members.formUnion(try member())
    }
    guard take(UInt8(ascii: "]")) else { throw ExpressionError(.classNotClosed, at: start) }
    guard !isEmpty else { throw ExpressionError(.emptyClass, at: start) }
    return .oneOf(isNegated ? members.inverted : members)
  }

  /// One member of a class, or a range.
  private mutating func member() throws(ExpressionError) -> ByteClass {
    let start = position
    let (set, first) = try classByte()
    guard let first, next == UInt8(ascii: "-"), position + 1 < source.count,
      source[position + 1] != UInt8(ascii: "]")
    else { return set }
    position += 1
    guard let last = try classByte().single, first <= last else {
      throw ExpressionError(.rangeBackwards, at: start)
    }
    return ByteClass(first...last)
  }

  private mutating func classByte() throws(ExpressionError) -> (set: ByteClass, single: UInt8?) {
    let start = position
    if take(UInt8(ascii: "\\")) { return try escaped(from: start) }
    let bytes = character()
    guard bytes.count == 1, let byte = bytes.first else {
      throw ExpressionError(.wideClass, at: start)
    }
    return (ByteClass(byte), byte)
  }
}
