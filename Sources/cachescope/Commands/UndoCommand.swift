import CacheModel
import Plans
import SystemIO
import TerminalCanvas
import ValueDecoding

/// `undo`: takes changes of the journal back.
///
/// Those of this very server, as it says by its ids; with `--restarted` those that were made through
/// the same address while the server went by another id, and then only over what the change left.
struct UndoCommand: ChangingCommand {
  private let choice: UndoChoice
  private let isDryRun: Bool
  private let confirmation: ChangeConfirmation

  /// Changes that are named before they are taken back.
  private static let announced = 20

  init(_ line: ParsedCommandLine) throws(UsageError) {
    confirmation = ChangeConfirmation(line)
    isDryRun = line.has(.dryRun)
    choice = try UndoChoice(line)
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    let keeper = try session.journal()
    let entries = try await choice.entries(session, keeper)
    guard !isDryRun else { return try await foresee(entries, session, keeper) }
    for entry in entries.prefix(Self.announced) {
      session.output.note(
        "takes back \(UndoWords.of(entry, overwriting: choice.isOverwriting))")
    }
    if entries.count > Self.announced {
      session.output.note("and \((entries.count - Self.announced).counted("other change"))")
    }
    let keys = entries.reduce(0) {
      $0 + $1.restorableCount(overwriting: choice.isOverwriting)
    }
    // What names one key is its own consent, as with del.
    if keys > 1 {
      try confirmation.require(
        "takes back the change of \(FigureFormat.grouped(keys)) keys", isAskedFor: true,
        in: session)
    }
    try await takeBack(entries, session)
  }

  private func takeBack(
    _ entries: [JournalEntry], _ session: ScriptSession
  ) async throws(CommandFailure) {
    for entry in entries {
      let report: TakingBack
      do throws(KeeperError) {
        report = try await session.changes.takeBack(
          entry.id, overwriting: choice.isOverwriting, adopting: choice.isOfRestarted,
          session.header("take back: \(entry.header.title)"))
      } catch {
        throw CommandFailure(error)
      }
      UndoTelling(entry, choice, session.output).tell(report)
      if let problem = report.problem { throw CommandFailure(stopped: problem) }
    }
  }

  private func foresee(
    _ entries: [JournalEntry], _ session: ScriptSession, _ keeper: any ChangeKeeper
  ) async throws(CommandFailure) {
    var foreseeing = Foreseeing(
      session.backend, keeper: keeper,
      adopter: choice.isOfRestarted ? session.source.identity : nil)
    for entry in entries {
      let foreseen: Foreseen
      do throws(JournaledChangeError) {
        foreseen = try await foreseeing.look(at: entry.id)
      } catch {
        throw CommandFailure(stopped: error)
      }
      UndoTelling(entry, choice, session.output).tell(foreseen, at: entry)
    }
  }
}

extension CommandFailure {
  /// Why taking back ended before its end.
  fileprivate init(stopped problem: JournaledChangeError) {
    switch problem {
    case .notKept(let error): self.init(error)
    case .notAsked(let error): self.init(error)
    }
  }
}
