import CacheModel
import KeyPattern
import KeyQuery

/// A walk over all keys that a glob and a query find, each once, with what was asked about them.
///
/// What the server can filter is sent to it; everything is judged again here. A walk over a keyspace
/// may report a key twice; what has been told is remembered by a fingerprint of 128 bits, so that a
/// name is neither kept nor told again.
struct KeySearch {
  private let session: ScriptSession
  private let query: Query?
  private let serverGlob: [UInt8]?
  private let count: Int
  private var cursor: ScanCursor? = .start
  private var seen: Set<KeyFingerprint> = []
  private var progress: LookingProgress?
  private var judged = 0
  private var undecided = 0

  init(_ session: ScriptSession, glob: [UInt8]?, query: Query?, count: Int) async {
    self.session = session
    self.query = query
    self.count = count
    serverGlob = glob ?? query?.serverGlob
    if query != nil { progress = await LookingProgress(session) }
  }

  /// The next keys, perhaps none; nil at the end.
  mutating func next() async throws(CommandFailure) -> [KeySummary]? {
    guard let from = cursor else { return nil }
    let (glob, kind, count) = (serverGlob, query?.serverKind, count)
    let page = try await session.ask { backend throws(BackendError) in
      try await backend.scan(from: from, matching: glob, of: kind, count: count)
    }
    cursor = page.next
    let keys = page.keys.filter { seen.insert(KeyFingerprint($0)).inserted }
    let isFiltered = glob != nil || page.kind != nil
    progress?.count(isFiltered ? max(count, page.keys.count) : page.keys.count)
    guard let query else { return keys.map { KeySummary(key: $0) } }
    return try await judge(keys, of: page.kind, query)
  }

  private mutating func judge(
    _ keys: [CacheKey], of kind: ValueKind?, _ query: Query
  ) async throws(CommandFailure) -> [KeySummary] {
    let judge = session.judge(query)
    let answers = try await session.ask { backend throws(BackendError) in
      try await judge.judge(keys, of: kind, by: backend)
    }
    judged += answers.count
    undecided += answers.count { $0.verdict == .unknown }
    return answers.filter { $0.verdict == .matches }.map(\.summary)
  }

  /// The last word about how much was looked at. A query of which the source could judge no key at
  /// all is a failure.
  mutating func finish() throws(CommandFailure) {
    progress?.undecided = undecided
    progress?.finish(isWhole: cursor == nil)
    guard let query, undecided > 0, undecided == judged else { return }
    throw CommandFailure(
      .server,
      "--where: the source told of no key what \(query) asks for; all \(undecided) were left out")
  }
}
