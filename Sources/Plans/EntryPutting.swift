package import CacheModel

/// Puts entries under their keys in a source, in batches, as one change that can be taken back.
///
/// What is there already, with the same value and the same end, is neither written nor kept. What else
/// is under a key is overwritten only where that is chosen, and kept before. It ends by itself when the
/// source is lost or nothing can be kept (`problem`); what it takes after that is not put.
package struct EntryPutting: Sendable {
  private let change: JournaledChange
  private let conflict: ConflictChoice
  private var waiting: [UndoRecord] = []
  private var waitingBytes = 0
  /// Entries that were put and cannot be taken back, though undo was asked for.
  package private(set) var lost = 0
  /// Why it ended.
  package private(set) var problem: JournaledChangeError?
  /// The journal could not note the outcome of a batch; undo will look for itself.
  package private(set) var keeperProblem: KeeperError?

  /// Entries and bytes of a batch.
  private static let batchCount = 256
  private static let batchBytes = 4 << 20

  /// The change is begun in the journal with the header.
  package init(
    _ changes: JournaledChanges, _ header: ChangeHeader, onConflict conflict: ConflictChoice
  ) async throws(JournaledChangeError) {
    change = try await changes.begin(header)
    self.conflict = conflict
  }

  /// The change in the journal; nil where nothing is kept.
  package var id: ChangeID? { change.id }

  /// Takes an entry; it is put under its key with the batch that it completes. Answers what became of
  /// those.
  package mutating func add(_ key: CacheKey, _ state: StoredState) async -> [EntryOutcome] {
    guard problem == nil else { return [] }
    let record = UndoRecord(
      KeyTransition(key: key, before: state, after: .absent), origin: change.header.source)
    waiting.append(record)
    waitingBytes += record.cost
    guard waiting.count >= Self.batchCount || waitingBytes >= Self.batchBytes else { return [] }
    return await putWaiting()
  }

  /// Puts what is left.
  package mutating func putWaiting() async -> [EntryOutcome] {
    var rest = waiting[...]
    waiting = []
    waitingBytes = 0
    var outcomes: [EntryOutcome] = []
    while !rest.isEmpty, problem == nil {
      let results = await put(rest, overwriting: false)
      outcomes += await settled(Array(rest.prefix(results.count)), results)
      rest = rest.dropFirst(max(1, results.count))
    }
    return outcomes
  }

  /// Ends the change; also after a problem. Answers why that could not be noted.
  @discardableResult
  package func finish() async -> KeeperError? { await change.finish(lost: lost) }

  /// What became of the first records; those that found something else under their keys are put in
  /// its place where that is wanted.
  private mutating func settled(
    _ records: [UndoRecord], _ results: [Result<UndoOutcome, BackendError>]
  ) async -> [EntryOutcome] {
    var results = results.map(Optional.some)
    if conflict == .replace {
      let places = results.indices.filter { results[$0] == .success(.changedMeanwhile) }
      var rest = places[...]
      while !rest.isEmpty, problem == nil {
        let again = await put(rest.map { records[$0] }[...], overwriting: true)
        for (place, result) in zip(rest, again) { results[place] = result }
        rest = rest.dropFirst(max(1, again.count))
      }
      // Those that were not tried again were not put.
      for place in rest { results[place] = nil }
    }
    return zip(records, results).compactMap { record, result in
      result.map { EntryOutcome(record.key, putting: $0) }
    }
  }

  private mutating func put(
    _ records: ArraySlice<UndoRecord>, overwriting: Bool
  ) async -> [Result<UndoOutcome, BackendError>] {
    do throws(JournaledChangeError) {
      let part = try await change.putBack(
        Array(records), overwriting: overwriting, keepingUnchanged: false)
      lost += part.lost
      keeperProblem = keeperProblem ?? part.keeperProblem
      if let error = part.keeperProblem { problem = problem ?? .notKept(error) }
      for case .failure(let error) in part.results where !error.isOfOneKey {
        problem = problem ?? .notAsked(error)
      }
      return part.results
    } catch {
      problem = error
      return []
    }
  }
}
