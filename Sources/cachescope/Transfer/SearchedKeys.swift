import CacheModel
import KeyQuery

/// The keys of a source that a glob and a query find, as they are supplied to what takes entries.
actor SearchedKeys {
  private var search: KeySearch

  private static let scanCount = 1000

  /// Checks the query first, and tells what it costs.
  init(_ session: ScriptSession, _ selection: KeySelection) async throws(CommandFailure) {
    if let query = selection.query {
      try session.check(query)
      session.tellCost(of: query)
    }
    search = try await KeySearch(
      session, glob: selection.glob, query: selection.query, count: Self.scanCount)
  }

  /// The next keys, perhaps none; nil at the end. One caller at a time.
  func next() async throws(BackendError) -> [CacheKey]? {
    var search = search
    let found = try await search.next()
    self.search = search
    return found?.map(\.key)
  }

  /// The last word about how much was looked at, as a search says it.
  func finish() throws(CommandFailure) { try search.finish() }
}
