package import CacheModel

/// What taking a change back would meet now.
package struct Foreseen: Sendable, Equatable {
  /// Records that would be put back, or are as before already.
  package var restored = 0
  /// Their time has come meanwhile; they would not be revived.
  package var expired = 0
  /// Names of those, the first few.
  package var expiredKeys: [CacheKey] = []
  /// Somebody has written them since: they would stay, or be overwritten.
  package var newer = 0
  /// Names of those, the first few.
  package var newerKeys: [CacheKey] = []
  /// They belong to another server or database.
  package var otherSource = 0
  /// Their values were not to be kept.
  package var withoutValues = 0

  package init() {}

  mutating func count(_ forecast: UndoForecast, of record: UndoRecord) {
    switch forecast {
    case .restored: restored += 1
    case .expiredMeanwhile:
      expired += 1
      if expiredKeys.count < TakingBack.namesKept { expiredKeys.append(record.key) }
    case .changedMeanwhile:
      newer += 1
      if newerKeys.count < TakingBack.namesKept { newerKeys.append(record.key) }
    case .otherSource: otherSource += 1
    }
  }
}

/// Looks what taking changes back would meet, without changing anything: one change after the other,
/// in the order in which they would be taken back.
///
/// A key that a newer record is about is not as an older one expects it before the newer one is put
/// back; it then counts as what came of the newer one. Holds the names of all keys that it has seen.
package struct Foreseeing {
  private let backend: any CacheBackend
  private let keeper: any ChangeKeeper
  /// The present identity, where records of others are taken for its own.
  private let adopter: SourceIdentity?
  private var seen: [CacheKey: UndoForecast] = [:]

  package init(
    _ backend: any CacheBackend, keeper: any ChangeKeeper, adopter: SourceIdentity? = nil
  ) {
    self.backend = backend
    self.keeper = keeper
    self.adopter = adopter
  }

  private static let recordsAtOnce = 64

  package mutating func look(
    at change: ChangeID
  ) async throws(JournaledChangeError) -> Foreseen {
    var report = Foreseen()
    for batch in try await asked({ keeper async throws(KeeperError) in
      try await keeper.batches(of: change)
    }) {
      let kept = try await asked { keeper async throws(KeeperError) in
        try await keeper.records(in: batch)
      }
      let records = kept.restorable(adoptedBy: adopter)
      report.withoutValues += kept.count - records.count
      for start in stride(from: 0, to: records.count, by: Self.recordsAtOnce) {
        let end = min(records.count, start + Self.recordsAtOnce)
        try await look(at: Array(records[start..<end]), &report)
      }
    }
    return report
  }

  private mutating func look(
    at records: [UndoRecord], _ report: inout Foreseen
  ) async throws(JournaledChangeError) {
    let forecasts: [UndoForecast]
    do throws(BackendError) {
      forecasts = try await backend.foresee(records)
    } catch {
      throw .notAsked(error)
    }
    for (record, told) in zip(records, forecasts) {
      let forecast = record.keys.compactMap({ seen[$0] }).first ?? told
      for key in record.keys { seen[key] = forecast }
      report.count(forecast, of: record)
    }
  }

  private func asked<Answer>(
    _ question: (any ChangeKeeper) async throws(KeeperError) -> Answer
  ) async throws(JournaledChangeError) -> Answer {
    do throws(KeeperError) {
      return try await question(keeper)
    } catch {
      throw .notKept(error)
    }
  }
}
