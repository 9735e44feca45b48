import CacheModel
import RESP

/// A change of one key that is the same command whatever the key holds, so that many of them go in
/// one transaction. Pure, as `ChangePlan` is.
struct QuickChange: Sendable {
  enum End: Sendable, Equatable {
    case deleted
    /// An expiry in a millisecond, so that the `expired` event fires.
    case expired
    /// Milliseconds since 1970 by the server's clock.
    case at(Int64)
    case never
  }

  let key: CacheKey
  let end: End
  /// Whether the old state and the new one are asked for.
  var keeps = false
  /// Bytes that the old state takes, where they are known.
  var bytes: Int64 = 0
  /// The kind of the value before, where it is known.
  var kind: ValueKind?

  /// Nil when the change depends on what the key holds. `now` is the server's clock; without it a
  /// deadline in the past cannot be told from others.
  init?(_ change: KeyedChange, now: Int64?) {
    key = change.key
    switch change.change {
    case .delete: end = .deleted
    case .expireNow, .setTTL(.now): end = .expired
    case .setTTL(.persist): end = .never
    case .setTTL(.until(let time)):
      guard let now else { return nil }
      end = time.milliseconds > now ? .at(time.milliseconds) : .expired
    case .setTTL(.fromNow(let milliseconds)):
      guard milliseconds > 0 else {
        end = .expired
        return
      }
      guard let now else { return nil }
      let (deadline, overflow) = now.addingReportingOverflow(milliseconds)
      guard !overflow else { return nil }
      end = .at(deadline)
    default: return nil
    }
  }

  /// Whether the deadline is computed from the server's clock.
  static func needsClock(_ change: KeyChange) -> Bool {
    switch change {
    case .setTTL(.until), .setTTL(.fromNow): true
    default: false
    }
  }

  var leavesKey: Bool { end != .deleted && end != .expired }

  // MARK: Sending

  /// What is sent for this key: its old state, where it is kept, the change, and what tells the new
  /// state where the old one does not.
  func commands(_ traits: RedisTraits) -> [RESPCommand] {
    guard keeps else { return question + [command(traits)] }
    return KeyCapture.commands(for: key, traits) + [command(traits)]
      + (mark(traits)?.commands(traits) ?? [])
  }

  /// PERSIST answers the same for no key and for one without a TTL.
  private var question: [RESPCommand] {
    end == .never ? [RESPCommand("EXISTS", [key.bytes])] : []
  }

  private func command(_ traits: RedisTraits) -> RESPCommand {
    switch end {
    case .deleted: Self.deletion(of: [key], traits)
    case .expired: RESPCommand("PEXPIRE", [key.bytes, Array("1".utf8)])
    case .at(let deadline): RESPCommand("PEXPIREAT", [key.bytes, Array(String(deadline).utf8)])
    case .never: RESPCommand("PERSIST", [key.bytes])
    }
  }

  private static func deletion(of keys: [CacheKey], _ traits: RedisTraits) -> RESPCommand {
    RESPCommand(traits.has(.unlink) ? "UNLINK" : "DEL", keys.map(\.bytes))
  }

  /// The content of a collection marks it, because the server may write the same one in another
  /// form; a string is known by its old payload, which no new deadline changes.
  private func mark(_ traits: RedisTraits) -> MarkQuestion? {
    guard leavesKey, kind != .string else { return nil }
    return MarkQuestion(key: key, kind: kind, traits)
  }

  // MARK: Several at once

  /// Whether all of them are deleted by one command: their old states tell which of them there were.
  private static func goTogether(_ chunk: [QuickChange]) -> Bool {
    chunk.count > 1 && chunk.allSatisfy { $0.keeps && $0.end == .deleted }
  }

  /// What is sent for changes of different keys.
  static func commands(of chunk: [QuickChange], _ traits: RedisTraits) -> [RESPCommand] {
    guard goTogether(chunk) else { return chunk.flatMap { $0.commands(traits) } }
    var commands: [RESPCommand] = []
    commands.reserveCapacity(2 * chunk.count + 1)
    for change in chunk { commands += KeyCapture.commands(for: change.key, traits) }
    commands.append(deletion(of: chunk.map(\.key), traits))
    return commands
  }

  /// What came of each, by the replies to those commands.
  static func outcomes(
    of chunk: [QuickChange], _ replies: [RESPValue], _ origin: SourceIdentity,
    _ traits: RedisTraits
  ) -> [Result<ChangeOutcome, BackendError>] {
    var answers = ReplyReader(replies)
    guard goTogether(chunk) else {
      return chunk.map { $0.outcome(&answers, origin, traits) }
    }
    let captures = chunk.map { _ in KeyCapture(&answers, traits) }
    let reply = answers.next()
    return zip(chunk, captures).map { change, capture in
      let isGone = capture.map { $0.state == nil } ?? false
      let own = reply.integer == nil ? reply : .integer(isGone ? 0 : 1)
      return change.outcome(own, isGone: isGone, traits) {
        capture?.state.map { change.record(of: $0, nil, origin) }
      }
    }
  }

  // MARK: What came of it

  /// Takes the replies to `commands` off.
  func outcome(
    _ answers: inout ReplyReader, _ origin: SourceIdentity, _ traits: RedisTraits
  ) -> Result<ChangeOutcome, BackendError> {
    guard keeps else {
      let isGone = end == .never ? answers.next().integer == 0 : nil
      return outcome(answers.next(), isGone: isGone, traits) { nil }
    }
    let capture = KeyCapture(&answers, traits)
    let reply = answers.next()
    let answer = mark(traits)?.read(&answers, traits)
    return outcome(reply, isGone: capture.map { $0.state == nil }, traits) {
      capture?.state.map { record(of: $0, answer, origin) }
    }
  }

  private func outcome(
    _ reply: RESPValue, isGone: Bool?, _ traits: RedisTraits, _ undo: () -> UndoRecord?
  ) -> Result<ChangeOutcome, BackendError> {
    if let error = reply.error {
      return .failure(BackendError(error, of: command(traits).verb))
    }
    guard let count = reply.integer else {
      return .failure(.malformedReply("\(command(traits).verb) without a number"))
    }
    guard count == 0 else { return .success(.done(undo: undo())) }
    return .success(end == .never && isGone == false ? .nothingToDo : .gone)
  }

  private func record(
    of before: StoredState, _ answer: MarkQuestion.Answer?, _ origin: SourceIdentity
  ) -> UndoRecord {
    UndoRecord(
      KeyTransition(key: key, before: before, after: left(of: before, answer)), origin: origin)
  }

  private func left(of before: StoredState, _ answer: MarkQuestion.Answer?) -> LeftState {
    guard leavesKey else { return .absent }
    switch answer {
    case .marked(let mark)?: return .marked(mark)
    case .absent?: return .absent
    case .other?: return .unknown
    case nil:
      guard kind == .string else { return .unknown }
      var mark = StateMark(of: before)
      mark.deadline =
        if case .at(let deadline) = end { WallTime(milliseconds: deadline) } else { nil }
      return .marked(mark)
    }
  }
}
