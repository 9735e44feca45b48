package import CacheModel

/// What the names behind `tag:` mean on one source: the tags that a person may mean by them.
///
/// They are looked up once, before keys are judged, since on some servers that is a walk over all
/// keys. A name that several keepers or prefixes know means all of their tags; one that nobody knows
/// matches no key, and whoever asks is told so.
package struct TagMeanings: Sendable, Hashable {
  private let tags: [[UInt8]: [Tag]]

  package init(_ tags: [[UInt8]: [Tag]] = [:]) {
    self.tags = tags
  }

  /// Asks the source for each of these names.
  package init(
    _ spellings: [[UInt8]], in backend: any CacheBackend
  ) async throws(BackendError) {
    var tags: [[UInt8]: [Tag]] = [:]
    for spelling in spellings where tags[spelling] == nil {
      tags[spelling] = try await backend.tags(spelled: spelling)
    }
    self.tags = tags
  }

  /// The tags that a name means; empty for one that nobody knows.
  package subscript(spelling: [UInt8]) -> [Tag] { tags[spelling] ?? [] }

  /// All tags of which the source can tell the keys.
  package var telling: [Tag] { tags.values.flatMap(\.self).filter(\.keeper.tellsKeys) }

  /// Those of the names that mean one of these tags.
  func spellings(meaning found: [Tag]) -> [[UInt8]] {
    tags.filter { !Set($0.value).isDisjoint(with: found) }.map(\.key)
  }
}

extension Query {
  /// The names of tags in the query.
  package var tagSpellings: [[UInt8]] {
    terms.compactMap { if case .tag(let spelling) = $0.condition { spelling } else { nil } }
  }

  /// What a person should know of names that no tag has; nil when each means one.
  package func remark(on meanings: TagMeanings) -> String? {
    let unknown = tagTerms { meanings[$0].isEmpty }
    guard let first = unknown.first else { return nil }
    let names = unknown.map { String(decoding: $0.spelling, as: UTF8.self) }
    let others = names.count > 1 ? ", nor \(names.dropFirst().joined(separator: ", "))" : ""
    let what = first.term.isNegated ? "every key matches" : "no key matches"
    return "no tag is named \(names[0])\(others): \(what) \(first.term)"
  }

  /// Why no key can be judged by the tags that were meant; nil when keys can.
  package func refusal(by meanings: TagMeanings) -> QueryRefusal? {
    let silent = tagTerms { spelling in
      !meanings[spelling].isEmpty && meanings[spelling].allSatisfy { !$0.keeper.tellsKeys }
    }
    guard let (term, spelling) = silent.first, let tag = meanings[spelling].first else {
      return nil
    }
    return QueryRefusal(
      sentence: "\(term) cannot be answered: \(tag.keeper.product) keeps a version of "
        + "\(tag.spelling) and nothing that tells its keys; a part of their names may do")
  }

  private func tagTerms(
    where isMeant: ([UInt8]) -> Bool
  ) -> [(term: QueryTerm, spelling: [UInt8])] {
    terms.compactMap { term in
      guard case .tag(let spelling) = term.condition, isMeant(spelling) else { return nil }
      return (term, spelling)
    }
  }
}
