import CacheModel
import RESP

/// Whole keys: made, replaced, renamed, copied.
extension ChangePlanner {
  func create(_ value: NewValue, _ ttl: TTLChange?) -> Decision {
    if state.exists { return .stop(.alreadyExists) }
    guard case .string(let bytes) = value else {
      return filled(with: value) { $0 + lifetimeCommands(ttl) }
    }
    let (options, after) = lifetime(ttl)
    let set = command("SET", [bytes] + self.bytes("NX") + options)
    return send([set] + after, kind: .string)
  }

  func put(_ value: NewValue, _ ttl: TTLChange?, otherKinds: Bool) -> Decision {
    guard state.exists else { return create(value, ttl) }
    if !otherKinds, let stop = unless(value.kind) { return .stop(stop) }
    if case .string(let bytes) = value { return replace(with: bytes, ttl: ttl) }
    let keeps = ttl.map(keepsTTL) ?? true
    if keeps, let unknown = unknownDeadline { return .refuse(unknown) }
    let after = keeps ? deadlineCommand(state.deadline) : lifetimeCommands(ttl)
    return filled(with: value) { [deletion(of: key)] + $0 + after }
  }

  /// RENAME and RENAMENX take the TTL along, and a missing key is an error of theirs.
  func rename(to name: CacheKey, replacing: Bool) -> Decision {
    guard state.exists else { return .stop(.gone) }
    if !replacing, state.answer(0).integer == 1 { return .stop(.alreadyExists) }
    let verb = replacing ? "RENAME" : "RENAMENX"
    return .send(
      ChangePlan(
        commands: [command(verb, [name.bytes])],
        touched: [
          ChangePlan.Touched(key: key, before: true, after: false),
          ChangePlan.Touched(key: name, before: replacing, after: true, kind: state.kind),
        ]))
  }

  /// Servers without COPY are given what DUMP told, with the deadline that was told with it.
  func copy(to name: CacheKey, replacing: Bool) -> Decision {
    guard state.exists else { return .stop(.gone) }
    if !replacing, state.answer(0).integer == 1 { return .stop(.alreadyExists) }
    let touched = [ChangePlan.Touched(key: name, before: replacing, after: true, kind: state.kind)]
    if traits.has(.copy) {
      let arguments = [name.bytes] + (replacing ? bytes("REPLACE") : [])
      return .send(ChangePlan(commands: [command("COPY", arguments)], touched: touched))
    }
    if let unknown = unknownDeadline { return .refuse(unknown) }
    guard let payload = state.answer(1).bytes else {
      return .refuse(
        .refused(verb: "COPY", message: traits.refusal(of: .copy) ?? "no payload told"))
    }
    let restored = StoredState(
      payload: payload, deadline: state.deadline.map { WallTime(milliseconds: $0) })
    guard let commands = restored.commands(restoring: name, replacing: replacing, traits) else {
      return .refuse(traits.refusal(ofPayload: payload))
    }
    return .send(ChangePlan(commands: commands, touched: touched))
  }

  // MARK: Filling

  private func filled(
    with value: NewValue, _ commands: ([RESPCommand]) -> [RESPCommand]
  ) -> Decision {
    guard !value.isEmptyCollection else {
      return .refuse(.unsupported("keep an empty \(value.kind.redisName)"))
    }
    if case .sortedSet(let members) = value, members.contains(where: \.score.isNaN) {
      return .refuse(.unsupported("keep a score that is no number"))
    }
    return send(commands(value.commands(filling: key)), kind: value.kind)
  }
}
