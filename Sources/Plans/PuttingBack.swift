package import CacheModel

extension JournaledChange {
  /// What came of putting states under their keys, a record at a time.
  package struct PutBack: Sendable {
    /// One for each of the first records; there are as many of them as were taken.
    package var results: [Result<UndoOutcome, BackendError>]
    /// Put back without a way to take that back.
    package var lost: Int
    /// Of the records that were as before already, those that were counted as taken back before.
    package var repeated = 0
    /// The entry was kept and could not be corrected: undo will look for itself.
    package var keeperProblem: KeeperError?
  }

  /// Puts the states of records under their keys, as a part of this change: what takes that back is
  /// kept before anything is sent. Takes as many records as may be held in memory with what they
  /// overwrite, the first ones, and at least one. Over other states than those that the records
  /// expect only with `overwriting`. Of keys that were as before already something is kept only with
  /// `keepingUnchanged`; as many of them as `counted` says have been counted before.
  package func putBack(
    _ records: [UndoRecord], overwriting: Bool, keepingUnchanged: Bool = true, counted: Int = 0
  ) async throws(JournaledChangeError) -> PutBack {
    guard let keeper = changes.keeper, let id else {
      return PutBack(
        results: await changes.backend.undo(records, overwriting: overwriting), lost: 0)
    }
    let opposites = try await opposites(of: records)
    let part = Array(records.prefix(opposites.count))
    let kept: BatchID
    do throws(KeeperError) {
      kept = try await keeper.keep(opposites.compactMap { $0 }, of: id)
    } catch {
      throw .notKept(error)
    }
    var answer = PutBack(
      results: await changes.backend.undo(part, overwriting: overwriting), lost: 0)
    var made: [UndoRecord] = []
    for (result, opposite) in zip(answer.results, opposites)
    where Self.mayHaveChanged(result, keepingUnchanged) {
      if let redo = Self.redo(result) ?? opposite { made.append(redo) } else { answer.lost += 1 }
    }
    if keepingUnchanged {
      answer.repeated = min(counted, answer.results.count(where: Self.isAsBefore))
    }
    do throws(KeeperError) {
      try await keeper.settle(kept, made, repeated: answer.repeated)
    } catch {
      answer.keeperProblem = error
    }
    return answer
  }

  private static func mayHaveChanged(
    _ result: Result<UndoOutcome, BackendError>, _ keepsUnchanged: Bool
  ) -> Bool {
    switch result {
    case .success(.restored): true
    case .success(.asBefore): keepsUnchanged
    case .failure(let error): error.isOutcomeUnknown
    case .success: false
    }
  }

  private static func isAsBefore(_ result: Result<UndoOutcome, BackendError>) -> Bool {
    if case .success(.asBefore) = result { true } else { false }
  }

  private static func redo(_ result: Result<UndoOutcome, BackendError>) -> UndoRecord? {
    switch result {
    case .success(.restored(let redo)), .success(.asBefore(let redo)): redo
    default: nil
    }
  }

  /// What takes that back, as far as it is known before; of as many records as may be held at once.
  private func opposites(
    of records: [UndoRecord]
  ) async throws(JournaledChangeError) -> [UndoRecord?] {
    let states = try await changes.capture(records.map(\.keys))
    return zip(records, states).map { record, told in
      guard told.allSatisfy(\.isKept) else { return nil }
      var opposite = record
      opposite.origin = header.source
      for (place, state) in told.enumerated() {
        let before = record.transitions[place].before
        opposite.transitions[place].before = state.state
        opposite.transitions[place].after = LeftState(before.map { StateMark(of: $0) })
      }
      return opposite
    }
  }
}
