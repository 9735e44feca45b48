import CacheModel
import RESP

/// What has to be sent for a change of a key in a known state, or why nothing is sent. Pure: the
/// write rules are here and in the planner's facets, the sending of them in
/// `RedisBackend+Apply.swift`.
///
/// The commands run in one transaction. Where the state decides (`KeyChange.dependsOnState`) the keys
/// are watched since before they were looked at; the others are right whatever happened meanwhile.
/// When the first command answers that it found nothing to do, nothing else has been done either,
/// and the key is looked at again.
/// No command here can bring back a key that has gone: those that could are guarded by the watch
/// and, on servers that do not notice an expiry there, by setting the old deadline again.
struct ChangePlan: Sendable, Equatable {
  enum Decision: Sendable, Equatable {
    case stop(ChangeOutcome)
    case send(ChangePlan)
    /// What has to be known cannot be asked, or the change makes no sense.
    case refuse(BackendError)
  }

  /// A key whose state undo keeps. What is not captured is known not to exist.
  struct Touched: Sendable, Equatable {
    var key: CacheKey
    var before: Bool
    var after: Bool
    /// What the key holds after the change, where that is known.
    var kind: ValueKind?
  }

  var commands: [RESPCommand]
  var touched: [Touched]

  static func make(
    _ change: KeyChange, of key: CacheKey, in state: KeyState, _ traits: RedisTraits
  ) -> Decision {
    let planner = ChangePlanner(key: key, state: state, traits: traits)
    switch change {
    case .setString(let value, let expected): return planner.setString(value, expected)
    case .setField, .addField, .removeField: return planner.hash(change)
    case .setElement, .removeElement, .insertElement, .pushElement: return planner.list(change)
    case .addMember, .removeMember, .replaceMember: return planner.set(change)
    case .addScoredMember, .setScore, .removeScoredMember, .replaceScoredMember:
      return planner.sortedSet(change)
    case .create(let value, let ttl): return planner.create(value, ttl)
    case .put(let value, let ttl, let otherKinds):
      return planner.put(value, ttl, otherKinds: otherKinds)
    case .rename(let name, let replacing): return planner.rename(to: name, replacing: replacing)
    case .copy(let name, let replacing): return planner.copy(to: name, replacing: replacing)
    case .setTTL(let ttl): return planner.setTTL(ttl)
    case .expireNow: return planner.setTTL(.now)
    case .delete: return planner.delete()
    }
  }
}

/// Decides for one key in one state.
struct ChangePlanner {
  let key: CacheKey
  let state: KeyState
  let traits: RedisTraits

  typealias Decision = ChangePlan.Decision

  func command(_ verb: String, _ arguments: [[UInt8]] = []) -> RESPCommand {
    RESPCommand(verb, [key.bytes] + arguments)
  }

  func bytes(_ words: String...) -> [[UInt8]] { words.map { Array($0.utf8) } }

  /// Sends these, which leave the kind of value that is there, or the one given; `leavesKey` is
  /// false when the key is gone, or about to go, after them.
  func send(
    _ commands: [RESPCommand], leavesKey: Bool = true, kind: ValueKind? = nil
  ) -> Decision {
    let touched = ChangePlan.Touched(
      key: key, before: state.exists, after: leavesKey, kind: kind ?? state.kind)
    return .send(ChangePlan(commands: commands, touched: [touched]))
  }

  /// Sends commands that would make a key where there is none. Servers without PEXPIRETIME are also
  /// those that carry out a transaction although a watched key has expired: there the first command
  /// tells, and with its deadline set again such a key is gone at once.
  func sendGuarded(_ commands: [RESPCommand]) -> Decision {
    if traits.has(.expireTime) { return send(commands) }
    if let unknown = unknownDeadline { return .refuse(unknown) }
    guard state.hasDeadline else { return send(commands) }
    return send([command("EXISTS")] + commands + deadlineCommand(state.deadline))
  }

  /// Why a change of this kind of value cannot be.
  func unless(_ kind: ValueKind) -> ChangeOutcome? {
    guard state.exists else { return .gone }
    if let present = state.kind, present != kind { return .otherKind(present) }
    let isWrong = state.answers.contains { $0.error?.isWrongType == true }
    return isWrong ? .otherKind(Self.notTold) : nil
  }

  /// A kind that is not the one looked for, on a server that does not tell which it is.
  private static let notTold = ValueKind.other("value of another kind")

  // MARK: Strings

  func setString(_ value: [UInt8], _ expected: [UInt8]?) -> Decision {
    if let stop = unless(.string) { return .stop(stop) }
    if let expected, state.answer(0).bytes != expected { return .stop(.changedMeanwhile) }
    return replace(with: value, ttl: nil)
  }

  /// Overwrites an existing key with a string; its TTL is kept unless one is given.
  func replace(with value: [UInt8], ttl: TTLChange?) -> Decision {
    if let ttl, !keepsTTL(ttl) {
      let (options, after) = lifetime(ttl)
      return send([command("SET", [value] + bytes("XX") + options)] + after, kind: .string)
    }
    if traits.has(.keepTTL) {
      return send([command("SET", [value] + bytes("XX", "KEEPTTL"))], kind: .string)
    }
    if let unknown = unknownDeadline { return .refuse(unknown) }
    let set = command("SET", [value] + bytes("XX"))
    return send([set] + deadlineCommand(state.deadline), kind: .string)
  }
}
