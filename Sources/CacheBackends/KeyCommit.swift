import CacheModel
import RESP

/// One transaction that changes keys and, when undo is kept, captures their states before and after
/// it.
struct KeyCommit: Sendable {
  let plan: ChangePlan
  private let keeps: Bool
  private let traits: RedisTraits

  init(_ plan: ChangePlan, keeps: Bool, _ traits: RedisTraits) {
    self.plan = plan
    self.keeps = keeps
    self.traits = traits
  }

  private var before: [RESPCommand] {
    guard keeps else { return [] }
    return plan.touched.filter(\.before).flatMap { KeyCapture.commands(for: $0.key, traits) }
  }

  private var after: [RESPCommand] {
    guard keeps else { return [] }
    return plan.touched.filter(\.after).flatMap { KeyCapture.commands(for: $0.key, traits) }
  }

  /// What the transaction consists of, between MULTI and EXEC.
  var commands: [RESPCommand] { before + plan.commands + after }

  /// The replies to the commands of the plan.
  func replies(in done: [RESPValue]) -> [(command: RESPCommand, value: RESPValue)] {
    zip(plan.commands, done.dropFirst(before.count)).map { ($0, $1) }
  }

  /// What undo keeps of a transaction that was carried out; nil when an old state or a new one was
  /// not told in full.
  func record(_ done: [RESPValue], _ origin: SourceIdentity) -> UndoRecord? {
    guard keeps else { return nil }
    var answers = ReplyReader(done)
    guard let old = captures(plan.touched.map(\.before), &answers) else { return nil }
    for _ in plan.commands { _ = answers.next() }
    guard let new = captures(plan.touched.map(\.after), &answers) else { return nil }
    let transitions = zip(plan.touched, zip(old, new)).map { touched, states in
      KeyTransition(key: touched.key, before: states.0.state, after: states.1.state)
    }
    return transitions.first.map {
      UndoRecord($0, Array(transitions.dropFirst()), origin: origin)
    }
  }

  private func captures(_ isAsked: [Bool], _ answers: inout ReplyReader) -> [KeyCapture]? {
    var captures: [KeyCapture] = []
    for isAsked in isAsked {
      guard isAsked else {
        captures.append(.absent)
        continue
      }
      guard let capture = KeyCapture(&answers, traits) else { return nil }
      captures.append(capture)
    }
    return captures
  }
}
