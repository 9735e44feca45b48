import CacheModel
import TerminalCanvas

/// Which changes `undo` is to take back.
struct UndoChoice: Sendable {
  private enum Request {
    case all, last
    case one(ChangeID)
  }

  private let request: Request
  /// Those that were made through this address while the server went by another id.
  let isOfRestarted: Bool
  /// Over what was written since.
  let isOverwriting: Bool

  init(_ line: ParsedCommandLine) throws(UsageError) {
    isOfRestarted = line.has(.restarted)
    isOverwriting = line.has(.overwrite)
    guard !isOfRestarted || !isOverwriting else {
      throw UsageError(
        "--restarted goes by what the change left, and --overwrite does not: give one of the two",
        command: .undo)
    }
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

  /// The changes that are meant, in the order in which they are to be taken back; at least one.
  func entries(
    _ session: ScriptSession, _ keeper: any ChangeKeeper
  ) async throws(CommandFailure) -> [JournalEntry] {
    if case .one(let id) = request { return [try await entry(id, session, keeper)] }
    let found = try await candidates(session)
    if case .last = request { try await refuseToPassOver(found, session) }
    guard let last = found.first else { throw try await nothing(session) }
    if case .last = request { return [last] }
    return found
  }

  /// A newer change of which an undo has left what was written since: asked again, undo does not go on
  /// to an older one by itself.
  private func refuseToPassOver(
    _ found: [JournalEntry], _ session: ScriptSession
  ) async throws(CommandFailure) {
    guard !isOfRestarted, !isOverwriting else { return }
    let entries = try await session.journalEntries()
    guard let newest = entries.leftAsWritten(on: session.source.identity) else { return }
    let older = found.first.map { "; cachescope undo \($0.id.number) takes an older change back" }
    throw CommandFailure(.conflict, reasonAgainst(newest) + (older ?? ""))
  }

  private func candidates(
    _ session: ScriptSession
  ) async throws(CommandFailure) -> [JournalEntry] {
    if isOfRestarted { return try await session.strayEntries() }
    return try await session.journalEntries().filter {
      !$0.isUndo && $0.canBeTakenBack(overwriting: isOverwriting)
    }
  }

  /// That there is nothing, and where there would be something.
  private func nothing(_ session: ScriptSession) async throws(CommandFailure) -> CommandFailure {
    guard !isOfRestarted else {
      return CommandFailure(
        .notFound,
        "there is nothing to take back: no change was made through this address on a server with "
          + "another identity")
    }
    let strays = try await session.strayEntries().count
    let hint = strays > 0 ? "; " + JournalEntry.sentence(ofStrays: strays) : ""
    return CommandFailure(.notFound, "there is nothing to take back" + hint)
  }

  // MARK: The one that is named

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
    if let refusal = refusal(of: entry, at: session.source) {
      throw CommandFailure(.refused, refusal + ": nothing was sent")
    }
    guard entry.canBeTakenBack(overwriting: isOverwriting) else {
      throw CommandFailure(.notFound, reasonAgainst(entry))
    }
    return entry
  }

  private func refusal(of entry: JournalEntry, at source: SourceDescription) -> String? {
    let number = entry.id.number
    let isHere =
      entry.header.address == source.address
      && entry.header.source.database == source.identity.database
    if isOfRestarted, isHere { return nil }
    guard !source.identity.owns(entry.header.source) else { return nil }
    guard isHere else {
      return "change \(number) was made at \(TextSanitizer.listText(entry.header.address)), on "
        + "another server or database"
    }
    return "change \(number) was made through this address on a server with another identity (it "
      + "was restarted, or it is another server; cachescope undo --restarted \(number) takes it "
      + "back where the keys are still as it left them)"
  }

  private func reasonAgainst(_ entry: JournalEntry) -> String {
    let number = entry.id.number
    guard entry.canBeTakenBack(overwriting: true) else {
      return entry.standing == .takenBack
        ? "change \(number) has been taken back already"
        : "change \(number) cannot be taken back: \(entry.words)"
    }
    return "of change \(number) only what was written since or has expired is left; "
      + "cachescope undo \(number) --overwrite puts the older values over newer ones"
  }
}
