import CacheModel
import EntryExport
import Plans
import SystemIO

/// `import`: puts the entries of an export under their keys, with type, bytes and absolute expiry.
///
/// What was imported before an interruption is there; the same command again goes on, since entries
/// that are there already count as done.
struct ImportCommand: ChangingCommand {
  private let path: String
  private let conflict: ConflictChoice
  private let confirmation: ChangeConfirmation

  /// A line holds a value of at most 512 MB in base64, and its rendering.
  private static let longestLine = 1 << 30

  init(_ line: ParsedCommandLine) throws(UsageError) {
    guard let path = line.arguments.first else {
      throw UsageError("import needs FILE; - is standard input", command: .importFile)
    }
    self.path = path
    conflict = try line.choice(.onConflict, ConflictChoice.self) ?? .fail
    confirmation = ChangeConfirmation(line)
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    let lines = try open()
    try await readHeader(lines)
    try confirmation.require(
      "imports \(name) into db\(session.source.database)", isAskedFor: true, in: session)
    let tally = TransferTally(session.output, doneWord: "imported", conflict: conflict)
    try await put(lines, into: session, tally)
  }

  /// What was put when it fails is in the journal, too.
  private func put(
    _ lines: LineSource, into session: ScriptSession, _ tally: TransferTally
  ) async throws(CommandFailure) {
    var tally = tally
    var putting: EntryPutting
    do throws(JournaledChangeError) {
      putting = try await EntryPutting(
        session.changes, session.header("import \(name)"), onConflict: conflict)
    } catch {
      throw CommandFailure(error)
    }
    var failure: CommandFailure?
    do throws(CommandFailure) {
      try await read(lines, into: &putting, &tally)
    } catch {
      failure = error
    }
    tally.count(await putting.putWaiting())
    await putting.finish()
    tally.finish()
    if let problem = putting.problem { throw CommandFailure(problem) }
    if let failure { throw failure }
  }

  private var name: String { path == "-" ? "standard input" : path }

  private func open() throws(CommandFailure) -> LineSource {
    do throws(Errno) {
      return try LineSource(path: path == "-" ? nil : path, limit: Self.longestLine)
    } catch {
      throw CommandFailure(.io, "\(name): \(error.text)")
    }
  }

  private func next(_ lines: LineSource) async throws(CommandFailure) -> LineSource.Line? {
    do throws(Errno) {
      return try await BlockingCall.run { () throws(Errno) in try lines.next() }
    } catch {
      throw CommandFailure(.io, "\(name): \(error.text)")
    }
  }

  private func readHeader(_ lines: LineSource) async throws(CommandFailure) {
    guard case .whole(let first) = try await next(lines) else {
      throw CommandFailure(.io, "\(name) is empty or cut off in its first line: nothing was sent")
    }
    do throws(ExportLineError) {
      guard case .header = try ExportFormat.read(first) else { throw .unknown }
    } catch {
      throw CommandFailure(.io, "\(name), line 1: \(error.words); nothing was sent")
    }
  }

  /// Every entry up to the last line. What cannot be read ends the import there.
  private func read(
    _ lines: LineSource, into putting: inout EntryPutting, _ tally: inout TransferTally
  ) async throws(CommandFailure) {
    var number = 1
    while putting.problem == nil, let line = try await next(lines) {
      number += 1
      guard case .whole(let bytes) = line else {
        throw broken(number, ExportLineError.cutOff.words)
      }
      switch try parsed(bytes, number) {
      case .header: throw broken(number, ExportLineError.unknown.words)
      case .end: return
      case .entry(let entry):
        let state = StoredState(.dump(entry.payload), deadline: entry.deadline, tags: entry.tags)
        tally.count(await putting.add(entry.key, state))
      }
    }
    guard putting.problem == nil else { return }
    throw broken(number + 1, "is missing, the last one of a whole export")
  }

  private func parsed(_ line: [UInt8], _ number: Int) throws(CommandFailure) -> ExportLine {
    do throws(ExportLineError) {
      return try ExportFormat.read(line)
    } catch {
      throw broken(number, error.words)
    }
  }

  private func broken(_ line: Int, _ words: String) -> CommandFailure {
    CommandFailure(
      .io,
      "\(name), line \(line): \(words); what stands before it was imported, the rest was not")
  }
}
