import CacheModel
import RESP

/// The exact state of a key as undo keeps it: its DUMP and its deadline, asked inside the
/// transaction that changes the key, so that nobody can come between.
struct KeyCapture: Sendable, Equatable {
  /// Nil when there is no key.
  var state: StoredState?

  static let absent = KeyCapture(state: nil)

  static func commands(for key: CacheKey, _ traits: RedisTraits) -> [RESPCommand] {
    let clock = asksTime(traits) ? [RESPCommand("TIME")] : []
    return [RESPCommand("DUMP", [key.bytes])] + clock
      + [KeyState.deadlineCommand(for: key, traits)]
  }

  /// Only a PTTL needs the server's clock.
  private static func asksTime(_ traits: RedisTraits) -> Bool {
    !traits.has(.expireTime) && traits.has(.time)
  }

  init(state: StoredState?) {
    self.state = state
  }

  /// Nil when a part was refused, or the key has a deadline that was not told: without it the state
  /// is not whole.
  init?(_ answers: inout ReplyReader, _ traits: RedisTraits) {
    let payload = answers.next()
    let now = Self.asksTime(traits) ? KeyState.milliseconds(answers.next()) : nil
    let told = answers.next()
    let deadline = KeyState.deadline(told, now: now, traits)
    if payload.error != nil || told.integer == nil { return nil }
    if deadline == nil && KeyState.hasDeadline(told) { return nil }
    state = payload.bytes.map {
      StoredState(payload: $0, deadline: deadline.map { WallTime(milliseconds: $0) })
    }
  }

  /// Whether this is the state that a change left behind. Without PEXPIRETIME a deadline is known
  /// to a few milliseconds only.
  func isState(_ other: StoredState?, _ traits: RedisTraits) -> Bool {
    guard state?.payload == other?.payload else { return false }
    switch (state?.deadline, other?.deadline) {
    case (nil, nil): return true
    case (let mine?, let other?):
      let (difference, overflow) =
        mine.milliseconds.subtractingReportingOverflow(other.milliseconds)
      return !overflow && difference.magnitude <= (traits.has(.expireTime) ? 0 : 5)
    default: return false
    }
  }
}

extension StoredState {
  /// Puts the state under a key. The deadline goes in a command of its own in the same transaction,
  /// which every server knows: a relative time would make the key live longer by the time of the
  /// way there, and one that has passed meanwhile takes the key away again.
  func commands(restoring key: CacheKey, replacing: Bool) -> [RESPCommand] {
    let options = replacing ? [Array("REPLACE".utf8)] : []
    let restore = RESPCommand("RESTORE", [key.bytes, Array("0".utf8), payload] + options)
    guard let deadline else { return [restore] }
    let end = Array(String(deadline.milliseconds).utf8)
    return [restore, RESPCommand("PEXPIREAT", [key.bytes, end])]
  }
}
