import CacheModel
import TerminalCanvas
import ValueDecoding

/// `get`: one value, whole, decoded or as it is.
struct GetCommand: ScriptCommand {
  private let key: CacheKey
  private let isRaw: Bool
  private let masksSecrets: Bool

  /// A value that was asked for by name is fetched whole; these are the bounds of Redis itself.
  private static let whole = ValueBound(bytes: 512 << 20, elements: 1 << 31)

  init(_ line: ParsedCommandLine) throws(UsageError) {
    let keys = try line.keys(line.arguments)
    guard let key = keys.first else { throw UsageError("get needs KEY", command: .get) }
    self.key = key
    isRaw = line.has(.raw)
    masksSecrets = !line.has(.unmask)
    if isRaw, line.has(.json) {
      throw UsageError("give either --raw or --json", command: .get)
    }
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    let key = key
    let page = try await session.ask { backend throws(BackendError) in
      try await backend.read(key, within: Self.whole)
    }
    guard let page else { throw CommandFailure(.notFound, "no such key: \(key.shown)") }
    if case .unreadable = page.content {
      throw CommandFailure(
        .server, "\(key.shown) holds a \(page.kind.redisName): \(page.kind.unshownWords)")
    }
    if session.output.isJSON {
      session.output.line(ValueJSON.object(page, database: session.source.database))
    } else if isRaw {
      try writeRaw(page, session.output)
    } else {
      writeText(page, session.output)
    }
    if !page.isComplete {
      session.output.tell(
        CommandFailure(.server, "only \(page.content.count) of \(page.totalLength) were told"))
    }
  }

  private func writeRaw(_ page: ValuePage, _ output: CommandOutput) throws(CommandFailure) {
    guard case .string(let bytes) = page.content else {
      throw CommandFailure(
        .conflict,
        "--raw writes a string, and \(key.shown) holds a \(page.kind.redisName); "
          + "leave --raw out or take --json")
    }
    output.bytes(bytes)
  }

  private func writeText(_ page: ValuePage, _ output: CommandOutput) {
    switch page.content {
    case .string(let bytes):
      ShownValue.write(
        ValueDecoder(.forScripts()).decode(bytes), of: bytes, named: key.bytes,
        masksSecrets: masksSecrets, output)
    default: writeRows(page.content, output)
    }
  }

  private func writeRows(_ content: ValueContent, _ output: CommandOutput) {
    var secrets: Set<String> = []
    func safe(_ bytes: [UInt8], _ name: [UInt8]? = nil) -> String {
      guard masksSecrets, output.isTerminal else { return TextSanitizer.valueText(bytes) }
      let found = SecretScan.secrets(in: bytes, named: name ?? key.bytes)
      secrets.formUnion(found.map(\.kind.noun))
      return TextSanitizer.valueText(SecretMask.masked(bytes, found))
    }
    switch content {
    case .hash(let fields):
      for field in fields { output.line("\(safe(field.field)): \(safe(field.value, field.field))") }
    case .list(let from, let elements):
      for (place, element) in elements.enumerated() {
        output.line("\(from + Int64(place)): \(safe(element))")
      }
    case .set(let members):
      for member in members { output.line(safe(member)) }
    case .sortedSet(let members):
      for member in members {
        output.line("\(ValueJSON.text(of: member.score)) \(safe(member.member))")
      }
    case .stream(let entries, _):
      for entry in entries {
        let fields = entry.fields.map { "\(safe($0.field))=\(safe($0.value, $0.field))" }
        output.line("\(entry.id.text) \(fields.joined(separator: " "))")
      }
    case .string, .unreadable: break
    }
    if !secrets.isEmpty { output.note(ShownValue.note(Array(secrets))) }
  }
}
