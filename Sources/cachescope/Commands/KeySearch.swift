import CacheModel
import KeyQuery

/// A walk over all keys that a glob and a query find, each once, with what was asked about them.
///
/// What the server can filter is sent to it; everything is judged again here. A walk over a keyspace
/// may report a key twice; what has been told is remembered by a fingerprint of 128 bits, so that a
/// name is neither kept nor told again.
struct KeySearch {
  private let session: ScriptSession
  private let query: Query?
  private let route: KeyRoute
  private let count: Int
  private var place: KeyRoute.Place? = KeyRoute.Place()
  private var seen: Set<KeyFingerprint> = []
  private var progress: LookingProgress?
  private var judged = 0
  private var undecided = 0
  private var hasFound = false
  /// Why parts of the keyspace were passed by.
  private var missing: [String] = []

  /// Looks up first what names of tags in the query mean.
  init(
    _ session: ScriptSession, glob: [UInt8]?, query: Query?, count: Int
  ) async throws(CommandFailure) {
    self.session = session
    self.query = query
    self.count = count
    route = KeyRoute(
      glob: glob, query: query, meanings: try await session.meanings(of: query))
    if query != nil {
      progress = await LookingProgress(session, isOverAll: !route.isOverTags)
    }
  }

  /// The next keys, perhaps none; nil at the end.
  mutating func next() async throws(BackendError) -> [KeySummary]? {
    guard let from = place else { return nil }
    let (route, count) = (route, count)
    var step = try await route.step(at: from, count: count, by: session.backend)
    place = step.next
    if let part = step.page.missing, !missing.contains(part) { missing.append(part) }
    let found = step.page.keys.count
    progress?.count(route.isFilteredByServer ? max(count, found) : found)
    step.page.keys.removeAll { !seen.insert(KeyFingerprint($0)).inserted }
    return try await judge(step.page)
  }

  private mutating func judge(_ page: ScanPage) async throws(BackendError) -> [KeySummary] {
    let answers = try await route.judge(page, by: session.backend)
    judged += answers.count
    undecided += answers.count { $0.verdict == .unknown }
    let found = answers.filter { $0.verdict == .matches }.map(\.summary)
    hasFound = hasFound || !found.isEmpty
    return found
  }

  /// The last word about how much was looked at. A query of which the source could judge no key at
  /// all is a failure.
  mutating func finish() throws(CommandFailure) {
    progress?.undecided = undecided
    progress?.finish(isWhole: place == nil)
    guard missing.isEmpty else {
      throw CommandFailure(
        .server, "not all keys were looked at: " + missing.joined(separator: "; "))
    }
    if !hasFound, place == nil { session.tellDoubt(about: query) }
    guard let query, undecided > 0, undecided == judged else { return }
    throw CommandFailure(
      .server,
      "--where: the source told of no key what \(query) asks for; all \(undecided) were left out")
  }
}
