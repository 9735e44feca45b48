import CacheModel
import SystemIO
import TerminalCanvas
import ValueDecoding

/// `flush`: deletes all keys of the database, after `--yes` or after its name was typed.
struct FlushCommand: ChangingCommand {
  private let isConfirmed: Bool

  init(_ line: ParsedCommandLine) throws(UsageError) {
    isConfirmed = line.has(.yes)
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    if !isConfirmed { try await confirm(session) }
    let count = try await session.ask { backend throws(BackendError) in try await backend.flush() }
    let database = session.source.database
    guard session.output.isJSON else {
      let what = count.map { "\(FigureFormat.grouped(Int($0))) keys" } ?? "all keys"
      return session.output.line("deleted \(what) of db \(database)")
    }
    var writer = JSONWriter()
    writer.beginObject()
    writer.write("deleted", count)
    writer.write("db", Int64(database))
    writer.endObject()
    session.output.line(writer.text)
  }

  /// Asks on the terminal; a refusal where there is none.
  private func confirm(_ session: ScriptSession) async throws(CommandFailure) {
    let name = "db\(session.source.database)"
    guard StandardStream.input.isTerminal, StandardStream.error.isTerminal else {
      throw CommandFailure(
        .refused, "flush deletes all keys and cannot be undone; --yes confirms it")
    }
    let keys = try? await session.backend.statistics().keys
    let count = keys.flatMap { $0 }.map { "\(FigureFormat.grouped(Int($0))) keys" } ?? "all keys"
    let place = TextSanitizer.listText(session.source.address)
    let question =
      "This deletes \(count) of \(name) at \(place) and cannot be undone.\nType \(name) to do it: "
    let answer: [UInt8]?
    do throws(Errno) {
      try StandardStream.error.write(Array(question.utf8))
      answer = try StandardStream.input.readLine()
    } catch {
      throw CommandFailure(.io, error.text)
    }
    guard answer == Array(name.utf8) else {
      throw CommandFailure(.refused, "not confirmed: nothing was deleted")
    }
  }
}
