import CacheModel
import KeyQuery
import Plans
import Synchronization

/// A walk over the keys of a plan, which fetches one page ahead. It remembers no names: a key that a
/// walk reports twice is told twice, and found changed the second time.
final class PlanWalk: Sendable {
  struct Page: Sendable {
    var keys: [CacheKey]
    /// Which page it is.
    var number: Int
  }

  private typealias Answer = Result<ScanPage, BackendError>

  private struct State {
    var ahead: Task<Answer, Never>?
    var isBegun = false
    var looked: Int64 = 0
    var pages = 0
  }

  private let session: ScriptSession
  private let selection: KeySelection
  private let state = Mutex(State())

  private static let scanCount = 1000
  /// The first pages are described in full, and one in so many of the others.
  private static let pagesInFull = 4
  private static let sampledPages = 64
  private static let sampleSize = 250

  init(_ session: ScriptSession, _ selection: KeySelection) {
    self.session = session
    self.selection = selection
  }

  /// Keys that the walk has come by, near enough: what the server filters out is counted by the
  /// steps that were asked for.
  var looked: Int64 { state.withLock { $0.looked } }

  /// The next keys, perhaps none; nil at the end.
  func next() async throws(CommandFailure) -> Page? {
    do throws(BackendError) {
      return try await nextPage()
    } catch {
      throw CommandFailure(error)
    }
  }

  func nextPage() async throws(BackendError) -> Page? {
    let task = state.withLock { state -> Task<Answer, Never>? in
      if !state.isBegun {
        state.isBegun = true
        state.ahead = fetch(from: .start)
      }
      defer { state.ahead = nil }
      return state.ahead
    }
    guard let task else { return nil }
    let page = try await task.value.get()
    let number = state.withLock { state -> Int in
      if let next = page.next { state.ahead = fetch(from: next) }
      let isFiltered = selection.isFilteredByServer
      state.looked += Int64(
        isFiltered ? max(Self.scanCount, page.keys.count) : page.keys.count)
      state.pages += 1
      return state.pages
    }
    return Page(keys: try await chosen(page), number: number)
  }

  /// Those keys of a page that are described for the preview.
  func sample(of page: Page) -> [CacheKey] {
    guard page.number <= Self.pagesInFull || page.number % Self.sampledPages == 0 else { return [] }
    return Array(page.keys.prefix(Self.sampleSize))
  }

  private func fetch(from cursor: ScanCursor) -> Task<Answer, Never> {
    let backend = session.backend
    let glob = selection.glob ?? selection.query?.serverGlob
    let kind = selection.query?.serverKind
    return Task {
      do throws(BackendError) {
        return .success(
          try await backend.scan(from: cursor, matching: glob, of: kind, count: Self.scanCount))
      } catch {
        return .failure(error)
      }
    }
  }

  /// The keys of a page that the query finds; those that the source cannot judge are left out.
  private func chosen(_ page: ScanPage) async throws(BackendError) -> [CacheKey] {
    guard let query = selection.query, !page.keys.isEmpty else { return page.keys }
    return try await session.judge(query).judge(page.keys, of: page.kind, by: session.backend)
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
    case .walk(let walk): try await walk.nextPage()?.keys
    }
  }
}
