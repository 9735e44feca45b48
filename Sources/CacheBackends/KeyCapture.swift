import CacheModel
import RESP

/// The exact state of a key as undo keeps it: its DUMP and its deadline, asked inside the
/// transaction that changes the key, so that nobody can come between.
struct KeyCapture: Sendable, Equatable {
  /// Nil when there is no key.
  var payload: [UInt8]?
  var deadline: Int64?

  static let absent = KeyCapture(payload: nil, deadline: nil)

  static func commands(for key: CacheKey, _ traits: RedisTraits) -> [RESPCommand] {
    [
      RESPCommand("DUMP", [key.bytes]), RESPCommand("TIME"),
      KeyState.deadlineCommand(for: key, traits),
    ]
  }

  static let commandCount = 3

  init(payload: [UInt8]?, deadline: Int64?) {
    self.payload = payload
    self.deadline = deadline
  }

  init(_ answers: inout ReplyReader, _ traits: RedisTraits) {
    payload = answers.next().bytes
    let now = KeyState.milliseconds(answers.next())
    deadline = KeyState.deadline(answers.next(), now: now, traits)
  }

  /// Whether this is the state that a change left behind. Without PEXPIRETIME a deadline is known
  /// to a few milliseconds only.
  func isState(payload: [UInt8]?, deadline: WallTime?, _ traits: RedisTraits) -> Bool {
    guard self.payload == payload else { return false }
    guard payload != nil else { return true }
    switch (self.deadline, deadline?.milliseconds) {
    case (nil, nil): return true
    case (let mine?, let other?): return abs(mine - other) <= (traits.has(.expireTime) ? 0 : 5)
    default: return false
    }
  }
}
