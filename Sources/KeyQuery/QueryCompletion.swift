import CacheModel

/// What may stand at a place of a query's text.
package struct QueryCompletion: Sendable, Hashable {
  /// The characters of the text that it takes the place of.
  package var range: Range<Int>
  package var text: String
  /// What it means, in a few words.
  package var note: String
  /// Whether the term is finished by it.
  package var endsTerm: Bool
}

/// The names that only the caller knows.
package struct QueryVocabulary: Sendable {
  package var codecs: [String]
  package var frameworks: [String]
  package var tags: [String]
  /// The prefixes of keys that begin with a text, as long as the next separator goes.
  package var prefixes: @Sendable (String) -> [String]

  package init(
    codecs: [String] = [], frameworks: [String] = [], tags: [String] = [],
    prefixes: @escaping @Sendable (String) -> [String] = { _ in [] }
  ) {
    self.codecs = codecs
    self.frameworks = frameworks
    self.tags = tags
    self.prefixes = prefixes
  }
}

extension Query {
  /// What can go on at a place of the text, counted in characters, the likely first. Heads of terms
  /// for a word that has just begun, and behind a head its names and units.
  package static func completions(
    at offset: Int, in text: String, knowing vocabulary: QueryVocabulary
  ) -> [QueryCompletion] {
    let before = text.prefix(max(0, offset))
    guard let plain = beginning(of: before) else { return [] }
    let range = before.count - plain.count..<before.count
    return choices(plain, vocabulary).filter { $0.plain.hasPrefix(plain) && $0.plain != plain }
      .map { QueryCompletion(range: range, text: $0.text, note: $0.note, endsTerm: $0.endsTerm) }
  }

  /// The word at the end of a text, without its `!`; empty behind a blank, nil within quotes and in
  /// what is not completed.
  private static func beginning(of text: Substring) -> Substring? {
    guard let last = text.last, last != " " else { return "" }
    guard let word = QueryWordReader.words(of: String(text)).last, !word.hasQuotes else {
      return nil
    }
    let plain = String(decoding: text.utf8.dropFirst(word.start), as: UTF8.self)[...]
    return plain.hasPrefix("re:/") || plain.hasPrefix("~") ? nil : plain
  }

  private struct Choice {
    var text: String
    /// The text without quotes.
    var plain: String
    var note: String
    var endsTerm: Bool

    init(text: String, plain: String? = nil, note: String = "", endsTerm: Bool = true) {
      self.text = text
      self.plain = plain ?? text
      self.note = note
      self.endsTerm = endsTerm
    }
  }

  private static func choices(_ word: Substring, _ vocabulary: QueryVocabulary) -> [Choice] {
    if let figure = FigureTerm.Figure.allCases.first(where: { word.hasPrefix($0.rawValue) }),
      word.contains(where: { "<>=".contains($0) })
    {
      return units(of: figure, word)
    }
    guard let head = QueryHead.allCases.first(where: { word.hasPrefix($0.rawValue) }) else {
      return heads
    }
    let argument = String(word.dropFirst(head.rawValue.count))
    let names: [String] =
      switch head {
      case .type: ["string", "hash", "list", "set", "zset", "stream"]
      case .codec: vocabulary.codecs
      case .framework: vocabulary.frameworks
      case .tag: vocabulary.tags
      case .prefix: vocabulary.prefixes(argument)
      case .database, .value, .address: []
      }
    return names.map { name in
      Choice(
        text: head.rawValue + QueryText.argument(Array(name.utf8)), plain: head.rawValue + name,
        endsTerm: head != .prefix)
    }
  }

  /// Units behind a number.
  private static func units(of figure: FigureTerm.Figure, _ word: Substring) -> [Choice] {
    guard word.last?.isNumber == true else { return [] }
    let units: [(String, String)] =
      switch figure {
      case .ttl, .idle:
        [("s", "seconds"), ("m", "minutes"), ("h", "hours"), ("d", "days"), ("w", "weeks")]
      case .size: [("kb", "1024 bytes"), ("mb", ""), ("gb", ""), ("tb", "")]
      case .frequency: []
      }
    return units.map { Choice(text: word + $0.0, note: $0.1) }
  }

  private static let heads: [Choice] = [
    Choice(text: "type:", note: "kind of value", endsTerm: false),
    Choice(text: "ttl<", note: "time to live", endsTerm: false),
    Choice(text: "ttl>", note: "time to live", endsTerm: false),
    Choice(text: "ttl:none", note: "without a TTL"),
    Choice(text: "size>", note: "memory", endsTerm: false),
    Choice(text: "idle>", note: "not used for", endsTerm: false),
    Choice(text: "freq<", note: "how often used", endsTerm: false),
    Choice(text: "prefix:", note: "beginning of the name", endsTerm: false),
    Choice(text: "value:", note: "text in the value", endsTerm: false),
    Choice(text: "codec:", note: "encoding of the value", endsTerm: false),
    Choice(text: "tag:", note: "tag of the key", endsTerm: false),
    Choice(text: "db:", note: "database", endsTerm: false),
    Choice(text: "re:/", note: "regular expression", endsTerm: false),
  ]
}
