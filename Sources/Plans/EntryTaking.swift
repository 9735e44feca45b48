package import CacheModel

/// The entries of a source under the keys that are supplied, with their whole states, a batch at a
/// time.
package struct EntryTaking: Sendable {
  /// A key and what it held; `.absent` for one that has gone meanwhile.
  package typealias Taken = (key: CacheKey, state: CapturedState)

  private let backend: any CacheBackend
  private let keys: PlanRun.NextKeys
  private var found: ArraySlice<CacheKey> = []

  private static let batchCount = 256

  package init(_ backend: any CacheBackend, _ keys: @escaping PlanRun.NextKeys) {
    self.backend = backend
    self.keys = keys
  }

  /// The next entries, perhaps none; nil at the end. Of keys that are skipped nothing is asked.
  package mutating func next(
    skipping isSkipped: (CacheKey) -> Bool = { _ in false }
  ) async throws(BackendError) -> [Taken]? {
    if found.isEmpty {
      guard let more = try await keys() else { return nil }
      found = more.filter { !isSkipped($0) }[...]
    }
    let batch = Array(found.prefix(Self.batchCount))
    guard !batch.isEmpty else { return [] }
    let states = try await backend.capture(batch, limit: CapturedState.standardLimit)
    found = found.dropFirst(max(1, states.count))
    return zip(batch, states).map { (key: $0, state: $1) }
  }
}

extension CapturedState {
  /// Why an entry cannot be taken along; nil when it can, or has gone.
  package var reasonAgainstTaking: String? {
    switch self {
    case .absent, .present: nil
    case .tooLarge(let bytes):
      "holds \(bytes >> 20) MiB, and at most \(CapturedState.standardLimit >> 20) MiB are taken along"
    case .refused(let reason): reason
    }
  }
}
