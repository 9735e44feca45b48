import CacheModel

/// `del`: deletes the keys named.
struct DeleteCommand: ChangingCommand {
  private let keys: [CacheKey]

  init(_ line: ParsedCommandLine) throws(UsageError) {
    keys = try line.keys(line.arguments)
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    let report = ChangeReport(output: session.output, doneWord: "deleted")
    for key in keys {
      try await session.apply(.delete, to: key, telling: report)
    }
  }
}
