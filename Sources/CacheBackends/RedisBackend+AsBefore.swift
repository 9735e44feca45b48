import CacheModel
import RESP

/// Keys that are not as a change left them: they may be as they were before it. It was never carried
/// out then, somebody has put them back, or what is put there is there already.
extension RedisBackend {
  /// What is known of a record whose keys are not as the change left them.
  enum Standing: Sendable {
    /// They are as before it already; the record would undo putting them back.
    case asBefore(UndoRecord)
    case otherwise
    /// It was not told.
    case untold

    /// Nil where putting it back would meet neither.
    var outcome: UndoOutcome? {
      if case .asBefore(let redo) = self { .asBefore(redo: redo) } else { nil }
    }
  }

  /// Compares the keys with their states before, all in one batch. The values are read whole.
  func areAsBefore(
    _ records: [UndoRecord], on connection: any RESPConnection
  ) async throws(ChannelError) -> [Standing] {
    let traits = traits
    let redos = records.map { Self.redo(of: $0, traits) }
    let questions = redos.map { redo in
      redo.transitions.map { MarkQuestion(key: $0.key, basis: $0.after.mark?.basis) }
    }
    let batch = questions.flatMap { $0.flatMap { $0.commands(traits) } }
    var answers = ReplyReader(try await connection.send(batch).counted(for: batch))
    return zip(redos, questions).map { redo, questions in
      let told = questions.map { $0.read(&answers, traits) }
      let present = told.compactMap { $0 }
      guard present.count == told.count else { return .untold }
      let plan = UndoPlan(redo, over: present, now: nil, keepsRedo: false, traits)
      return plan.refusal(overwriting: false) == nil ? .asBefore(redo) : .otherwise
    }
  }

  /// The record of a change that has left the states before.
  private static func redo(of record: UndoRecord, _ traits: RedisTraits) -> UndoRecord {
    var redo = record
    for place in redo.transitions.indices {
      redo.transitions[place].after = LeftState(
        redo.transitions[place].before.map {
          traits.has(.contents) ? StateMark(ofContent: $0) : StateMark(of: $0)
        })
    }
    return redo
  }

  /// Bytes of values that are compared in one batch.
  private static var bytesInOneLook: Int64 { 4 << 20 }
  private static var recordsInOneLook: Int { 64 }

  /// The same for many records, in their order; those with a key so large that it is looked at alone
  /// are untold.
  func areAsBefore(_ records: [UndoRecord]) async throws(BackendError) -> [Standing] {
    let most = Self.bytesInOneLook / Int64(Self.recordsInOneLook)
    var standings: [Standing] = []
    for start in stride(from: 0, to: records.count, by: Self.recordsInOneLook) {
      let part = Array(records[start..<min(records.count, start + Self.recordsInOneLook)])
      var sizes = try await sizes(of: part.flatMap(\.keys), upTo: most)[...]
      let isSmall = part.map { record in
        let own = sizes.prefix(record.keys.count)
        sizes = sizes.dropFirst(record.keys.count)
        return own.allSatisfy { $0.bytes.map { $0 <= most } ?? false }
      }
      let asked = zip(part, isSmall).filter(\.1).map(\.0)
      var told = asked.isEmpty ? [] : try await told(of: asked)[...]
      standings += isSmall.map { $0 ? told.popFirst() ?? .untold : .untold }
    }
    return standings
  }

  private func told(of records: [UndoRecord]) async throws(BackendError) -> [Standing] {
    try await exclusively { connection throws(ChannelError) in
      .success(try await self.areAsBefore(records, on: connection))
    }
  }
}
