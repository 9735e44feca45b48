import CacheModel

/// Gives a word its meaning.
struct QueryTermReader {
  let word: QueryWord
  private let text: String
  private let isBeingTyped: Bool

  init(_ word: QueryWord, in text: String, isBeingTyped: Bool) {
    self.word = word
    self.text = text
    self.isBeingTyped = isBeingTyped
  }

  /// Nil for a word that says nothing: a lone `!`, an empty pair of quotes.
  func term() throws(QueryError) -> QueryTerm? {
    if word.ending == .openQuote, !isBeingTyped { throw error(.quoteNotClosed, at: word.end) }
    guard !word.bytes.isEmpty else { return nil }
    return QueryTerm(try condition(), isNegated: word.isNegated)
  }

  // MARK: Errors

  /// An error at a place of the text, in bytes from its beginning.
  func error(_ problem: QueryError.Problem, at place: Int) -> QueryError {
    let bytes = text.utf8
    let start = bytes.index(bytes.startIndex, offsetBy: min(max(0, place), bytes.count))
    let end = bytes.index(bytes.startIndex, offsetBy: min(max(place, word.end), bytes.count))
    let before = String(decoding: bytes[..<start], as: UTF8.self)
    return QueryError(
      problem: problem, found: String(decoding: bytes[start..<end], as: UTF8.self),
      offset: before.count, isIncomplete: start == bytes.endIndex)
  }

  // MARK: Conditions

  private func condition() throws(QueryError) -> QueryTerm.Condition {
    if word.begins(with: "re:") { return .expression(try expression()) }
    if word.begins(with: "~") { return .fuzzy(try fuzzy()) }
    for figure in FigureTerm.Figure.allCases {
      for sign in ["<", ">", "=", ":"] where word.begins(with: figure.rawValue + sign) {
        return try self.figure(figure)
      }
    }
    for head in QueryHead.allCases where word.begins(with: head.rawValue) {
      return try condition(of: head, word.argument(after: head.rawValue))
    }
    if let glob = word.glob { return .glob(glob) }
    return .text(word.hasQuotes ? Needle(exact: word.bytes) : Needle(smart: word.bytes))
  }

  private func condition(
    of head: QueryHead, _ argument: QueryArgument
  ) throws(QueryError) -> QueryTerm.Condition {
    switch head {
    case .type: return .kind(try kind(argument))
    case .database: return .database(try database(argument))
    default: break
    }
    guard !argument.bytes.isEmpty else {
      throw error(.wordExpected(head: head.rawValue), at: argument.offset)
    }
    switch head {
    case .prefix: return .prefix(argument.bytes)
    case .codec: return .codec(argument.text.lowercased())
    case .framework: return .framework(argument.text.lowercased())
    case .tag: return .tag(argument.bytes)
    case .address: return .address(PageAddress(argument.bytes))
    case .value, .type, .database:
      return .value(
        argument.isQuoted ? Needle(exact: argument.bytes) : Needle(smart: argument.bytes))
    }
  }

  private func kind(_ argument: QueryArgument) throws(QueryError) -> ValueKind {
    guard let kind = QueryHead.kinds[argument.text.lowercased()] else {
      throw error(.typeExpected, at: argument.offset)
    }
    return kind
  }

  private func database(_ argument: QueryArgument) throws(QueryError) -> Int {
    guard !argument.bytes.isEmpty, argument.bytes.count <= 9,
      argument.bytes.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(argument.text)
    else { throw error(.databaseExpected, at: argument.offset) }
    return number
  }

  private func fuzzy() throws(QueryError) -> FuzzyNeedle {
    let argument = word.argument(after: "~")
    guard !argument.bytes.isEmpty else {
      throw error(.wordExpected(head: "~"), at: argument.offset)
    }
    guard argument.bytes.count <= FuzzyNeedle.longest else {
      throw error(.fuzzyTooLong, at: argument.offset)
    }
    return FuzzyNeedle(argument.bytes)
  }

  private func expression() throws(QueryError) -> ByteExpression {
    let argument = word.argument(after: "re:")
    guard argument.bytes.first == UInt8(ascii: "/") else {
      throw error(.expressionExpected, at: argument.offset)
    }
    switch word.ending {
    case .expressionGoesOn(let place): throw error(.blankExpected, at: place)
    case .openExpression where !isBeingTyped: throw error(.expressionNotClosed, at: word.end)
    default: break
    }
    let isOpen = word.ending == .openExpression
    let source = Array(argument.bytes.dropFirst().dropLast(isOpen ? 0 : 1))
    guard !source.isEmpty else { throw error(.expressionExpected, at: argument.offset + 1) }
    do throws(ExpressionError) {
      return try ByteExpression(source)
    } catch {
      var wrong = self.error(
        .expression(error.problem, clause: error.clause), at: argument.offset + 1 + error.offset)
      // More letters may mend it.
      wrong.isIncomplete = isOpen
      throw wrong
    }
  }
}
