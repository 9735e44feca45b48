import CacheModel
import Configuration
import SystemIO

/// `copy`: entries from one source to another, with type, bytes and absolute expiry.
///
/// The same command again goes on after an interruption: what is there already, with the same value
/// and the same end, counts as done.
struct CopyCommand: ScriptCommand {
  /// Where the entries go; the session that a run is given is where they come from.
  private let target: SourceOptions
  private let selection: KeySelection
  private let conflict: ConflictChoice
  private let keepsUndo: Bool
  private let confirmation: ChangeConfirmation

  init(_ line: ParsedCommandLine) throws(UsageError) {
    guard line.arguments.count == 2, let name = line.arguments.last else {
      throw UsageError("copy needs FROM TO, two sources", command: .copy)
    }
    let environment = EnvironmentVariable.value(of:)
    let configuration = try ConfigurationFile.read(line, environment: environment)
    target = try SourceOptions(copyTarget: name, line, configuration, environment: environment)
    if target.readOnly {
      throw UsageError("\(name) is read-only by its profile", command: .copy)
    }
    try SourceOptions.refuseWayWithoutTLS(line, target, configuration, environment)
    selection = try KeySelection(line, mayBeAll: true)
    conflict = try line.choice(.onConflict, ConflictChoice.self) ?? .fail
    confirmation = ChangeConfirmation(line)
    keepsUndo = !line.has(.noUndo)
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    let other = try await ScriptSession.open(
      target, at: target.address, keepsUndo: keepsUndo, session.output)
    do throws(CommandFailure) {
      try await copy(from: session, to: other)
    } catch {
      await other.backend.close()
      throw error
    }
    await other.backend.close()
  }

  private func copy(
    from session: ScriptSession, to other: ScriptSession
  ) async throws(CommandFailure) {
    guard session.source.identity != other.source.identity else {
      throw CommandFailure(.usage, "both sources are the same database of the same server")
    }
    let database = "db\(other.source.database) at \(other.source.address)"
    try confirmation.require("copies entries into \(database)", isAskedFor: true, in: other)
    var taking = try await EntryTaking(session, selection)
    try await EntryPutting.run(
      other, title: "copy from \(session.source.address)", doneWord: "copied", conflict: conflict
    ) { putting throws(CommandFailure) in
      while let batch = try await taking.next() {
        for (key, state) in batch {
          if let reason = state.reasonAgainstTaking { putting.fail(.server, reason, key) }
          if case .present(let stored) = state { try await putting.add(key, stored) }
        }
      }
    }
  }
}
