import CacheModel

/// `expire` and `persist`: a new lifetime for the keys named.
struct ExpireCommand: ChangingCommand {
  private let named: NamedKeys
  private let input: TTLInput

  init(_ line: ParsedCommandLine) throws(UsageError) {
    if line.command == .persist {
      named = try NamedKeys(line.arguments, line)
      input = TTLInput(change: .persist)
      return
    }
    if let text = line.value(.ttl) {
      named = try NamedKeys(line.arguments, line)
      input = try line.ttl(text)
      return
    }
    guard line.arguments.count > 1, let text = line.arguments.last else {
      throw UsageError(
        "expire needs KEY… and a TTL; for example \(Subcommand.expire.row.example)",
        command: .expire)
    }
    named = try NamedKeys(line.arguments.dropLast(), line)
    input = try line.ttl(text)
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    try named.prepare(planVerb, in: session)
    let report = ChangeReport(output: session.output, doneWord: doneWord)
    for key in named.keys {
      try await session.apply(change, to: key, telling: report)
    }
  }

  private var planVerb: String {
    switch input.change {
    case .persist: "removes the TTL of"
    case .now: "expires"
    case .fromNow, .until, .adjust: "sets the TTL of"
    }
  }

  private var doneWord: String {
    switch input.change {
    case .persist: "persisted"
    case .now: "expired"
    case .fromNow, .until, .adjust: "expires"
    }
  }

  /// The change for one key; a spread differs from key to key.
  private var change: KeyChange {
    switch input.change {
    case .now: return .expireNow
    case .fromNow(let milliseconds):
      guard let percent = input.spreadPercent else { return .setTTL(input.change) }
      let width = milliseconds / 100 * Int64(percent)
      let spread = milliseconds + Int64.random(in: -width...width)
      return .setTTL(.fromNow(milliseconds: max(1, spread)))
    case .persist, .until, .adjust: return .setTTL(input.change)
    }
  }
}
