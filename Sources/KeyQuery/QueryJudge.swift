package import CacheModel

/// Judges keys of a source by a query, asking for no more than it takes: names decide first, then
/// the figures that are cheap, then tags, and values are read last, of those keys alone that
/// everything else lets pass, each up to a bound.
package struct QueryJudge: Sendable {
  package let query: Query
  /// How much of a value is read.
  package var bound: ValueBound
  /// What the query's names of tags mean.
  package var tags: TagMeanings
  /// What codecs and frameworks are recognised by.
  private let recognise: @Sendable (ValuePage) -> Recognition

  /// Values that are read at the same time.
  private static let readsAtOnce = 16

  package init(
    _ query: Query, bound: ValueBound = .standard, tags: TagMeanings = TagMeanings(),
    recognise: @escaping @Sendable (ValuePage) -> Recognition
  ) {
    self.query = query
    self.bound = bound
    self.tags = tags
    self.recognise = recognise
  }

  /// A key that was judged. Nil in place of a verdict is a key that has gone.
  package struct Judged: Sendable {
    package var summary: KeySummary
    package var verdict: Verdict?
    /// As `Candidate.tags`.
    fileprivate var tags: [[UInt8]]?
  }

  /// The keys that names let pass, each with its verdict and what was asked about it. `kind` is
  /// what is known of all of them.
  package func judge(
    _ keys: [CacheKey], of kind: ValueKind? = nil, by backend: any CacheBackend
  ) async throws(BackendError) -> [Judged] {
    let named = keys.filter { query.nameVerdict($0.bytes[...]) != .fails }
    var judged = try await describe(named, kind, backend)
    if query.needs.contains(.tags) { try await tellTags(of: &judged, backend) }
    if query.needs.isDisjoint(with: .fromValue) { return judged }
    let open = judged.indices.filter { judged[$0].verdict == .unknown }
    for start in stride(from: 0, to: open.count, by: Self.readsAtOnce) {
      let places = open[start..<min(start + Self.readsAtOnce, open.count)]
      let pages = try await read(places.map { judged[$0].summary.key }, backend)
      for (place, page) in zip(places, pages) {
        judged[place].verdict = page.map { verdict(judged[place], $0) }
      }
    }
    return judged
  }

  private func describe(
    _ keys: [CacheKey], _ kind: ValueKind?, _ backend: any CacheBackend
  ) async throws(BackendError) -> [Judged] {
    var detail = query.detail
    if kind != nil { detail.remove(.kind) }
    guard !detail.isEmpty else {
      return keys.map { key in
        let summary = KeySummary(key: key, kind: kind)
        return Judged(summary: summary, verdict: query.verdict(for: Candidate(summary)))
      }
    }
    let answers = try await backend.describe(keys, detail)
    return zip(keys, answers).map { key, answer in
      var summary = answer ?? KeySummary(key: key)
      summary.kind = summary.kind ?? kind
      let verdict = answer.map { _ in query.verdict(for: Candidate(summary)) }
      return Judged(summary: summary, verdict: verdict)
    }
  }

  /// Asks for the tags of those keys that they may decide.
  private func tellTags(
    of judged: inout [Judged], _ backend: any CacheBackend
  ) async throws(BackendError) {
    let open = judged.indices.filter { judged[$0].verdict == .unknown }
    let known = tags.telling
    var told: [[Tag]] = open.map { _ in [] }
    if !open.isEmpty, !known.isEmpty {
      told = try await backend.tags(of: open.map { judged[$0].summary.key }, among: known)
    }
    for (place, found) in zip(open, told) {
      judged[place].tags = tags.spellings(meaning: found)
      judged[place].verdict = query.verdict(for: candidate(judged[place]))
    }
  }

  private func candidate(_ judged: Judged) -> Candidate {
    var candidate = Candidate(judged.summary)
    candidate.tags = judged.tags
    return candidate
  }

  private func verdict(_ judged: Judged, _ page: ValuePage) -> Verdict {
    var candidate = candidate(judged)
    candidate.value = CandidateValue(page)
    if !query.needs.isDisjoint(with: [.codec, .framework]) {
      let recognised = recognise(page)
      candidate.codecs = recognised.codecs
      candidate.framework = recognised.framework
    }
    return query.verdict(for: candidate)
  }

  private func read(
    _ keys: [CacheKey], _ backend: any CacheBackend
  ) async throws(BackendError) -> [ValuePage?] {
    let bound = bound
    let answers = await withTaskGroup(
      of: (Int, Result<ValuePage?, BackendError>).self,
      returning: [Int: Result<ValuePage?, BackendError>].self
    ) { group in
      for (place, key) in keys.enumerated() {
        group.addTask {
          // The answer first: where the pair is written around it, an optimised build of Swift 6.3
          // loses the place and gives the page to another key.
          let answer = await Self.answer(key, bound, backend)
          return (place, answer)
        }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    var pages: [ValuePage?] = []
    for place in keys.indices { pages.append(try answers[place]?.get() ?? nil) }
    return pages
  }

  private static func answer(
    _ key: CacheKey, _ bound: ValueBound, _ backend: any CacheBackend
  ) async -> Result<ValuePage?, BackendError> {
    do throws(BackendError) {
      return .success(try await backend.read(key, within: bound))
    } catch {
      return .failure(error)
    }
  }
}

/// What a value was recognised as.
package struct Recognition: Sendable, Hashable {
  /// The names of its codecs, in lower case.
  package var codecs: [String]
  /// The library that wrote it.
  package var framework: String

  package init(codecs: [String], framework: String) {
    self.codecs = codecs
    self.framework = framework
  }
}

extension Query {
  /// What `CacheBackend.describe` has to be asked for.
  package var detail: SummaryDetail {
    var detail: SummaryDetail = []
    if needs.contains(.kind) { detail.insert(.kind) }
    if needs.contains(.lifetime) { detail.insert(.lifetime) }
    if needs.contains(.size) { detail.insert(.bytes) }
    if needs.contains(.idle) { detail.insert(.idle) }
    if needs.contains(.frequency) { detail.insert(.frequency) }
    return detail
  }

  /// The terms that need one of these facts, and the others.
  package func split(by facts: QueryFacts) -> (needing: Query, others: Query) {
    let needing = terms.filter { !$0.needs.isDisjoint(with: facts) }
    let others = terms.filter { $0.needs.isDisjoint(with: facts) }
    return (Query(needing), Query(others))
  }
}
