import CacheModel
import RESP

/// One transaction that changes a key and, when undo is kept, captures its state before and after.
struct KeyCommit: Sendable {
  private let key: CacheKey
  private let keeps: Bool
  private let existed: Bool
  private let traits: RedisTraits

  init(_ key: CacheKey, keeps: Bool, _ state: KeyState, _ traits: RedisTraits) {
    self.key = key
    self.keeps = keeps
    existed = state.exists
    self.traits = traits
  }

  private var before: [RESPCommand] {
    keeps && existed ? KeyCapture.commands(for: key, traits) : []
  }

  private func after(_ plan: ChangePlan) -> [RESPCommand] {
    keeps && plan.leavesKey ? KeyCapture.commands(for: key, traits) : []
  }

  /// What the transaction consists of, between MULTI and EXEC.
  func commands(for plan: ChangePlan) -> [RESPCommand] {
    before + plan.commands + after(plan)
  }

  /// The reply to the first command of the plan.
  func firstReply(
    in done: [RESPValue], _ plan: ChangePlan
  ) -> (command: RESPCommand, value: RESPValue)? {
    guard done.count > before.count, let command = plan.commands.first else { return nil }
    return (command, done[before.count])
  }

  /// The first command of the plan that was refused.
  func refusal(
    in done: [RESPValue], _ plan: ChangePlan
  ) -> (command: RESPCommand, error: RESPError)? {
    for (command, reply) in zip(plan.commands, done.dropFirst(before.count)) {
      if let error = reply.error { return (command, error) }
    }
    return nil
  }

  /// What undo keeps of a transaction that was carried out; nil when the old state or the new one
  /// was not told in full.
  func record(
    _ done: [RESPValue], _ plan: ChangePlan, _ origin: SourceIdentity
  ) -> UndoRecord? {
    guard keeps else { return nil }
    var answers = ReplyReader(done)
    let old = existed ? KeyCapture(&answers, traits) : .absent
    if existed, old?.payload == nil { return nil }
    for _ in plan.commands { _ = answers.next() }
    let new = plan.leavesKey ? KeyCapture(&answers, traits) : .absent
    guard let old, let new else { return nil }
    return UndoRecord(from: old, to: new, of: key, origin)
  }
}

extension UndoRecord {
  init(from old: KeyCapture, to new: KeyCapture, of key: CacheKey, _ origin: SourceIdentity) {
    self.init(
      key: key, payload: old.payload,
      deadline: old.deadline.map { WallTime(milliseconds: $0) }, payloadAfter: new.payload,
      deadlineAfter: new.deadline.map { WallTime(milliseconds: $0) }, origin: origin)
  }
}
