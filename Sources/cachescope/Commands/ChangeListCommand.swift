import CacheModel
import TerminalCanvas
import ValueDecoding

/// `undo --list`: the changes of the source that the journal holds, newest first; with `--restarted`
/// those that were made through its address while the server went by another id. It reads only.
struct ChangeListCommand: ScriptCommand {
  private let isOfRestarted: Bool

  init(_ line: ParsedCommandLine) throws(UsageError) {
    guard line.arguments.isEmpty, !line.has(.all) else { throw Self.oneOfThem }
    isOfRestarted = line.has(.restarted)
  }

  static let oneOfThem = UsageError("give an ID, --list or --all, one of them", command: .undo)

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    let entries = try await session.journalEntries(ofAll: true)
    let isListed = { (entry: JournalEntry) in
      isOfRestarted
        ? entry.isStray(of: session.source) : session.source.identity.owns(entry.header.source)
    }
    for entry in entries where entry.generation == 0 && isListed(entry) { session.tell(entry) }
    let strays = entries.strays(of: session.source).count
    if strays > 0, !isOfRestarted { session.output.note(JournalEntry.sentence(ofStrays: strays)) }
  }
}

extension ScriptSession {
  private static let entryPage = 500

  /// One change: ID, time, keys, what became of it, title.
  func tell(_ entry: JournalEntry) {
    let time = UTCTime(entry.header.at).text
    guard output.isJSON else {
      let columns = [
        "\(entry.id.number)", time, "\(entry.keyCount)", entry.words,
        TextSanitizer.listText(entry.header.title),
      ]
      return output.line(columns.joined(separator: "\t"))
    }
    var writer = JSONWriter()
    writer.beginObject()
    writer.write("id", entry.id.number)
    writer.key("time")
    writer.string(time)
    writer.key("title")
    writer.string(entry.header.title)
    writer.write("keys", Int64(entry.keyCount))
    writer.write("can_be_taken_back", Int64(entry.keptCount))
    writer.key("state")
    writer.string(entry.standing.words)
    writer.endObject()
    output.line(writer.text)
  }

  /// The journal of the source; a profile may keep none.
  func journal() throws(CommandFailure) -> any ChangeKeeper {
    guard let keeper else {
      throw CommandFailure(.notFound, "the profile keeps nothing of its changes: journal is off")
    }
    return keeper
  }

  /// Changes that were made through this address while the server went by another id, and can be
  /// taken back, newest first.
  func strayEntries() async throws(CommandFailure) -> [JournalEntry] {
    try await journalEntries(ofAll: true).strays(of: source)
  }

  /// All changes of the source, or of all sources, newest first.
  func journalEntries(ofAll isOfAll: Bool = false) async throws(CommandFailure) -> [JournalEntry] {
    let keeper = try journal()
    var entries: [JournalEntry] = []
    do throws(KeeperError) {
      while true {
        let page = try await keeper.entries(
          of: isOfAll ? nil : source.identity, limit: Self.entryPage, before: entries.last?.id)
        entries += page
        guard page.count == Self.entryPage else { return entries }
      }
    } catch {
      throw CommandFailure(error)
    }
  }
}

extension JournalEntry {
  /// What became of it.
  var words: String {
    guard standing == .done, keptCount == 0 else { return standing.words }
    return passedCount > 0 ? "written since or expired" : "cannot be undone"
  }

  /// Why nothing of it can be taken back now.
  var reasonAgainstUndo: String {
    standing == .underWay ? "it is under way" : "what its keys held was not kept"
  }
}

extension JournalEntry.Standing {
  fileprivate var words: String {
    switch self {
    case .underWay: "under way"
    case .interrupted: "interrupted"
    case .done: "done"
    case .takenBack: "taken back"
    case .takenBackInPart: "taken back in part"
    }
  }
}
