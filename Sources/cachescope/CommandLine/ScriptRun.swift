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
  private let asksForPassword: Bool
  private let keepsUndo: Bool

  init(
    _ command: Subcommand, _ line: ParsedCommandLine, _ output: CommandOutput
  ) throws(UsageError) {
    self.command = try Self.scriptCommand(command, line)
    let environment = EnvironmentVariable.value(of:)
    options = try SourceOptions(
      line, try ConfigurationFile.read(line, environment: environment), environment: environment)
    asksForPassword = line.has(.askpass)
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
    case .undo: try UndoCommand(line)
    case .stats: try StatsCommand(line)
    default: throw UsageError("\(command.rawValue) comes in a later version")
    }
  }

  /// Waits for the work; SIGINT ends the program with 130 at once, SIGTERM with 143.
  func run() throws(UsageError) -> Int32 {
    do throws(CommandFailure) {
      let address = asksForPassword ? try options.address.askingForPassword() : options.address
      return try run(on: address)
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
      let backend = try Composition.openSource(
        address, passwordCommand: options.passwordCommand, readOnly: options.readOnly,
        on: Composition.eventLoop()
      ).backend
      do throws(CommandFailure) {
        try await work(on: backend)
      } catch {
        await backend.close()
        throw error
      }
      await backend.close()
    } catch {
      output.tell(error)
    }
    output.flush()
    return output.exitStatus
  }

  private func work(on backend: any CacheBackend) async throws(CommandFailure) {
    let source: SourceDescription
    do throws(BackendError) {
      source = try await backend.open()
    } catch {
      throw failure(error)
    }
    try await command.run(
      ScriptSession(
        backend: backend, source: source, isProduction: options.production != nil,
        keeper: keeper, output: output))
  }

  /// The journal that a profile wants. One in memory would end with the command.
  private var keeper: (any ChangeKeeper)? {
    guard keepsUndo, options.journal != .off else { return nil }
    let journal = JournalOnDemand(keepsValues: options.journal == .values)
    let output = output
    journal.tell { output.note($0) }
    return journal
  }
}

extension ScriptRun {
  /// Why the source could not be opened. That no engine runs has words of its own.
  private func failure(_ error: BackendError) -> CommandFailure {
    guard case .engine(let name) = options.address.place, case .unreachable = error else {
      return CommandFailure(error)
    }
    let isDefault = name == SourceAddress.defaultEngineName
    let words =
      "no built-in engine" + (isDefault ? "" : " of the name \(name)") + " is running; "
      + "cachescope serve\(isDefault ? "" : " -u engine:\(name)") starts one, "
      + "and -u names another source"
    return CommandFailure(.connection, words)
  }
}

/// A command that changes the source; refused when that is opened read-only.
protocol ChangingCommand: ScriptCommand {}
