import CacheModel
import RESP

/// Asks for what a state of a key is known by (`StateMark`), inside a transaction or under a watch.
struct MarkQuestion: Sendable {
  enum Answer: Sendable, Equatable {
    case absent
    case marked(StateMark)
    /// A key is there that is not of the kind asked about.
    case other(deadline: WallTime?)
  }

  let key: CacheKey
  /// Nil asks for existence and deadline only.
  let basis: StateMark.Basis?

  init(key: CacheKey, basis: StateMark.Basis?) {
    self.key = key
    self.basis = basis
  }

  /// About a value of this kind, if it is known and can be read.
  init(key: CacheKey, kind: ValueKind?, _ traits: RedisTraits) {
    self.key = key
    let isRead = kind.map { Self.reading[$0] != nil } ?? false
    basis =
      if let kind, isRead, traits.has(.contents) {
        .content(kind)
      } else {
        traits.has(.dump) ? .payload : nil
      }
  }

  /// The commands that read a whole value of a kind.
  private static let reading: [ValueKind: [String]] = [
    .string: ["GET"], .hash: ["HGETALL"], .list: ["LRANGE", "0", "-1"], .set: ["SMEMBERS"],
    .sortedSet: ["ZRANGE", "0", "-1", "WITHSCORES"],
  ]

  /// Reads a whole value of a kind; nil where no command does.
  static func reading(_ key: CacheKey, _ kind: ValueKind) -> RESPCommand? {
    guard let words = reading[kind], let verb = words.first else { return nil }
    return RESPCommand(verb, [key.bytes] + words.dropFirst().map { Array($0.utf8) })
  }

  static let verbs = Set(reading.values.compactMap(\.first))

  /// The deadline first: it tells whether there is a key.
  func commands(_ traits: RedisTraits) -> [RESPCommand] {
    KeyCapture.deadlineCommands(for: key, traits) + (valueCommand.map { [$0] } ?? [])
  }

  private var valueCommand: RESPCommand? {
    switch basis {
    case nil: return nil
    case .payload: return RESPCommand("DUMP", [key.bytes])
    case .content(let kind): return Self.reading(key, kind)
    }
  }

  /// Nil when a part was refused, or the deadline was not told.
  func read(_ answers: inout ReplyReader, _ traits: RedisTraits) -> Answer? {
    let told = KeyCapture.deadline(&answers, traits)
    let value = valueCommand == nil ? nil : answers.next()
    guard let told else { return nil }
    if !told.exists { return .absent }
    guard let basis, let value else { return .other(deadline: told.deadline) }
    if let error = value.error { return error.isWrongType ? .other(deadline: told.deadline) : nil }
    return digest(value, basis).map {
      .marked(StateMark(basis: basis, digest: $0, deadline: told.deadline))
    }
  }

  private func digest(_ value: RESPValue, _ basis: StateMark.Basis) -> StateDigest? {
    switch basis {
    case .payload: return value.bytes.map { StateDigest(of: $0) }
    case .content(let kind):
      var whole = Collected(kind)
      _ = whole.add(value, skipping: 0, upTo: .max)
      return StateDigest(of: whole.content(from: 0))
    }
  }
}
