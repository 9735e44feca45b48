import CacheModel
import DumpPayload
import RESP

/// What has to be sent to put the keys of a record back over their present states, or why nothing
/// is sent. Pure, as `ChangePlan` is. The transaction captures the states that it overwrites and
/// marks those that it leaves: together they are what undoes the undo.
struct UndoPlan: Sendable {
  let record: UndoRecord
  /// Restores, then deletions. The order protects nothing by itself: EXEC carries out all commands
  /// of a transaction, whichever of them fails. A state whose time has come is not put back.
  let changes: [RESPCommand]
  /// A payload that the server does not take, and whose parts are not known here.
  let obstacle: [UInt8]?
  private let present: [MarkQuestion.Answer]
  /// The server's clock; without one nothing is over.
  private let now: Int64
  private let keepsRedo: Bool
  private let traits: RedisTraits

  init(
    _ record: UndoRecord, over present: [MarkQuestion.Answer], now: Int64?, keepsRedo: Bool,
    _ traits: RedisTraits
  ) {
    self.record = record
    self.present = present
    self.now = now ?? 0
    self.keepsRedo = keepsRedo && traits.keepsStates
    self.traits = traits
    (changes, obstacle) = Self.changes(record, now ?? 0, traits)
  }

  private static func changes(
    _ record: UndoRecord, _ now: Int64, _ traits: RedisTraits
  ) -> ([RESPCommand], obstacle: [UInt8]?) {
    var restoring: [RESPCommand] = []
    var deleting: [RESPCommand] = []
    for transition in record.transitions {
      guard let state = wanted(transition, now) else {
        deleting.append(RESPCommand(traits.has(.unlink) ? "UNLINK" : "DEL", [transition.key.bytes]))
        continue
      }
      let commands = state.commands(restoring: transition.key, replacing: true, traits)
      guard let commands else { return ([], state.value.payload ?? []) }
      restoring += commands
    }
    return (restoring + deleting, nil)
  }

  /// The same with what was learnt meanwhile.
  func again(_ traits: RedisTraits) -> UndoPlan {
    UndoPlan(record, over: present, now: now, keepsRedo: keepsRedo, traits)
  }

  // MARK: Whether

  private func isOver(_ deadline: WallTime?) -> Bool { Self.isOver(deadline, now) }

  private static func isOver(_ deadline: WallTime?, _ now: Int64) -> Bool {
    deadline.map { $0.milliseconds <= now } ?? false
  }

  /// Why the old states are not put back.
  func refusal(overwriting: Bool) -> UndoOutcome? {
    let states = record.transitions.compactMap(\.before)
    if !states.isEmpty, states.allSatisfy({ isOver($0.deadline) }) { return .expiredMeanwhile }
    if overwriting { return nil }
    let isAsLeft = zip(record.transitions, present).allSatisfy(isAsLeft)
    return isAsLeft ? nil : .changedMeanwhile
  }

  private func isAsLeft(_ transition: KeyTransition, _ present: MarkQuestion.Answer) -> Bool {
    switch (transition.after, present) {
    case (.absent, .absent): return true
    // The change let the key expire, and its last millisecond is not over yet.
    case (.absent, .other(let deadline?)): return deadline.milliseconds - 1 <= now
    // The lifetime that the change gave the key is over; the one that it took away is not.
    case (.marked(let after), .absent): return isOver(after.deadline)
    case (.marked(let after), .marked(let mark)):
      return mark.basis == after.basis && mark.digest == after.digest
        && isSame(mark.deadline, after.deadline)
    default: return false
    }
  }

  /// Without PEXPIRETIME a deadline is known to a few milliseconds only.
  private func isSame(_ one: WallTime?, _ other: WallTime?) -> Bool {
    guard let one, let other else { return one == other }
    let (difference, overflow) =
      one.milliseconds.subtractingReportingOverflow(other.milliseconds)
    return !overflow && difference.magnitude <= (traits.has(.expireTime) ? 0 : 5)
  }

  // MARK: How

  /// What the transaction consists of.
  var commands: [RESPCommand] {
    before + changes + marks.flatMap { $0.commands(traits) }
  }

  private var before: [RESPCommand] {
    keepsRedo ? record.keys.flatMap { KeyCapture.commands(for: $0, traits) } : []
  }

  private func wanted(_ transition: KeyTransition) -> StoredState? {
    Self.wanted(transition, now)
  }

  private static func wanted(_ transition: KeyTransition, _ now: Int64) -> StoredState? {
    isOver(transition.before?.deadline, now) ? nil : transition.before
  }

  private var marks: [MarkQuestion] {
    record.transitions.map { transition in
      guard let state = wanted(transition) else {
        return MarkQuestion(key: transition.key, basis: nil)
      }
      return MarkQuestion(key: transition.key, kind: state.kind, traits)
    }
  }

  // MARK: What came of it

  /// The RDB version of a payload that RESTORE has found wrong for this server, and whether that is
  /// because of the version.
  func refusedPayload(in done: [RESPValue]) -> (version: UInt64, isForGood: Bool)? {
    for (change, reply) in changes(in: done) where change.verb == "RESTORE" {
      guard let error = reply.error, error.tellsOfWrongPayload, change.arguments.count > 3,
        let version = DumpPayload.version(of: change.arguments[3])
      else { continue }
      return (version, error.tellsOfWrongVersion)
    }
    return nil
  }

  /// The commands that change something, and what they were answered.
  func changes(in done: [RESPValue]) -> [(RESPCommand, RESPValue)] {
    zip(changes, done.dropFirst(before.count)).map { ($0, $1) }
  }

  /// What the keys held before the transaction; empty where that is not kept.
  func captures(in done: [RESPValue]) -> [KeyCapture?] {
    var answers = ReplyReader(done)
    return keepsRedo ? record.keys.map { _ in KeyCapture(&answers, traits) } : []
  }

  /// `old` are the states that a redo puts back, where they are others than those captured.
  func outcome(of done: [RESPValue], old: [KeyCapture?]? = nil) -> UndoOutcome {
    let new = states(in: done)
    let wantsSome = record.transitions.contains { wanted($0) != nil }
    if wantsSome, new.allSatisfy({ $0 == .absent }) { return .expiredMeanwhile }
    return .restored(redo: redo(old ?? captures(in: done), new))
  }

  /// What puts everything back as it was before a transaction of which a part was refused.
  func reversal(of done: [RESPValue]) -> UndoRecord? {
    redo(captures(in: done), states(in: done))
  }

  /// What the transaction has left behind, for each key.
  private func states(in done: [RESPValue]) -> [MarkQuestion.Answer?] {
    var answers = ReplyReader(Array(done.dropFirst(before.count + changes.count)))
    return marks.map { $0.read(&answers, traits) }
  }

  private func redo(_ old: [KeyCapture?], _ new: [MarkQuestion.Answer?]) -> UndoRecord? {
    guard old.count == record.keys.count else { return nil }
    var transitions: [KeyTransition] = []
    for (key, (capture, answer)) in zip(record.keys, zip(old, new)) {
      guard let capture else { return nil }
      switch answer {
      case .absent?:
        transitions.append(KeyTransition(key: key, before: capture.state, after: .absent))
      case .marked(let mark)?:
        transitions.append(KeyTransition(key: key, before: capture.state, after: .marked(mark)))
      case .other?, nil: return nil
      }
    }
    return transitions.first.map {
      UndoRecord($0, Array(transitions.dropFirst()), origin: record.origin)
    }
  }
}
