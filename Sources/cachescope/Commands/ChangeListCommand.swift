import CacheModel
import TerminalCanvas
import ValueDecoding

/// `undo --list`: the changes of the source that the journal holds, newest first. It reads only.
struct ChangeListCommand: ScriptCommand {
  init(_ line: ParsedCommandLine) throws(UsageError) {
    guard line.arguments.isEmpty, !line.has(.all) else { throw Self.oneOfThem }
  }

  static let oneOfThem = UsageError("give an ID, --list or --all, one of them", command: .undo)

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    for entry in try await session.journalEntries() where entry.generation == 0 {
      session.tell(entry)
    }
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

  /// All changes of the source, newest first.
  func journalEntries() async throws(CommandFailure) -> [JournalEntry] {
    let keeper = try journal()
    var entries: [JournalEntry] = []
    do throws(KeeperError) {
      while true {
        let page = try await keeper.entries(
          of: source.identity, limit: Self.entryPage, before: entries.last?.id)
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
    standing == .done && keptCount == 0 ? "cannot be undone" : standing.words
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
