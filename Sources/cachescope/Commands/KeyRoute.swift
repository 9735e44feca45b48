import CacheModel
import Explorer
import KeyPattern
import KeyQuery

/// How a command comes to the keys that it is over: by a walk over all keys, of which the server
/// leaves out what it can, or over those of the tags of which every one of them must have one.
///
/// Either way what a step finds is judged by what is left of the query. The sets of a tag may name
/// keys that have gone; those are left out.
struct KeyRoute: Sendable {
  /// Where a walk stands: the tag, and the place among its keys or among all.
  struct Place: Sendable {
    fileprivate var tag = 0
    fileprivate var cursor = ScanCursor.start

    init() {}
  }

  struct Step: Sendable {
    /// The keys found, not judged yet.
    var page: ScanPage
    /// Where to go on; nil at the end.
    var next: Place?
  }

  /// The tags that are walked over; nil for all keys.
  private let tags: [Tag]?
  private let glob: [UInt8]?
  /// What the keys are judged by.
  private let query: Query
  private let meanings: TagMeanings

  /// All keys.
  static let all = KeyRoute(glob: nil, query: nil)

  /// All keys that the glob and the query find.
  init(glob: [UInt8]?, query: Query?, meanings: TagMeanings = TagMeanings()) {
    self.glob = glob
    self.meanings = meanings
    if let (spelling, rest) = query?.plainTag {
      tags = meanings[spelling]
      self.query = rest
    } else {
      tags = nil
      self.query = query ?? Query()
    }
  }

  /// The keys of a tag that the glob and the query find.
  init(over tag: Tag, glob: [UInt8]?, query: Query?, meanings: TagMeanings) {
    tags = [tag]
    self.glob = glob
    self.query = query ?? Query()
    self.meanings = meanings
  }

  /// Whether it leads over the keys of tags.
  var isOverTags: Bool { tags != nil }

  /// Whether a step may tell fewer keys than it has come by.
  var isFilteredByServer: Bool {
    tags == nil && (glob != nil || query.serverGlob != nil || query.serverKind != nil)
  }

  /// Whether every key that a step finds is meant.
  var takesAll: Bool { tags == nil && query.isEmpty }

  /// One step, of about `count` keys.
  func step(
    at place: Place, count: Int, by backend: any CacheBackend
  ) async throws(BackendError) -> Step {
    guard let tags else {
      let page = try await backend.scan(
        from: place.cursor, matching: glob ?? query.serverGlob, of: query.serverKind,
        count: count)
      return Step(page: page, next: page.next.map { Place(tag: 0, cursor: $0) })
    }
    guard place.tag < tags.count else {
      return Step(page: ScanPage(keys: [], next: nil), next: nil)
    }
    var page = try await backend.keys(
      tagged: tags[place.tag], from: place.cursor, count: count)
    if let glob {
      let pattern = GlobPattern(glob)
      page.keys.removeAll { !pattern.matches($0.bytes) }
    }
    let isLast = place.tag == tags.count - 1
    let following = isLast ? nil : Place(tag: place.tag + 1, cursor: .start)
    return Step(page: page, next: page.next.map { Place(tag: place.tag, cursor: $0) } ?? following)
  }

  /// The keys of a step with their verdicts and what was asked about them.
  func judge(
    _ page: ScanPage, by backend: any CacheBackend
  ) async throws(BackendError) -> [QueryJudge.Judged] {
    let there = tags == nil ? page.keys : try await present(page.keys, backend)
    let judge = QueryJudge(query, tags: meanings, recognise: KnownCodecs.recognise)
    return try await judge.judge(there, of: page.kind, by: backend)
  }

  /// Without the keys that have gone, where the judge does not find out by itself.
  private func present(
    _ keys: [CacheKey], _ backend: any CacheBackend
  ) async throws(BackendError) -> [CacheKey] {
    guard query.detail.isEmpty, !keys.isEmpty else { return keys }
    let answers = try await backend.describe(keys, .kind)
    return zip(keys, answers).filter { $1 != nil }.map(\.0)
  }
}

extension KeyRoute.Place {
  fileprivate init(tag: Int, cursor: ScanCursor) {
    self.tag = tag
    self.cursor = cursor
  }
}

extension ScriptSession {
  /// Looks up what the names of tags in a query mean. A name that no tag has is told.
  func meanings(of query: Query?) async throws(CommandFailure) -> TagMeanings {
    guard let query, !query.tagSpellings.isEmpty else { return TagMeanings() }
    let meanings = try await ask { backend throws(BackendError) in
      try await TagMeanings(query.tagSpellings, in: backend)
    }
    if let refusal = query.refusal(by: meanings) {
      throw CommandFailure(.usage, "--where: \(refusal.sentence)")
    }
    if let remark = query.remark(on: meanings) { output.note("--where: \(remark)") }
    return meanings
  }
}
