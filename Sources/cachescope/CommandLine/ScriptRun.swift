import CacheBackends
import CacheModel
import Configuration
import SystemIO

/// A command that works on a source.
protocol ScriptCommand: Sendable {
  /// Reads its options and arguments; nothing is sent yet.
  init(_ line: ParsedCommandLine) throws(UsageError)

  /// Does the work. A failure that ends it is thrown; one of a part is told to the output.
  func run(_ session: ScriptSession) async throws(CommandFailure)
}

/// What a command works with: an opened source and where to write.
struct ScriptSession: Sendable {
  var backend: any CacheBackend
  var source: SourceDescription
  /// Whether it is marked as production.
  var isProduction = false
  /// What keeps the old states of changes; nil when nothing is to be kept.
  var keeper: (any ChangeKeeper)?
  /// Bytes of the largest value that is kept.
  var undoLimit = CapturedState.standardLimit
  /// Whether the profile has nothing kept by which a change can be taken back.
  var keepsNoValues = false
  var output: CommandOutput

  /// Asks the source and turns its errors into failures.
  func ask<Answer>(
    _ question: (any CacheBackend) async throws(BackendError) -> Answer
  ) async throws(CommandFailure) -> Answer {
    do throws(BackendError) {
      return try await question(backend)
    } catch {
      throw CommandFailure(error)
    }
  }
}

/// One run of a command: reads everything that was given, then connects, works and ends.
struct ScriptRun: Sendable {
  private let command: any ScriptCommand
  private let options: SourceOptions
  private let output: CommandOutput
  private let questions: PasswordQuestions
  private let keepsUndo: Bool

  init(
    _ command: Subcommand, _ line: ParsedCommandLine, _ output: CommandOutput
  ) throws(UsageError) {
    self.command = try Self.scriptCommand(command, line)
    let environment = EnvironmentVariable.value(of:)
    var options = try SourceOptions(
      line, try ConfigurationFile.read(line, environment: environment), environment: environment)
    if command == .copy { options.readOnly = true }
    self.options = options
    questions = PasswordQuestions(line)
    keepsUndo = !line.has(.noUndo)
    self.output = output
  }

  private static func scriptCommand(
    _ command: Subcommand, _ line: ParsedCommandLine
  ) throws(UsageError) -> any ScriptCommand {
    switch command {
    case .keys: try KeysCommand(line)
    case .get: try GetCommand(line)
    case .set: try SetCommand(line)
    case .expire, .persist: try ExpireCommand(line)
    case .del: try DeleteCommand(line)
    case .flush: try FlushCommand(line)
    case .invalidate: try InvalidateCommand(line)
    case .undo: line.has(.list) ? try ChangeListCommand(line) : try UndoCommand(line)
    case .copy: try CopyCommand(line)
    case .export: try ExportCommand(line)
    case .importFile: try ImportCommand(line)
    case .stats: try StatsCommand(line)
    default: throw UsageError("\(command.rawValue) comes in a later version")
    }
  }

  /// Waits for the work; SIGINT ends the program with 130 at once, SIGTERM with 143.
  func run() throws(UsageError) -> Int32 {
    do throws(CommandFailure) {
      return try run(on: try questions.answered(for: options.address))
    } catch {
      output.tell(error)
      return output.exitStatus
    }
  }

  private func run(on address: SourceAddress) throws(CommandFailure) -> Int32 {
    do throws(Errno) {
      try InterruptSignals.watch { kind in endProcess(kind == .interrupt ? 130 : 143) }
      return try BlockingRun.wait { await work(on: address) }
    } catch {
      throw CommandFailure(.io, error.text)
    }
  }

  private func work(on address: SourceAddress) async -> Int32 {
    do throws(CommandFailure) {
      if options.readOnly, command is any ChangingCommand { throw CommandFailure.readOnly }
      let session = try await ScriptSession.open(
        options, at: address, keepsUndo: keepsUndo, output)
      do throws(CommandFailure) {
        try await command.run(session)
      } catch {
        await session.backend.close()
        throw error
      }
      await session.backend.close()
    } catch {
      output.tell(error)
    }
    output.flush()
    return output.exitStatus
  }
}

/// A command that changes the source; refused when that is opened read-only.
protocol ChangingCommand: ScriptCommand {}
