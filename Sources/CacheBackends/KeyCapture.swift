import CacheModel
import RESP

/// The exact state of a key as undo keeps it: its DUMP (where that is refused, its content), its
/// tags where the server keeps some, and its deadline, asked inside the transaction that changes the
/// key, so that nobody can come between.
struct KeyCapture: Sendable, Equatable {
  /// Nil when there is no key.
  var state: StoredState?

  static func commands(for key: CacheKey, _ traits: RedisTraits) -> [RESPCommand] {
    var commands =
      traits.has(.dump)
      ? [RESPCommand("DUMP", [key.bytes])] : WholeReading.commands(for: key, traits)
    if traits.keepsTags { commands.append(RESPCommand("CACHESCOPE.TAGS", [key.bytes])) }
    commands += deadlineCommands(for: key, traits)
    return commands
  }

  /// Asks for the deadline; only a PTTL needs the server's clock for it.
  static func deadlineCommands(for key: CacheKey, _ traits: RedisTraits) -> [RESPCommand] {
    let deadline = KeyState.deadlineCommand(for: key, traits)
    return asksTime(traits) ? [RESPCommand("TIME"), deadline] : [deadline]
  }

  private static func asksTime(_ traits: RedisTraits) -> Bool {
    !traits.has(.expireTime) && traits.has(.time)
  }

  /// What those commands told; nil when there is a deadline that was not told.
  static func deadline(
    _ answers: inout ReplyReader, _ traits: RedisTraits
  ) -> (exists: Bool, deadline: WallTime?)? {
    let now = asksTime(traits) ? KeyState.milliseconds(answers.next()) : nil
    let told = answers.next()
    guard let number = told.integer else { return nil }
    let deadline = KeyState.deadline(told, now: now, traits)
    if deadline == nil, KeyState.hasDeadline(told) { return nil }
    return (number != -2, deadline.map { WallTime(milliseconds: $0) })
  }

  /// Nil when a part was refused, or the key has a deadline that was not told: without it the state
  /// is not whole.
  init?(_ answers: inout ReplyReader, _ traits: RedisTraits) {
    guard case .success(let state) = Self.read(&answers, traits) else { return nil }
    self.state = state
  }

  /// The state, nil where there is no key, or why it is not whole.
  static func read(
    _ answers: inout ReplyReader, _ traits: RedisTraits
  ) -> Result<StoredState?, RESPError> {
    let value = value(&answers, traits)
    let tags = traits.keepsTags ? answers.next().elements ?? [] : []
    let told = deadline(&answers, traits)
    return value.flatMap { value in
      guard let told else { return .failure(RESPError("ERR when the key expires is not told")) }
      return .success(
        value.map {
          StoredState($0, deadline: told.deadline, tags: tags.compactMap(\.bytes))
        })
    }
  }

  private static func value(
    _ answers: inout ReplyReader, _ traits: RedisTraits
  ) -> Result<StoredValue?, RESPError> {
    guard traits.has(.dump) else {
      return WholeReading.read(&answers, traits).map { $0.map { .typed($0) } }
    }
    let payload = answers.next()
    if let error = payload.error { return .failure(error) }
    return .success(payload.bytes.map { .dump($0) })
  }
}
