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
    return marks.flatMap { $0.commands(traits) }
  }

  private var marks: [MarkQuestion] {
    plan.touched.filter(\.after).map { MarkQuestion(key: $0.key, kind: $0.kind, traits) }
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
    var old: [StoredState?] = []
    for touched in plan.touched {
      guard touched.before else {
        old.append(nil)
        continue
      }
      guard let capture = KeyCapture(&answers, traits) else { return nil }
      old.append(capture.state)
    }
    for _ in plan.commands { _ = answers.next() }
    var new: [LeftState] = []
    for touched in plan.touched {
      guard touched.after else {
        new.append(.absent)
        continue
      }
      let question = MarkQuestion(key: touched.key, kind: touched.kind, traits)
      switch question.read(&answers, traits) {
      case .absent: new.append(.absent)
      case .marked(let mark): new.append(.marked(mark))
      case .other, nil: return nil
      }
    }
    return record(old, new, origin)
  }

  private func record(
    _ old: [StoredState?], _ new: [LeftState], _ origin: SourceIdentity
  ) -> UndoRecord? {
    let transitions = zip(plan.touched, zip(old, new)).map { touched, states in
      KeyTransition(key: touched.key, before: states.0, after: states.1)
    }
    return transitions.first.map {
      UndoRecord($0, Array(transitions.dropFirst()), origin: origin)
    }
  }
}
