import CacheModel
import RESP

/// What has to be sent for a change of a key in a known state, or why nothing is sent. Pure: the
/// write rules are here, the sending of them in `RedisBackend+Apply.swift`.
///
/// The commands run in one transaction. Where the state decides (`KeyChange.dependsOnState`) the key
/// is watched since before it was looked at; the others are right whatever happened meanwhile.
/// No command here can bring back a key that has gone: SET says XX, and HSET is guarded by the
/// watch and, on servers that do not notice an expiry there, by setting the old deadline again.
struct ChangePlan: Sendable, Equatable {
  enum Decision: Sendable, Equatable {
    case stop(ChangeOutcome)
    case send(ChangePlan)
    /// What has to be known cannot be asked.
    case refuse(BackendError)
  }

  var commands: [RESPCommand]
  /// Whether the key is there after the change.
  var leavesKey = true
  /// The outcome when the first command answers that it did nothing.
  var ifNothingDone: ChangeOutcome

  static func make(
    _ change: KeyChange, of key: CacheKey, in state: KeyState, _ traits: RedisTraits
  ) -> Decision {
    let planner = ChangePlanner(key: key, state: state, traits: traits)
    switch change {
    case .setString(let value, let expected): return planner.setString(value, expected)
    case .setField(let field, let value, let expected):
      return planner.setField(field, value, expected)
    case .createString(let value, let ttl): return planner.create(value, ttl)
    case .putString(let value, let ttl, let otherKinds):
      return planner.put(value, ttl, otherKinds: otherKinds)
    case .setTTL(let ttl): return planner.setTTL(ttl)
    case .expireNow: return planner.setTTL(.now)
    case .delete: return planner.delete()
    }
  }
}

extension KeyChange {
  /// Whether what is sent depends on the key's present state, so that nobody may change it between.
  var dependsOnState: Bool {
    switch self {
    case .setString, .setField, .createString, .putString, .setTTL(.adjust): true
    case .setTTL, .expireNow, .delete: false
    }
  }

  /// An edit that puts back what was read.
  var changesNothing: Bool {
    switch self {
    case .setString(let value, let expected): value == expected
    case .setField(_, let value, let expected): value == expected
    default: false
    }
  }

  /// Asks for the present value, at most one byte more than is expected of a string; where the
  /// server does not tell the kind, whether it is a string at all.
  func question(about key: CacheKey, _ traits: RedisTraits) -> RESPCommand? {
    switch self {
    case .setString(_, let expected?):
      RESPCommand("GETRANGE", [key.bytes, Array("0".utf8), Array(String(expected.count).utf8)])
    case .setString(_, nil) where !traits.has(.type),
      .putString(_, _, otherKinds: false) where !traits.has(.type):
      RESPCommand("GETRANGE", [key.bytes, Array("0".utf8), Array("0".utf8)])
    case .setField(let field, _, _):
      RESPCommand("HGET", [key.bytes, field])
    default: nil
    }
  }
}

/// Decides for one key in one state.
private struct ChangePlanner {
  let key: CacheKey
  let state: KeyState
  let traits: RedisTraits

  typealias Decision = ChangePlan.Decision

  private func command(_ verb: String, _ arguments: [[UInt8]] = []) -> RESPCommand {
    RESPCommand(verb, [key.bytes] + arguments)
  }

  private func bytes(_ words: String...) -> [[UInt8]] { words.map { Array($0.utf8) } }

  // MARK: Values

  func setString(_ value: [UInt8], _ expected: [UInt8]?) -> Decision {
    if let stop = unless(.string) { return .stop(stop) }
    if let expected, state.value.bytes != expected { return .stop(.changedMeanwhile) }
    return replace(with: value, ttl: nil)
  }

  func setField(_ field: [UInt8], _ value: [UInt8], _ expected: [UInt8]?) -> Decision {
    if let stop = unless(.hash) { return .stop(stop) }
    guard let present = state.value.bytes else {
      return .stop(expected == nil ? .gone : .changedMeanwhile)
    }
    if let expected, present != expected { return .stop(.changedMeanwhile) }
    if present == value { return .stop(.nothingToDo) }
    if !traits.has(.expireTime), let unknown = unknownDeadline { return .refuse(unknown) }
    let commands = [command("HSET", [field, value])] + sameDeadline
    return .send(ChangePlan(commands: commands, ifNothingDone: .changedMeanwhile))
  }

  func create(_ value: [UInt8], _ ttl: TTLChange?) -> Decision {
    if state.exists { return .stop(.alreadyExists) }
    let (options, after) = lifetime(ttl)
    let set = command("SET", [value] + bytes("NX") + options)
    return .send(ChangePlan(commands: [set] + after, ifNothingDone: .alreadyExists))
  }

  func put(_ value: [UInt8], _ ttl: TTLChange?, otherKinds: Bool) -> Decision {
    guard state.exists else { return create(value, ttl) }
    if !otherKinds, let stop = unless(.string) { return .stop(stop) }
    return replace(with: value, ttl: ttl)
  }

