import CacheModel
import DumpPayload
import EntryExport
import Plans
import SystemIO
import TerminalCanvas
import ValueDecoding

/// `export`: writes entries to a file, or to a stream, as `ExportFormat` says.
///
/// With `--resume` a file that was not finished is gone on with: its keys are not asked for again.
struct ExportCommand: ScriptCommand {
  private let path: String
  private let selection: KeySelection
  private let isResumed: Bool
  private let masksSecrets: Bool

  /// A value is shown beside its payload up to so many bytes of that.
  private static let renderedBytes = 16 << 10

  init(_ line: ParsedCommandLine) throws(UsageError) {
    guard let path = line.arguments.first else {
      throw UsageError("export needs FILE; - is standard output", command: .export)
    }
    self.path = path
    selection = try KeySelection(line, mayBeAll: true)
    isResumed = line.has(.resume)
    masksSecrets = !line.has(.unmask)
    if isResumed, path == "-" {
      throw UsageError("--resume goes on with a file, and - is a stream", command: .export)
    }
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    var file = try await ExportFile.open(path, resuming: isResumed)
    guard !file.isFinished else {
      return session.output.line("\(path) is a whole export already")
    }
    let keys = try await SearchedKeys(session, selection)
    var taking = EntryTaking(session.backend) { () async throws(BackendError) in
      try await keys.next()
    }
    if file.isNew { try await file.write([.header(header(session))]) }
    var failed = 0
    while let batch = try await session.ask({ _ throws(BackendError) in
      try await taking.next { file.holds($0) }
    }) {
      var lines: [ExportLine] = []
      for (key, state) in batch {
        if let reason = state.reasonAgainstTaking {
          failed += 1
          session.output.tell(CommandFailure(.server, "\(key.shown): \(reason)"))
        } else if let entry = entry(key, state) {
          lines.append(.entry(entry))
        }
      }
      try await file.write(lines)
    }
    try await keys.finish()
    try await file.finish(failed: failed)
    guard path != "-" else { return }
    let count = file.entryCount
    let words = count == 1 ? "1 entry" : "\(FigureFormat.grouped(count)) entries"
    session.output.line("\(words) exported to \(path)")
  }

  private func header(_ session: ScriptSession) -> ExportHeader {
    ExportHeader(
      product: "\(session.source.product) \(session.source.version)",
      database: session.source.database,
      time: WallTime(milliseconds: SystemClock.wallMilliseconds))
  }

  /// Nil for what has gone.
  private func entry(_ key: CacheKey, _ state: CapturedState) -> ExportedEntry? {
    guard case .present(let stored) = state else { return nil }
    let payload: [UInt8]
    switch stored.value {
    case .dump(let bytes): payload = bytes
    case .typed(let value):
      guard let bytes = try? DumpPayload.encode(DumpedValue(value)) else { return nil }
      payload = bytes
    }
    var entry = ExportedEntry(
      key: key, kind: .other("unknown"), deadline: stored.deadline, payload: payload,
      tags: stored.tags)
    // What cannot be read here is exported all the same: the payload is what counts.
    guard let value = try? DumpPayload.decode(payload) else { return entry }
    entry.kind = value.kind
    if payload.count <= Self.renderedBytes, let content = ValueContent(value) {
      let rendering = ValueJSON.value(of: content)
      entry.rendering = masksSecrets ? masked(rendering, of: key) : rendering
    }
    return entry
  }
}

extension ExportCommand {
  /// The payload beside it holds everything: this is for eyes.
  private func masked(_ rendering: String, of key: CacheKey) -> String {
    let json = SecretMask.maskedJSON(Array(rendering.utf8), named: key.bytes)
    return String(decoding: json, as: UTF8.self)
  }
}

extension DumpedValue {
  fileprivate init(_ value: NewValue) {
    switch value {
    case .string(let bytes): self = .string(bytes)
    case .list(let elements): self = .list(elements)
    case .set(let members): self = .set(members)
    case .sortedSet(let members): self = .sortedSet(members)
    case .hash(let fields): self = .hash(fields)
    }
  }
}

extension ValueContent {
  /// Nil for what has no reader.
  fileprivate init?(_ value: DumpedValue) {
    switch value {
    case .string(let bytes): self = .string(bytes)
    case .list(let elements): self = .list(from: 0, elements)
    case .set(let members): self = .set(members)
    case .sortedSet(let members): self = .sortedSet(members)
    case .hash(let fields, _): self = .hash(fields)
    case .opaque: return nil
    }
  }
}
