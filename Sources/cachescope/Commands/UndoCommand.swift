import CacheModel
import Plans
import SystemIO
import TerminalCanvas
import ValueDecoding

/// `undo`: takes changes of the journal back.
struct UndoCommand: ChangingCommand {
  private enum Request {
    case all, last
    case one(ChangeID)
  }

  private let request: Request
  private let isDryRun: Bool
  private let confirmation: ChangeConfirmation

  /// Changes that are named before they are taken back.
  private static let announced = 20

  init(_ line: ParsedCommandLine) throws(UsageError) {
    confirmation = ChangeConfirmation(line)
    isDryRun = line.has(.dryRun)
    guard let text = line.arguments.first else {
      request = line.has(.all) ? .all : .last
      return
    }
    guard text.utf8.count < 19, let number = Int64(text), number > 0 else {
      throw UsageError(
        "\(text.prefix(60)) is no ID; undo --list shows them, for example undo 7", command: .undo)
    }
    guard !line.has(.all) else { throw ChangeListCommand.oneOfThem }
    request = .one(ChangeID(number))
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    let keeper = try session.journal()
    switch request {
    case .last:
      guard let entry = try await session.journalEntries().next(.undo, on: session.source.identity)
      else { throw Self.nothing }
      try await takeBack([entry], session, keeper)
    case .all:
      let entries = try await session.journalEntries().filter { !$0.isUndo && $0.canBeTakenBack }
      guard !entries.isEmpty else { throw Self.nothing }
      try await takeBack(entries, session, keeper)
    case .one(let id): try await takeBack([entry(id, session, keeper)], session, keeper)
    }
  }

  private static let nothing = CommandFailure(.notFound, "there is nothing to take back")

  private func entry(
    _ id: ChangeID, _ session: ScriptSession, _ keeper: any ChangeKeeper
  ) async throws(CommandFailure) -> JournalEntry {
    let found: JournalEntry?
    do throws(KeeperError) {
      found = try await keeper.entry(id)
    } catch {
      throw CommandFailure(error)
    }
    guard let entry = found else {
      throw CommandFailure(.notFound, "the journal holds no change \(id.number)")
    }
    guard entry.header.source == session.source.identity else {
      throw CommandFailure(
        .refused,
        "change \(id.number) was made at \(TextSanitizer.listText(entry.header.address)), on "
          + "another server or database: nothing was sent")
    }
    guard entry.canBeTakenBack else {
      throw CommandFailure(
        .notFound, "change \(id.number) cannot be taken back: \(entry.words)")
    }
    return entry
  }

  private func takeBack(
    _ entries: [JournalEntry], _ session: ScriptSession, _ keeper: any ChangeKeeper
  ) async throws(CommandFailure) {
    let keys = entries.reduce(0) { $0 + $1.keptCount }
    if isDryRun {
      for entry in entries { announce(entry, session) }
      return
    }
    for entry in entries.prefix(Self.announced) {
      session.output.note("takes back \(UndoWords.of(entry))")
    }
    if entries.count > Self.announced {
      session.output.note("and \((entries.count - Self.announced).counted("other change"))")
    }
    // What names one key is its own consent, as with del.
    if keys > 1 {
      try confirmation.require(
        "takes back the change of \(FigureFormat.grouped(keys)) keys", isAskedFor: true,
        in: session)
    }
    let changes = JournaledChanges(session.backend, keeper: keeper)
    for entry in entries {
      let report: TakingBack
      do throws(KeeperError) {
        report = try await changes.takeBack(
          entry.id, overwriting: false, session.header("take back: \(entry.header.title)"))
      } catch {
        throw CommandFailure(error)
      }
      tell(report, of: entry, session)
      switch report.problem {
      case .notKept(let error): throw CommandFailure(error)
      case .notAsked(let error): throw CommandFailure(error)
      case nil: break
      }
    }
  }

  // MARK: Words

  /// What would be taken back.
  private func announce(_ entry: JournalEntry, _ session: ScriptSession) {
    if session.output.isJSON {
      session.tell(entry)
    } else {
      session.output.line("would take back \(UndoWords.of(entry))")
    }
  }

  private func tell(_ report: TakingBack, of entry: JournalEntry, _ session: ScriptSession) {
    let output = session.output
    if output.isJSON {
      output.line(json(report, entry))
    } else {
      let keys = FigureFormat.grouped(report.restored)
      output.line(
        "took back \(TextSanitizer.listText(entry.header.title)): "
          + "\(keys) of \(report.tried.counted("key"))")
    }
    if report.expired > 0 {
      output.note(
        "\(report.expired.counted("key")) would have expired by now, not revived: "
          + names(report.expiredKeys, report.expired))
    }
    if report.changedMeanwhile > 0 {
      output.tell(
        CommandFailure(
          .conflict,
          "\(report.changedMeanwhile.counted("key")) written since, left as found: "
            + names(report.newerKeys, report.changedMeanwhile)))
    }
    if report.otherSource > 0 {
      output.tell(
        CommandFailure(
          .refused, "of another server: \(report.otherSource.counted("key")), left as found"))
    }
    if let failure = report.failures.reasons.first {
      output.tell(CommandFailure(failure.error))
    }
  }

  private func names(_ keys: [CacheKey], _ count: Int) -> String {
    let shown = keys.prefix(5).map(\.shown).joined(separator: ", ")
    return count > 5 ? "\(shown) and \(FigureFormat.grouped(count - 5)) more" : shown
  }

  private func json(_ report: TakingBack, _ entry: JournalEntry) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.write("id", entry.id.number)
    writer.key("title")
    writer.string(entry.header.title)
    writer.write("restored", Int64(report.restored))
    writer.write("expired", Int64(report.expired))
    writer.write("changed_since", Int64(report.changedMeanwhile))
    writer.write("failed", Int64(report.failures.count))
    writer.endObject()
    return writer.text
  }
}

/// `undo --purge`: forgets what the journal holds of all sources. Nothing is connected.
struct PurgeCommand {
  init(_ line: ParsedCommandLine) throws(UsageError) {
    guard line.arguments.isEmpty, !line.has(.list), !line.has(.all) else {
      throw UsageError(
        "--purge forgets everything and takes nothing back: give it alone",
        command: .undo)
    }
  }

  func run(_ output: CommandOutput) -> Int32 {
    let journal = JournalOnDemand()
    journal.tell { output.note($0) }
    do throws(Errno) {
      let result = try BlockingRun.wait { () async -> Result<Int, KeeperError> in
        do throws(KeeperError) {
          return .success(try await journal.purge(nil))
        } catch {
          return .failure(error)
        }
      }
      tell(result, output)
    } catch {
      output.tell(CommandFailure(.io, error.text))
    }
    return output.exitStatus
  }

  private func tell(_ result: Result<Int, KeeperError>, _ output: CommandOutput) {
    switch result {
    case .failure(let error): output.tell(CommandFailure(error))
    case .success(let count):
      guard output.isJSON else {
        return output.line("forgot \(count.counted("change"))")
      }
      var writer = JSONWriter()
      writer.beginObject()
      writer.write("forgotten", Int64(count))
      writer.endObject()
      output.line(writer.text)
    }
  }
}
