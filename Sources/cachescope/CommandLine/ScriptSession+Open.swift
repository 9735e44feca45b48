import CacheModel
import ChangeJournal
import Configuration

extension ScriptSession {
  /// Connects to the source that options name; `address` is theirs, with the password.
  static func open(
    _ options: SourceOptions, at address: SourceAddress, keepsUndo: Bool, _ output: CommandOutput
  ) async throws(CommandFailure) -> ScriptSession {
    let backend = try Composition.openSource(
      address, passwordCommand: options.passwordCommand, readOnly: options.readOnly,
      journal: options.journal,
      on: Composition.eventLoop(),
      onServer: { server in
        if let words = server.sentence(of: address.description) { output.note(words) }
      },
      onNote: { output.note($0) }
    ).backend
    do throws(BackendError) {
      return ScriptSession(
        backend: backend, source: try await backend.open(),
        isProduction: options.production != nil,
        keeper: keepsUndo ? keeper(options, output) : nil, undoLimit: options.undoLimit,
        keepsNoValues: options.journal != .values, output: output)
    } catch {
      await backend.close()
      throw failure(error, options)
    }
  }

  /// The journal that a profile wants. One in memory would end with the command.
  private static func keeper(
    _ options: SourceOptions, _ output: CommandOutput
  ) -> (any ChangeKeeper)? {
    guard options.journal != .off else { return nil }
    let journal = JournalOnDemand(
      keepsValues: options.journal == .values, JournalBounds(options.journalSettings))
    journal.tell { output.note($0) }
    return journal
  }

  /// Why the source could not be opened. That no engine runs has words of its own.
  static func failure(_ error: BackendError, _ options: SourceOptions) -> CommandFailure {
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
