import CacheModel
import Plans

/// `del`: deletes the keys named.
struct DeleteCommand: ChangingCommand {
  private let named: NamedKeys

  init(_ line: ParsedCommandLine) throws(UsageError) {
    named = try NamedKeys(line.arguments, line)
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    try named.prepare("deletes", in: session)
    let report = session.report("deleted")
    try await session.make(
      named.keys.map { KeyedChange(key: $0, change: .delete) },
      title: named.title("delete"), telling: report)
  }
}
