import CacheModel
import Explorer

/// `--where`: the filter of the explorer, for scripts.
///
/// What the query language has beyond it (figures, values, regular expressions) is refused by name,
/// so that a script never takes a part of a name for a condition that it meant.
struct KeyQuery: Sendable {
  private let filter: KeyFilter

  /// Whether the kind of a key must be known before it can be judged.
  var needsKind: Bool { filter.needsKind }

  init?(_ line: ParsedCommandLine) throws(UsageError) {
    guard let text = line.value(.whereQuery) else { return nil }
    filter = KeyFilter(text)
    if let problem = filter.problem {
      throw UsageError("--where: \(problem)", command: line.command)
    }
    guard !filter.isEmpty else {
      throw UsageError(.whereQuery, text, "holds no term", command: line.command)
    }
    if let term = Self.laterTerm(in: text) {
      throw UsageError(
        "--where: \(term.prefix(40)) is not in this version yet: a part of a name, a glob and type: "
          + "are; \"…\" takes it as a part of a name", command: line.command)
    }
  }

  func holds(_ key: CacheKey, _ kind: ValueKind?) -> Bool {
    filter.matches(key.bytes[...], kind)
  }

  private static let laterHeads = [
    "ttl<", "ttl>", "ttl:", "size<", "size>", "idle<", "idle>", "freq<", "freq>", "prefix:",
    "codec:", "fw:", "db:", "value:", "re:", "~",
  ]

  /// The first term, outside of quotes, that later versions have.
  private static func laterTerm(in text: String) -> Substring? {
    var isQuoted = false
    for part in text.split(separator: "\"", omittingEmptySubsequences: false) {
      defer { isQuoted.toggle() }
      guard !isQuoted else { continue }
      for word in part.split(separator: " ") {
        let term = word.first == "!" ? word.dropFirst() : word
        if laterHeads.contains(where: term.hasPrefix) { return word }
      }
    }
    return nil
  }
}
