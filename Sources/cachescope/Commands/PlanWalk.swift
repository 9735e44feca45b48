import CacheModel
import KeyQuery
import Plans
import Synchronization

/// A walk over the keys of a plan, which fetches one page ahead unless it is told not to. It remembers
/// no names: a key that a walk over all keys reports twice is told twice, and found changed the second
/// time. Keys of tags are remembered by fingerprints, since one key may have several.
final class PlanWalk: Sendable {
  struct Page: Sendable {
    var keys: [CacheKey]
    /// Which page it is.
    var number: Int
  }

  private typealias Answer = Result<KeyRoute.Step, BackendError>

  private struct State {
    var ahead: Task<Answer, Never>?
    /// Where to go on when no page is under way; nil at the end.
    var place: KeyRoute.Place? = KeyRoute.Place()
    var fetchesAhead = true
    var looked: Int64 = 0
    var pages = 0
    var seen: Set<KeyFingerprint> = []
  }

  private let backend: any CacheBackend
  private let route: KeyRoute
  private let state = Mutex(State())

  private static let scanCount = 1000
  /// The first pages are described in full, and one in so many of the others.
  private static let pagesInFull = 4
  private static let sampledPages = 64
  private static let sampleSize = 250

  init(_ backend: any CacheBackend, _ route: KeyRoute) {
    self.backend = backend
    self.route = route
  }

  /// Keys that the walk has come by, near enough: what the server filters out is counted by the
  /// steps that were asked for.
  var looked: Int64 { state.withLock { $0.looked } }

  /// Whether a page is fetched while its forerunner is worked on: not where the time between the
  /// pages belongs to others.
  func fetchAhead(_ isWanted: Bool) {
    state.withLock { $0.fetchesAhead = isWanted }
  }

  /// The next keys, perhaps none; nil at the end.
  func next() async throws(BackendError) -> Page? {
    let task = state.withLock { state -> Task<Answer, Never>? in
      defer { (state.ahead, state.place) = (nil, nil) }
      return state.ahead ?? state.place.map(fetch)
    }
    guard let task else { return nil }
    var step = try await task.value.get()
    // A plan over a part of the keys would look like one over all.
    if let missing = step.page.missing { throw .unsupported("tell all its keys now: \(missing)") }
    let number = state.withLock { state -> Int in
      if let next = step.next, state.fetchesAhead { state.ahead = fetch(at: next) }
      if !state.fetchesAhead { state.place = step.next }
      let found = step.page.keys.count
      state.looked += Int64(route.isFilteredByServer ? max(Self.scanCount, found) : found)
      state.pages += 1
      if route.isOverTags {
        step.page.keys.removeAll { !state.seen.insert(KeyFingerprint($0)).inserted }
      }
      return state.pages
    }
    return Page(keys: try await chosen(step.page), number: number)
  }

  /// Those keys of a page that are described for the preview.
  func sample(of page: Page) -> [CacheKey] {
    guard page.number <= Self.pagesInFull || page.number % Self.sampledPages == 0 else { return [] }
    return Array(page.keys.prefix(Self.sampleSize))
  }

  private func fetch(at place: KeyRoute.Place) -> Task<Answer, Never> {
    let (backend, route) = (backend, route)
    return Task {
      do throws(BackendError) {
        return .success(try await route.step(at: place, count: Self.scanCount, by: backend))
      } catch {
        return .failure(error)
      }
    }
  }

  /// The keys of a page that are meant; those that the source cannot judge are left out.
  private func chosen(_ page: ScanPage) async throws(BackendError) -> [CacheKey] {
    guard !route.takesAll, !page.keys.isEmpty else { return page.keys }
    return try await route.judge(page, by: backend)
      .filter { $0.verdict == .matches }.map(\.summary.key)
  }
}

/// Where a plan's keys come from the second time.
enum PlanKeys: Sendable {
  case names(Reading)
  case walk(PlanWalk)

  /// Names that are read once.
  final class Reading: Sendable {
    private let names: KeyNameList
    private let place = Mutex(KeyNameList.Place())

    init(_ names: KeyNameList) {
      self.names = names
    }

    func next() -> [CacheKey]? {
      place.withLock { names.next(PlanRun.batchSize, from: &$0) }
    }
  }

  init(_ names: KeyNameList) {
    self = .names(Reading(names))
  }

  init(_ walk: PlanWalk) {
    self = .walk(walk)
  }

  func next() async throws(BackendError) -> [CacheKey]? {
    switch self {
    case .names(let reading): reading.next()
    case .walk(let walk): try await walk.next()?.keys
    }
  }
}
