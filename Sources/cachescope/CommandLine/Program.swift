import SystemIO
import TerminalCanvas

/// The program from its arguments to its exit status.
enum Program {
  static let version = "0.1.0"

  /// Carries the command line out. Called once, on the main thread.
  static func run(_ words: [String]) -> Int32 {
    let output = CommandOutput(isJSON: words.prefix { $0 != "--" }.contains("--json"))
    if words.first == GeneratedText.word { return GeneratedText.print(words.dropFirst(), output) }
    do throws(UsageError) {
      let line = try ParsedCommandLine.parse(words)
      let status = try run(line, output)
      output.flush()
      return status == 0 ? output.exitStatus : status
    } catch {
      output.tell(CommandFailure(.usage, error.message))
      if !output.isJSON {
        let command = error.command.map { $0.rawValue + " " } ?? ""
        output.note("cachescope \(command)--help tells more")
      }
      return CommandFailure.Kind.usage.exitStatus
    }
  }

  private static func run(
    _ line: ParsedCommandLine, _ output: CommandOutput
  ) throws(UsageError) -> Int32 {
    if line.has(.help) {
      output.bytes(Array(HelpText.text(for: line.command).utf8))
      return 0
    }
    if line.has(.version) {
      output.line("cachescope \(version)")
      return 0
    }
    switch line.command {
    case nil: return runExplorer(try ExplorerOptions(line))
    case .snapshot?: return runSnapshot(try SnapshotOptions(line))
    case .serve?: return try ServeCommand(line).run(output)
    case .decode?: return try DecodeCommand(line).run(output)
    case .undo? where line.has(.purge): return try PurgeCommand(line).run(output)
    case let command?: return try ScriptRun(command, line, output).run()
    }
  }
}
