import CacheModel
import RESP

/// What a server says of one key at one moment, before a change or an undo.
struct KeyState: Sendable, Equatable {
  var exists = false
  /// Nil when there is no key, or the server does not tell.
  var kind: ValueKind?
  /// Milliseconds since 1970 by the server's clock.
  var deadline: Int64?
  /// Whether the key has a deadline, also where the server does not tell which.
  var hasDeadline = false
  /// The server's clock; nil when it does not tell.
  var now: Int64?
  /// The answers to the questions about the present value.
  var answers: [RESPValue] = []

  /// What to ask; `questions` are about the present value, such as GETRANGE.
  static func commands(
    for key: CacheKey, traits: RedisTraits, asking questions: [RESPCommand]
  ) -> [RESPCommand] {
    var commands = traits.has(.time) ? [RESPCommand("TIME")] : []
    if traits.has(.type) { commands.append(KeyQuestion.kind.command(key)) }
    commands.append(deadlineCommand(for: key, traits))
    return commands + questions
  }

  /// The answer to one question; null when it was not asked.
  func answer(_ index: Int) -> RESPValue {
    answers.indices.contains(index) ? answers[index] : .null
  }

  /// From the replies to `commands`; `count` questions were asked.
  init(_ replies: [RESPValue], traits: RedisTraits, questions count: Int) {
    var answers = ReplyReader(replies)
    if traits.has(.time) { now = Self.milliseconds(answers.next()) }
    if traits.has(.type) {
      let name = answers.next().text
      exists = name != nil && name != "none"
      kind = exists ? name.map { ValueKind(redisName: $0) } : nil
    }
    let time = answers.next()
    if !traits.has(.type) { exists = time.integer.map { $0 != -2 } ?? false }
    deadline = Self.deadline(time, now: now, traits)
    hasDeadline = Self.hasDeadline(time)
    for _ in 0..<count { self.answers.append(answers.next()) }
  }

  /// PEXPIRETIME, or PTTL where that is unknown.
  static func deadlineCommand(for key: CacheKey, _ traits: RedisTraits) -> RESPCommand {
    RESPCommand(traits.has(.expireTime) ? "PEXPIRETIME" : "PTTL", [key.bytes])
  }

  /// The deadline told by that command. From a PTTL it is the server's time plus what was left;
  /// TIME was asked first, so the sum may be a millisecond early and is never late.
  static func deadline(_ reply: RESPValue, now: Int64?, _ traits: RedisTraits) -> Int64? {
    guard let told = reply.integer, told >= 0 else { return nil }
    if traits.has(.expireTime) { return told }
    return now.map { now in
      let (sum, overflow) = now.addingReportingOverflow(told)
      return overflow ? .max : sum
    }
  }

  /// Whether that command has told of a deadline, known or not.
  static func hasDeadline(_ reply: RESPValue) -> Bool {
    (reply.integer ?? -1) >= 0
  }

  /// The answer to TIME in milliseconds.
  static func milliseconds(_ reply: RESPValue) -> Int64? {
    guard let parts = reply.elements, parts.count == 2, let seconds = parts[0].integer,
      let micros = parts[1].integer, (0...1 << 40).contains(seconds),
      (0..<1_000_000).contains(micros)
    else { return nil }
    return seconds * 1000 + micros / 1000
  }
}
