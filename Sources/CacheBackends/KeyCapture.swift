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
    let clock = asksTime(traits) ? [RESPCommand("TIME")] : []
    return [RESPCommand("DUMP", [key.bytes])] + clock
      + [KeyState.deadlineCommand(for: key, traits)]
  }

  /// Only a PTTL needs the server's clock.
  private static func asksTime(_ traits: RedisTraits) -> Bool {
    !traits.has(.expireTime) && traits.has(.time)
  }

  init(payload: [UInt8]?, deadline: Int64?) {
    self.payload = payload
    self.deadline = deadline
  }

  /// Nil when the key has a deadline that was not told: without it the state is not whole.
  init?(_ answers: inout ReplyReader, _ traits: RedisTraits) {
    payload = answers.next().bytes
    let now = Self.asksTime(traits) ? KeyState.milliseconds(answers.next()) : nil
    let told = answers.next()
    deadline = KeyState.deadline(told, now: now, traits)
    if told.integer == nil || (deadline == nil && KeyState.hasDeadline(told)) { return nil }
  }

  /// Whether this is the state that a change left behind. Without PEXPIRETIME a deadline is known
  /// to a few milliseconds only.
  func isState(payload: [UInt8]?, deadline: WallTime?, _ traits: RedisTraits) -> Bool {
    guard self.payload == payload else { return false }
    guard payload != nil else { return true }
    switch (self.deadline, deadline?.milliseconds) {
    case (nil, nil): return true
    case (let mine?, let other?):
      let (difference, overflow) = mine.subtractingReportingOverflow(other)
      return !overflow && difference.magnitude <= (traits.has(.expireTime) ? 0 : 5)
    default: return false
    }
  }
}
