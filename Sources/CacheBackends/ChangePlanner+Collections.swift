import CacheModel
import RESP

/// Hashes, sets and sorted sets. A part is replaced by adding the new one before the old one is
/// removed: a collection that was empty for a moment would have lost its key and its TTL.
extension ChangePlanner {
  func hash(_ change: KeyChange) -> Decision {
    if let stop = unless(.hash) { return .stop(stop) }
    let present = state.answer(0)
    switch change {
    case .setField(let field, let value, let expected):
      guard let now = present.bytes else { return .stop(.elementGone) }
      if let expected, now != expected { return .stop(.changedMeanwhile) }
      if now == value { return .stop(.nothingToDo) }
      return sendGuarded([command("HSET", [field, value])])
    case .addField(let field, let value):
      if present.integer == 1 { return .stop(.elementExists) }
      return sendGuarded([command("HSETNX", [field, value])])
    case .removeField(let field, let expected):
      if let stop = stop(present, unless: expected) { return .stop(stop) }
      return send([command("HDEL", [field])])
    default: return .stop(.nothingToDo)
    }
  }

  func set(_ change: KeyChange) -> Decision {
    if let stop = unless(.set) { return .stop(stop) }
    let isMember = state.answer(0).integer == 1
    switch change {
    case .addMember(let member):
      return isMember ? .stop(.elementExists) : sendGuarded([command("SADD", [member])])
    case .removeMember(let member):
      return isMember ? send([command("SREM", [member])]) : .stop(.elementGone)
    case .replaceMember(let old, let new):
      guard isMember else { return .stop(.elementGone) }
      if state.answer(1).integer == 1 { return .stop(.elementExists) }
      return sendGuarded([command("SADD", [new]), command("SREM", [old])])
    default: return .stop(.nothingToDo)
    }
  }

  func sortedSet(_ change: KeyChange) -> Decision {
    if let stop = unless(.sortedSet) { return .stop(stop) }
    let score = state.answer(0).score
    switch change {
    case .addScoredMember(let member, let new):
      if score != nil { return .stop(.elementExists) }
      return add(member, new) { sendGuarded([$0]) }
    case .setScore(let member, let new, let expected):
      if let stop = stop(score, unless: expected) { return .stop(stop) }
      if score == new { return .stop(.nothingToDo) }
      guard traits.addsWithOptions else { return add(member, new, then: sendOver) }
      return add(member, new, "XX", "CH") { send([$0]) }
    case .removeScoredMember(let member, let expected):
      if let stop = stop(score, unless: expected) { return .stop(stop) }
      return send([command("ZREM", [member])])
    case .replaceScoredMember(let old, let new, let expected):
      if let stop = stop(score, unless: expected) { return .stop(stop) }
      if state.answer(1).score != nil { return .stop(.elementExists) }
      return add(new, score ?? 0) { sendGuarded([$0, command("ZREM", [old])]) }
    default: return .stop(.nothingToDo)
    }
  }

  /// A ZADD with a score that survives to the last bit.
  private func add(
    _ member: [UInt8], _ score: Double, _ options: String..., then decide: (RESPCommand) -> Decision
  ) -> Decision {
    guard !score.isNaN else { return .refuse(.unsupported("keep a score that is no number")) }
    let words = options.map { Array($0.utf8) } + [Array("\(score)".utf8), member]
    return decide(command("ZADD", words))
  }

  /// A command that tells nothing of whether it found what it changes: the first one does.
  private func sendOver(_ command: RESPCommand) -> Decision {
    if let unknown = unknownDeadline { return .refuse(unknown) }
    return send([self.command("EXISTS"), command] + deadlineCommand(state.deadline))
  }

  private func stop(_ score: Double?, unless expected: Double?) -> ChangeOutcome? {
    guard let score else { return .elementGone }
    return expected.map { $0 == score } ?? true ? nil : .changedMeanwhile
  }

  /// `present` is the value, or whether there is one when no value is expected.
  private func stop(_ present: RESPValue, unless expected: [UInt8]?) -> ChangeOutcome? {
    guard let expected else { return present.integer == 1 ? nil : .elementGone }
    guard let bytes = present.bytes else { return .elementGone }
    return bytes == expected ? nil : .changedMeanwhile
  }
}

extension RESPValue {
  /// A score: a double, or text that is one.
  var score: Double? {
    if case .double(let score) = self { return score }
    return text.flatMap { Double($0) }
  }
}
