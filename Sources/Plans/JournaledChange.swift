package import CacheModel

/// One change under way: batches of keys that belong together in the journal.
///
/// A batch is prepared (its old states asked for and kept) and then sent; the next one may be
/// prepared meanwhile, as long as no key is in both.
package struct JournaledChange: Sendable {
  /// Nil where nothing is kept.
  package let id: ChangeID?
  package let header: ChangeHeader
  let changes: JournaledChanges

  init(_ changes: JournaledChanges, id: ChangeID?, _ header: ChangeHeader) {
    self.changes = changes
    self.id = id
    self.header = header
  }

  /// A batch whose old states are safe.
  package struct Prepared: Sendable {
    package let changes: [KeyedChange]
    let batch: BatchID?
    /// What is kept of each change; nil where nothing is.
    let planned: [UndoRecord?]
  }

  /// Asks for the old states and keeps them; when it throws, nothing of the batch may be sent. Takes
  /// as many of the changes as may be held in memory with their old states, the first ones, and at
  /// least one.
  package func prepare(
    _ batch: [KeyedChange]
  ) async throws(JournaledChangeError) -> Prepared {
    guard let keeper = changes.keeper, let id else {
      return Prepared(changes: batch, batch: nil, planned: batch.map { _ in nil })
    }
    let batch = try await settled(batch)
    let states = try await changes.capture(batch.map(\.touchedKeys))
    let part = Array(batch.prefix(states.count))
    let planned = zip(part, states).map { $0.plannedRecord(over: $1, header.source) }
    let kept = planned.compactMap { $0 }
    guard !kept.isEmpty else { return Prepared(changes: part, batch: nil, planned: planned) }
    do throws(KeeperError) {
      return Prepared(changes: part, batch: try await keeper.keep(kept, of: id), planned: planned)
    } catch {
      throw .notKept(error)
    }
  }

  /// With deadlines in place of TTLs from now, where there are any.
  private func settled(
    _ batch: [KeyedChange]
  ) async throws(JournaledChangeError) -> [KeyedChange] {
    guard batch.contains(where: \.isFromNow) else { return batch }
    do throws(BackendError) {
      guard let now = try await changes.backend.time() else { return batch }
      return batch.map { $0.settled(at: now) }
    } catch {
      throw .notAsked(error)
    }
  }

  /// Sends a prepared batch and corrects its entry by what came of it.
  package func send(_ prepared: Prepared) async -> ChangedBatch {
    var batch = ChangedBatch(change: id, results: await apply(prepared), lost: 0)
    guard id != nil else { return batch }
    var made: [UndoRecord] = []
    for (result, planned) in zip(batch.results, prepared.planned) {
      switch result {
      case .success(.done(let undo)):
        if let record = undo ?? planned { made.append(record) } else { batch.lost += 1 }
      case .failure(let error) where error.isOutcomeUnknown:
        // It may have been made; undo finds out by looking.
        if let planned { made.append(planned) }
      case .success, .failure: break
      }
    }
    batch.keeperProblem = await settle(prepared, made)
    return batch
  }

  /// Forgets a prepared batch that is not going to be sent.
  package func discard(_ prepared: Prepared) async {
    _ = await settle(prepared, [])
  }

  /// Prepares and sends all of them. When a part cannot be kept, those before it have been sent.
  package func apply(_ batch: [KeyedChange]) async throws(JournaledChangeError) -> ChangedBatch {
    var whole = ChangedBatch(change: id, results: [], lost: 0)
    while whole.results.count < batch.count {
      let prepared: Prepared
      do throws(JournaledChangeError) {
        prepared = try await prepare(Array(batch[whole.results.count...]))
      } catch {
        guard !whole.results.isEmpty else { throw error }
        whole.refuse(batch.count - whole.results.count, because: error)
        return whole
      }
      let part = await send(prepared)
      whole.results += part.results
      whole.lost += part.lost
      whole.keeperProblem = whole.keeperProblem ?? part.keeperProblem
    }
    return whole
  }

  /// Ends the change. That it could not be noted is no failure of the change: the journal then shows
  /// it as interrupted.
  @discardableResult
  package func finish(lost: Int) async -> KeeperError? {
    guard let keeper = changes.keeper, let id else { return nil }
    do throws(KeeperError) {
      try await keeper.finish(id, lost: lost)
      return nil
    } catch {
      return error
    }
  }

  // MARK: Sending

  /// What is kept is sent with undo, whose states are known to be small; the others without.
  private func apply(_ prepared: Prepared) async -> [Result<ChangeOutcome, BackendError>] {
    let places = prepared.changes.indices
    let kept = places.filter { prepared.planned[$0] != nil }
    if kept.isEmpty || kept.count == places.count {
      return await changes.backend.apply(prepared.changes, undoLimit: kept.isEmpty ? nil : .max)
    }
    let others = places.filter { prepared.planned[$0] == nil }
    var results: [Int: Result<ChangeOutcome, BackendError>] = [:]
    for (group, limit) in [(kept, Int?.some(.max)), (others, nil)] {
      let answers = await changes.backend.apply(
        group.map { prepared.changes[$0] }, undoLimit: limit)
      for (place, answer) in zip(group, answers) { results[place] = answer }
    }
    return places.map { results[$0] ?? .failure(.malformedReply("fewer outcomes than changes")) }
  }

  private func settle(_ prepared: Prepared, _ made: [UndoRecord]) async -> KeeperError? {
    guard let keeper = changes.keeper, let batch = prepared.batch else { return nil }
    do throws(KeeperError) {
      try await keeper.settle(batch, made)
      return nil
    } catch {
      return error
    }
  }
}

extension ChangedBatch {
  /// The changes that were not sent for this reason.
  fileprivate mutating func refuse(_ count: Int, because error: JournaledChangeError) {
    let reason: BackendError
    switch error {
    case .notKept(let problem):
      keeperProblem = problem
      reason = .unsupported("be changed without undo: \(problem.sentence)")
    case .notAsked(let problem): reason = problem
    }
    results += Array(repeating: .failure(reason), count: count)
  }
}
