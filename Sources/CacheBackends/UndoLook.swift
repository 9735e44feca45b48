import CacheModel
import RESP

/// The first half of an undo: watch the keys of some records, and ask for the states that are to be
/// overwritten and then for the server's clock, so that a key that was found gone because its time had
/// come is known as such. Pure.
struct UndoLook: Sendable {
  private let watch: RESPCommand
  private let clock: [RESPCommand]
  private let questions: [[MarkQuestion]]
  private let traits: RedisTraits
  let commands: [RESPCommand]

  /// A value that is overwritten anyway is not looked at.
  init(_ records: [UndoRecord], overwriting: Bool, _ traits: RedisTraits) {
    watch = RESPCommand("WATCH", records.flatMap { $0.keys.map(\.bytes) })
    clock = traits.has(.time) ? [RESPCommand("TIME")] : []
    questions = records.map { record in
      record.transitions.map {
        MarkQuestion(key: $0.key, basis: overwriting ? nil : $0.after.mark?.basis)
      }
    }
    self.traits = traits
    commands = [watch] + questions.flatMap { $0.flatMap { $0.commands(traits) } } + clock
  }

  /// The first refusal, but for a value of another kind.
  func refusal(in replies: [RESPValue]) -> (RESPCommand, RESPValue, RESPError)? {
    for (command, reply) in zip(commands, replies) {
      guard let error = reply.error, !error.isWrongType else { continue }
      return (command, reply, error)
    }
    return nil
  }

  /// The server's clock in milliseconds, where it was asked for and tells it.
  func time(in replies: [RESPValue]) -> Int64? {
    guard !clock.isEmpty, let last = replies.last else { return nil }
    return KeyState.milliseconds(last)
  }

  /// What the keys of each record hold; nil for a record where that was not told.
  func present(in replies: [RESPValue]) -> [[MarkQuestion.Answer]?] {
    var answers = ReplyReader(Array(replies.dropFirst().dropLast(clock.count)))
    return questions.map { questions in
      let told = questions.map { $0.read(&answers, traits) }
      let whole = told.compactMap { $0 }
      return whole.count == told.count ? whole : nil
    }
  }
}

extension UndoRecord {
  /// Whether it can only be put back by who knows the time.
  var needsClock: Bool { transitions.contains { $0.before?.deadline != nil } }

  /// Bytes of the largest value that the change can have left.
  var largestPlausible: Int64 {
    max(
      Int64(CapturedState.standardLimit),
      Int64(cost).multipliedReportingOverflow(by: 4).partialValue)
  }
}
