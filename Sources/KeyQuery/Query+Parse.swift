extension Query {
  /// A longer text is refused.
  package static let longestText = 8192
  static let mostTerms = 100

  /// Reads a query. An empty text lets every key pass.
  package init(_ text: String) throws(QueryError) {
    self.init(try Self.parse(text, isBeingTyped: false))
  }

  /// Reads a text that is still being typed: a quote or an expression may be open, and a last term
  /// that is not finished yet does not count. What is missing or wrong is told beside the terms.
  package static func typed(_ text: String) -> (query: Query?, error: QueryError?) {
    do throws(QueryError) {
      return (Query(try parse(text, isBeingTyped: true)), nil)
    } catch {
      guard error.isIncomplete else { return (nil, error) }
      let words = QueryWordReader.words(of: text).dropLast()
      let whole = try? words.compactMap { word throws(QueryError) in
        try QueryTermReader(word, in: text, isBeingTyped: true).term()
      }
      return (whole.map { Query($0) }, error)
    }
  }

  private static func parse(
    _ text: String, isBeingTyped: Bool
  ) throws(QueryError) -> [QueryTerm] {
    guard text.utf8.count <= longestText else {
      throw QueryError(problem: .tooLong, found: text, offset: 0, isIncomplete: false)
    }
    var terms: [QueryTerm] = []
    for word in QueryWordReader.words(of: text) {
      let reader = QueryTermReader(word, in: text, isBeingTyped: isBeingTyped)
      if let term = try reader.term() { terms.append(term) }
      if terms.count > mostTerms { throw reader.error(.tooManyTerms, at: word.start) }
    }
    return terms
  }
}
