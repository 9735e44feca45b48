package import CacheModel

/// The one way by which anything changes a source, for a single key as for a million: what the keys
/// hold is asked for, kept (`ChangeKeeper.keep`), changed, and the entry corrected by what came of it
/// (`settle`).
///
/// Guarantees: nothing of a batch is sent before its old states are safe; a key that was changed is
/// either kept or counted as lost; when the keeper refuses, the batch is refused. A key whose value is
/// larger than the limit, or that the source does not hand out, is changed without undo: whoever asks
/// a person says so before. Without a keeper nothing is kept and nothing asked for.
package struct JournaledChanges: Sendable {
  let backend: any CacheBackend
  let keeper: (any ChangeKeeper)?
  /// Bytes of the largest value that is kept.
  let limit: Int

  package init(
    _ backend: any CacheBackend, keeper: (any ChangeKeeper)?,
    limit: Int = CapturedState.standardLimit
  ) {
    self.backend = backend
    self.keeper = keeper
    self.limit = limit
  }

  /// Whether changes can be taken back at all.
  package var keepsUndo: Bool { keeper != nil }

  /// Begins a change of any number of keys.
  package func begin(
    _ header: ChangeHeader
  ) async throws(JournaledChangeError) -> JournaledChange {
    guard let keeper else { return JournaledChange(self, id: nil, header) }
    do throws(KeeperError) {
      return JournaledChange(self, id: try await keeper.begin(header), header)
    } catch {
      throw .notKept(error)
    }
  }

  /// A whole change of few keys: begun, made and finished.
  package func make(
    _ changes: [KeyedChange], _ header: ChangeHeader
  ) async throws(JournaledChangeError) -> ChangedBatch {
    let change = try await begin(header)
    do throws(JournaledChangeError) {
      let batch = try await change.apply(changes)
      await change.finish(lost: batch.lost)
      return batch
    } catch {
      await change.finish(lost: 0)
      throw error
    }
  }
}

/// Why a batch was not sent.
package enum JournaledChangeError: Error, Sendable, Equatable {
  /// Its old states could not be kept.
  case notKept(KeeperError)
  /// Its old states could not be asked for.
  case notAsked(BackendError)
}

/// What came of a batch.
package struct ChangedBatch: Sendable {
  /// Nil where nothing is kept.
  package var change: ChangeID?
  /// One for each change, in their order.
  package var results: [Result<ChangeOutcome, BackendError>]
  /// Keys that were changed and cannot be taken back, though undo was asked for.
  package var lost: Int
  /// The entry was kept and could not be corrected: undo will look for itself.
  package var keeperProblem: KeeperError?
}
