import CacheModel
import KeyQuery

/// The entries of a source that a glob and a query find, with their whole states, a batch at a time.
struct EntryTaking {
  /// A key and what it held; `.absent` for one that has gone meanwhile.
  typealias Taken = (key: CacheKey, state: CapturedState)

  private let session: ScriptSession
  private var search: KeySearch
  private var found: ArraySlice<CacheKey> = []

  private static let scanCount = 1000
  private static let batchCount = 256

  init(
    _ session: ScriptSession, _ selection: KeySelection
  ) async throws(CommandFailure) {
    if let query = selection.query {
      try session.check(query)
      session.tellCost(of: query)
    }
    self.session = session
    search = try await KeySearch(
      session, glob: selection.glob, query: selection.query, count: Self.scanCount)
  }

  /// The next entries, perhaps none; nil at the end. Of keys that are skipped nothing is asked.
  mutating func next(
    skipping isSkipped: (CacheKey) -> Bool = { _ in false }
  ) async throws(CommandFailure) -> [Taken]? {
    if found.isEmpty {
      guard let page = try await search.next() else {
        try search.finish()
        return nil
      }
      found = page.map(\.key).filter { !isSkipped($0) }[...]
    }
    let batch = Array(found.prefix(Self.batchCount))
    guard !batch.isEmpty else { return [] }
    let states = try await session.ask { backend throws(BackendError) in
      try await backend.capture(batch, limit: CapturedState.standardLimit)
    }
    found = found.dropFirst(max(1, states.count))
    return zip(batch, states).map { (key: $0, state: $1) }
  }
}

extension CapturedState {
  /// Why an entry cannot be taken along; nil when it can, or has gone.
  var reasonAgainstTaking: String? {
    switch self {
    case .absent, .present: nil
    case .tooLarge(let bytes):
      "holds \(bytes >> 20) MiB, and at most \(CapturedState.standardLimit >> 20) MiB are taken along"
    case .refused(let reason): reason
    }
  }
}
