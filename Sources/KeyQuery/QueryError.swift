/// A text that is not a query: where, what was found and what was expected.
package struct QueryError: Error, Sendable, Hashable {
  package enum Problem: Sendable, Hashable {
    case typeExpected
    case comparisonExpected(FigureTerm.Figure)
    case durationExpected(FigureTerm.Figure)
    case sizeExpected
    case numberExpected
    case numberTooLarge
    case databaseExpected
    case wordExpected(head: String)
    case fuzzyTooLong
    case quoteNotClosed
    case expressionExpected
    case expressionNotClosed
    case blankExpected
    case expression(ExpressionError.Problem, clause: String)
    case tooLong
    case tooManyTerms
  }

  package var problem: Problem
  /// What stands there.
  package var found: String
  /// Characters of the text before the place where it goes wrong.
  package var offset: Int
  /// Whether the text ends where something is still expected: whoever is typing has not finished.
  package var isIncomplete: Bool

  /// One sentence for a person, with an example.
  package var sentence: String {
    let shown = found.count > 40 ? found.prefix(40) + "…" : found[...]
    let what = found.isEmpty ? "it ends here" : "\"\(shown)\" is found"
    return "at character \(offset + 1) \(what), but \(expectation); for example \(example)"
  }

  /// The same for a narrow place.
  package var hint: String {
    "\(isIncomplete ? "" : "at character \(offset + 1) ")\(expectation), as \(example)"
  }

  private var expectation: String {
    switch problem {
    case .typeExpected: "string, hash, list, set, zset or stream is expected"
    case .comparisonExpected(.ttl): "<, <=, >, >=, = and a time, or :none is expected"
    case .comparisonExpected: "<, <=, >, >= or = is expected"
    case .durationExpected: "a time in w, d, h, m, s or ms is expected"
    case .sizeExpected: "a size in b, kb, mb, gb or tb is expected"
    case .numberExpected: "a number is expected"
    case .numberTooLarge: "a smaller number is expected"
    case .databaseExpected: "the number of a database is expected"
    case .wordExpected(let head): "a word is expected behind \(head)"
    case .fuzzyTooLong: "at most \(FuzzyNeedle.longest) bytes are expected behind ~"
    case .quoteNotClosed: "a closing quote is expected"
    case .expressionExpected: "a regular expression between slashes is expected"
    case .expressionNotClosed: "a closing / is expected"
    case .blankExpected: "a blank is expected behind the expression, which takes no flags"
    case .expression(_, let clause): clause
    case .tooLong: "at most \(Query.longestText) bytes are expected"
    case .tooManyTerms: "at most \(Query.mostTerms) terms are expected"
    }
  }

  private var example: String {
    switch problem {
    case .typeExpected: "type:hash"
    case .comparisonExpected(let figure), .durationExpected(let figure): Self.example(of: figure)
    case .sizeExpected: "size>1mb"
    case .numberExpected, .numberTooLarge: "freq<2"
    case .databaseExpected: "db:3"
    case .wordExpected(let head): Self.words[head] ?? head + "word"
    case .fuzzyTooLong: "~usr42"
    case .quoteNotClosed: "\"user[1]\""
    case .expressionExpected, .expressionNotClosed, .blankExpected, .expression: "re:/^user:\\d+$/"
    case .tooLong, .tooManyTerms: "user:* type:hash ttl:none"
    }
  }

  private static func example(of figure: FigureTerm.Figure) -> String {
    switch figure {
    case .ttl: "ttl<60 or ttl:none"
    case .size: "size>1mb"
    case .idle: "idle>1d"
    case .frequency: "freq<2"
    }
  }

  private static let words = [
    "prefix:": "prefix:app:session", "codec:": "codec:json", "fw:": "fw:django",
    "tag:": "tag:news", "url:": "url:https://shop.example/items/", "value:": "value:word",
    "~": "~usr42",
  ]
}
