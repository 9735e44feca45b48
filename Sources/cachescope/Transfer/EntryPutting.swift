import CacheModel
import Plans

/// Puts entries under their keys in a source, in batches, as one change that can be taken back.
struct EntryPutting {
  private let session: ScriptSession
  private let change: JournaledChange
  private let isReplacing: Bool
  private var waiting: [UndoRecord] = []
  private var waitingBytes = 0
  private var lost = 0
  private var tally: TransferTally

  /// Entries and bytes of a batch.
  private static let batchCount = 256
  private static let batchBytes = 4 << 20

  /// Puts all that `add` adds into the source of a session, and tells the result; what was put when
  /// it fails is in the journal, too. `title` is the line of the journal, `doneWord` as in a tally.
  static func run(
    _ session: ScriptSession, title: String, doneWord: String, conflict: ConflictChoice,
    _ add: (inout EntryPutting) async throws(CommandFailure) -> Void
  ) async throws(CommandFailure) {
    let tally = TransferTally(session.output, doneWord: doneWord, conflict: conflict)
    var putting = try await EntryPutting(session, title: title, conflict: conflict, tally: tally)
    var failure: CommandFailure?
    do throws(CommandFailure) {
      try await add(&putting)
    } catch {
      failure = error
    }
    do throws(CommandFailure) {
      try await putting.finish()
    } catch {
      failure = failure ?? error
    }
    putting.tally.finish()
    if let failure { throw failure }
  }

  private init(
    _ session: ScriptSession, title: String, conflict: ConflictChoice, tally: TransferTally
  ) async throws(CommandFailure) {
    self.session = session
    self.tally = tally
    isReplacing = conflict == .replace
    do throws(JournaledChangeError) {
      change = try await session.changes.begin(session.header(title))
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Takes an entry; it is put under its key with the batch that it completes.
  mutating func add(_ key: CacheKey, _ state: StoredState) async throws(CommandFailure) {
    let record = UndoRecord(
      KeyTransition(key: key, before: state, after: .absent), origin: session.source.identity)
    waiting.append(record)
    waitingBytes += record.cost
    guard waiting.count >= Self.batchCount || waitingBytes >= Self.batchBytes else { return }
    try await putWaiting()
  }

  mutating func fail(_ kind: CommandFailure.Kind, _ reason: String, _ key: CacheKey) {
    tally.fail(kind, reason, key)
  }

  /// Puts what is left and ends the change; also after a failure.
  private mutating func finish() async throws(CommandFailure) {
    do throws(CommandFailure) {
      try await putWaiting()
    } catch {
      await change.finish(lost: lost)
      throw error
    }
    await change.finish(lost: lost)
  }

  private mutating func putWaiting() async throws(CommandFailure) {
    var rest = waiting[...]
    waiting = []
    waitingBytes = 0
    while !rest.isEmpty {
      let part: JournaledChange.PutBack
      do throws(JournaledChangeError) {
        part = try await change.putBack(Array(rest), overwriting: isReplacing)
      } catch {
        throw CommandFailure(error)
      }
      lost += part.lost
      for (record, result) in zip(rest, part.results) {
        if case .failure(let error) = result, !error.isOfOneKey { throw CommandFailure(error) }
        tally.count(result, of: record.key)
      }
      if let error = part.keeperProblem { throw CommandFailure(error) }
      rest = rest.dropFirst(max(1, part.results.count))
    }
    tally.showProgress()
  }
}
