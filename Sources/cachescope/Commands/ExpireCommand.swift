import CacheModel
import Plans

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
      input = try line.ttl(text, instead: Self.instead)
      return
    }
    guard line.arguments.count > 1, let text = line.arguments.last else {
      throw UsageError(
        "expire needs KEY… and a TTL; for example \(Subcommand.expire.row.example)",
        command: .expire)
    }
    named = try NamedKeys(line.arguments.dropLast(), line)
    input = try line.ttl(text, instead: Self.instead)
  }

  private static let instead = "expire KEY now expires it at once"

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    try named.prepare(PlannedChange(input).verb, in: session)
    var report = session.report(doneWord)
    report.unchangedWords = unchangedWords
    let plan = PlannedChange(input)
    try await session.make(
      named.keys.compactMap { plan.change(of: $0) }, title: named.title(plan.order),
      telling: report)
  }

  /// Why a key stays as it is.
  private var unchangedWords: String? {
    switch input.change {
    case .adjust(let milliseconds):
      "it has no TTL to make \(milliseconds < 0 ? "shorter" : "longer")"
    case .persist: "it has no TTL"
    case .fromNow, .until, .now: nil
    }
  }

  private var doneWord: String {
    switch input.change {
    case .persist: "persisted"
    case .now: "expired"
    case .fromNow, .until, .adjust: ChangeReport.endsLater
    }
  }
}