  /// Overwrites an existing key; its TTL is kept unless one is given.
  private func replace(with value: [UInt8], ttl: TTLChange?) -> Decision {
    let commands: [RESPCommand]
    if let ttl, !keepsTTL(ttl) {
      let (options, after) = lifetime(ttl)
      commands = [command("SET", [value] + bytes("XX") + options)] + after
    } else if traits.has(.keepTTL) {
      commands = [command("SET", [value] + bytes("XX", "KEEPTTL"))]
    } else if let unknown = unknownDeadline {
      return .refuse(unknown)
    } else {
      commands = [command("SET", [value] + bytes("XX"))] + deadlineCommand(state.deadline)
    }
    return .send(ChangePlan(commands: commands, ifNothingDone: .gone))
  }

  /// Why an edit of this kind of value cannot be.
  private func unless(_ kind: ValueKind) -> ChangeOutcome? {
    guard state.exists else { return .gone }
    if let present = state.kind, present != kind { return .otherKind(present) }
    return state.value.error?.isWrongType == true ? .otherKind(Self.notTold) : nil
  }

  /// A kind that is not the one looked for, on a server that does not tell which it is.
  private static let notTold = ValueKind.other("value of another kind")

  // MARK: Lifetimes

  /// Set when the key has a deadline that the server does not tell without TIME, so that what keeps
  /// or moves the deadline cannot be done.
  private var unknownDeadline: BackendError? {
    guard state.hasDeadline, state.deadline == nil else { return nil }
    return .refused(verb: "TIME", message: traits.refusal(of: .time) ?? "no time told")
  }

  func setTTL(_ ttl: TTLChange) -> Decision {
    guard state.exists else { return .stop(.gone) }
    switch ttl {
    case .persist:
      guard state.hasDeadline else { return .stop(.nothingToDo) }
      return .send(ChangePlan(commands: [command("PERSIST")], ifNothingDone: .nothingToDo))
    case .adjust where state.deadline == nil:
      return unknownDeadline.map { .refuse($0) } ?? .stop(.nothingToDo)
    default:
      return expire(ttl)
    }
  }

  func delete() -> Decision {
    guard state.exists else { return .stop(.gone) }
    let verb = traits.has(.unlink) ? "UNLINK" : "DEL"
    return .send(ChangePlan(commands: [command(verb)], leavesKey: false, ifNothingDone: .gone))
  }

  private func expire(_ ttl: TTLChange) -> Decision {
    switch end(ttl) {
    case .never:
      return .stop(.nothingToDo)
    case .now:
      let commands = [command("PEXPIRE", bytes("1"))]
      return .send(ChangePlan(commands: commands, leavesKey: false, ifNothingDone: .gone))
    case .after(let milliseconds):
      let commands = [command("PEXPIRE", bytes(String(milliseconds)))]
      return .send(ChangePlan(commands: commands, ifNothingDone: .gone))
    case .at(let deadline):
      return .send(ChangePlan(commands: deadlineCommand(deadline), ifNothingDone: .gone))
    }
  }

  /// A negative time would delete the key without its `expired` event, so every end in the past is
  /// an expiry in one millisecond.
  private enum End {
    case never, now
    case after(Int64)
    case at(Int64)
  }

  private func end(_ ttl: TTLChange) -> End {
    switch ttl {
    case .fromNow(let milliseconds): return milliseconds > 0 ? .after(milliseconds) : .now
    case .now: return .now
    case .persist: return .never
    case .until(let time): return at(time.milliseconds)
    case .adjust(let milliseconds):
      guard let deadline = state.deadline else { return .never }
      let (sum, overflow) = deadline.addingReportingOverflow(milliseconds)
      return at(overflow ? (milliseconds > 0 ? .max : 0) : sum)
    }
  }

  private func at(_ deadline: Int64) -> End {
    if let now = state.now, deadline <= now { return .now }
    return deadline > 0 ? .at(deadline) : .now
  }

  /// Options of SET, and a command after it, that give a value its lifetime.
  private func lifetime(_ ttl: TTLChange?) -> (options: [[UInt8]], after: [RESPCommand]) {
    switch ttl.map(end) ?? .never {
    case .never: ([], [])
    case .now: (bytes("PX", "1"), [])
    case .after(let milliseconds): (bytes("PX", String(milliseconds)), [])
    case .at(let deadline): ([], deadlineCommand(deadline))
    }
  }

  /// Longer or shorter than nothing is nothing.
  private func keepsTTL(_ ttl: TTLChange) -> Bool {
    if case .adjust = ttl { state.deadline == nil } else { false }
  }

  private func deadlineCommand(_ deadline: Int64?) -> [RESPCommand] {
    deadline.map { [command("PEXPIREAT", bytes(String($0)))] } ?? []
  }

  /// Servers without PEXPIRETIME are also those that carry out a transaction although a watched
  /// key has expired; with its deadline set again, such a key is gone at once.
  private var sameDeadline: [RESPCommand] {
    traits.has(.expireTime) ? [] : deadlineCommand(state.deadline)
  }
}
