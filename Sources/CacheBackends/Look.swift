import CacheModel
import RESP

/// The first half of a change: watch, ask for the state of the key, and begin the transaction.
struct Look: Sendable {
  enum Answer: Sendable {
    /// The state, and what MULTI was answered, where it was sent.
    case seen(KeyState, begun: RESPValue?)
    case refused(command: RESPCommand, reply: RESPValue, error: RESPError)
  }

  private let watch: [RESPCommand]
  private let asking: [RESPCommand]
  private let questions: Int
  private let begin: [RESPCommand]
  private let traits: RedisTraits

  init(_ change: KeyChange, _ key: CacheKey, _ traits: RedisTraits, begins: Bool) {
    let questions = change.questions(about: key, traits)
    let keys = [key.bytes] + (change.otherKey.map { [$0.bytes] } ?? [])
    watch = change.dependsOnState(traits) ? [RESPCommand("WATCH", keys)] : []
    asking = KeyState.commands(for: key, traits: traits, asking: questions)
    begin = begins ? [RESPCommand("MULTI")] : []
    self.questions = questions.count
    self.traits = traits
  }

  var commands: [RESPCommand] { watch + asking + begin }

  /// What the replies to `commands` tell. A part of another kind is no refusal; MULTI's is told when
  /// something is to be sent.
  func read(_ replies: [RESPValue]) -> Answer {
    for (command, reply) in zip(watch + asking, replies) {
      guard let error = reply.error, !error.isWrongType else { continue }
      if command.verb == "TIME", !error.isForGood { continue }
      return .refused(command: command, reply: reply, error: error)
    }
    let told = replies.dropFirst(watch.count).prefix(asking.count)
    let state = KeyState(Array(told), traits: traits, questions: questions)
    return .seen(state, begun: begin.isEmpty ? nil : replies.last)
  }
}
