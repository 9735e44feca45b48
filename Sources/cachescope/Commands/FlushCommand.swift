import CacheModel
import ValueDecoding

/// `flush`: deletes all keys of the database, after `--yes`, `--confirm` or its name was typed.
struct FlushCommand: ChangingCommand {
  private let confirmation: ChangeConfirmation

  init(_ line: ParsedCommandLine) throws(UsageError) {
    confirmation = ChangeConfirmation(line)
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    let database = session.source.database
    let keys = try? await session.backend.statistics().keys
    try confirmation.require(
      "deletes \(Self.words(keys.flatMap { $0 })) of db\(database)", in: session)
    let count = try await session.ask { backend throws(BackendError) in try await backend.flush() }
    guard session.output.isJSON else {
      return session.output.line("deleted \(Self.words(count)) of db\(database)")
    }
    var writer = JSONWriter()
    writer.beginObject()
    writer.write("deleted", count)
    writer.write("db", Int64(database))
    writer.endObject()
    session.output.line(writer.text)
  }

  private static func words(_ count: Int64?) -> String {
    count.map { $0.counted("key") } ?? "all keys"
  }
}
