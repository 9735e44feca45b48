import CacheModel
import RESP

/// What has to be sent to put the keys of a record back over their present states, or why nothing
/// is sent. Pure, as `ChangePlan` is.
struct UndoPlan: Sendable {
  let record: UndoRecord
  private let present: [KeyCapture]
  /// The server's clock; without one nothing is over.
  private let now: Int64
  private let traits: RedisTraits

  init(_ record: UndoRecord, over present: [KeyCapture], now: Int64?, _ traits: RedisTraits) {
    self.record = record
    self.present = present
    self.now = now ?? 0
    self.traits = traits
  }

  private func isOver(_ state: StoredState?) -> Bool {
    state?.deadline.map { $0.milliseconds <= now } ?? false
  }

  /// Why the old states are not put back.
  func refusal(overwriting: Bool) -> UndoOutcome? {
    let states = record.transitions.compactMap(\.before)
    if !states.isEmpty, states.allSatisfy(isOver) { return .expiredMeanwhile }
    if overwriting { return nil }
    let isAsLeft = zip(record.transitions, present).allSatisfy(isAsLeft)
    return isAsLeft ? nil : .changedMeanwhile
  }

  private func isAsLeft(_ transition: KeyTransition, _ present: KeyCapture) -> Bool {
    if present.isState(transition.after, traits) { return true }
    // The change let the key expire, and its last millisecond is not over yet.
    if transition.after == nil, present.state?.payload == transition.before?.payload,
      let deadline = present.state?.deadline, deadline.milliseconds - 1 <= now
    {
      return true
    }
    // The lifetime that the change gave the key is over; the one that it took away is not.
    return present.state == nil && isOver(transition.after)
  }

  /// Restores first: should one be refused, nothing has been deleted yet. A state whose time has
  /// come is not put back; RESTORE would make it anew for a moment.
  var commands: [RESPCommand] {
    let restoring = record.transitions.flatMap { transition in
      wanted(transition)?.commands(restoring: transition.key, replacing: true) ?? []
    }
    let deleting = record.transitions.filter { wanted($0) == nil }.map {
      RESPCommand(traits.has(.unlink) ? "UNLINK" : "DEL", [$0.key.bytes])
    }
    return restoring + deleting
  }

  private func wanted(_ transition: KeyTransition) -> StoredState? {
    isOver(transition.before) ? nil : transition.before
  }

  /// What became of it, by the states that the transaction left; nil where they were not told.
  func outcome(_ restored: [KeyCapture]?) -> UndoOutcome {
    guard let restored else { return .restored(redo: nil) }
    let expected = record.transitions.map(wanted)
    if expected.contains(where: { $0 != nil }), restored.allSatisfy({ $0.state == nil }) {
      return .expiredMeanwhile
    }
    let transitions = zip(record.keys, zip(present, restored)).map { key, states in
      KeyTransition(key: key, before: states.0.state, after: states.1.state)
    }
    guard let first = transitions.first else { return .restored(redo: nil) }
    let redo = UndoRecord(first, Array(transitions.dropFirst()), origin: record.origin)
    return .restored(redo: redo)
  }
}
