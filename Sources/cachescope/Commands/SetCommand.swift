import CacheModel
import SystemIO

/// `set`: creates or replaces a string.
struct SetCommand: ChangingCommand {
  private let key: CacheKey
  private let change: KeyChange

  init(_ line: ParsedCommandLine) throws(UsageError) {
    let keys = try line.keys(line.arguments.prefix(1))
    guard let key = keys.first, let text = line.arguments.last, line.arguments.count == 2 else {
      throw UsageError("set needs KEY VALUE", command: .set)
    }
    self.key = key
    if line.has(.create), line.has(.replace) {
      throw UsageError("give either --create or --replace", command: .set)
    }
    let ttl = try Self.ttl(line)
    let value = text == "-" ? try line.standardInput() : Array(text.utf8)
    change =
      line.has(.create)
      ? .createString(value, ttl) : .putString(value, ttl, otherKinds: line.has(.replace))
  }

  private static func ttl(_ line: ParsedCommandLine) throws(UsageError) -> TTLChange? {
    guard let text = line.value(.ttl) else { return nil }
    let input = try line.ttl(text, instead: "del deletes the key")
    switch input.change {
    case .fromNow, .until, .persist:
      guard input.spreadPercent == nil else {
        throw UsageError(.ttl, text, "spreads many keys, and set has one", command: .set)
      }
      return input.change
    case .adjust: throw UsageError(.ttl, text, "needs a TTL to adjust: use expire", command: .set)
    case .now: throw UsageError(.ttl, text, "would expire at once: use del", command: .set)
    }
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    try await session.make(
      [KeyedChange(key: key, change: change)], title: "set \(key.shown)",
      telling: session.report("set"))
  }
}
