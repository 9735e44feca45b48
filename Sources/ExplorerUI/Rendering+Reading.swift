import CacheModel
import Explorer
import TerminalCanvas
import ValueDecoding

/// What is known of the bytes in the value pane: who wrote them, through which layers they were read,
/// and what a person has to know about them.
extension Rendering {
  /// `django page`, `zlib > pickle:5`; `as hex` when the person chose so; nil where nothing is known.
  func readingFacts(_ preview: PreviewState) -> [String] {
    guard let reading = preview.reading else {
      return [formFact(preview)].compactMap { $0 }
    }
    var facts: [String] = []
    if reading.identity.framework != "plain" {
      let kind = reading.identity.kind.flatMap { $0 == "value" ? nil : " " + $0 }
      facts.append(reading.identity.framework + (kind ?? ""))
    }
    switch preview.way {
    case .found, .everything, .codec, .places: facts.append(reading.codecs.joined(separator: " > "))
    case .form: facts += [formFact(preview)].compactMap { $0 }
    }
    return facts
  }

  /// `json` when the bytes say so, `as hex` when the person does.
  private func formFact(_ preview: PreviewState) -> String? {
    guard let form = preview.layout?.form else { return nil }
    guard case .form(let asked) = preview.way else { return form.rawValue }
    if asked == .json, form != .json { return "as JSON, which it is not" }
    return asked == .binary ? "as hex" : "as \(asked.rawValue)"
  }

  /// Paints what there is to say of the bytes above them, and takes those lines off the area.
  mutating func paintReadingNotes(_ state: ExplorerState, in area: inout Area) {
    guard area.rows > 4 else { return }
    let secrets: [Note] = secretsNote(state).map { [($0, Style(.warn))] } ?? []
    let others = state.preview.reading.map { notes($0, state) } ?? []
    for note in (secrets + others).prefix(max(2, area.rows / 4)) {
      for line in wrapped(note.text, columns: area.columns, lines: 2) {
        let row = area.takeTop(1)
        frame.put(line, row: row.row, column: row.column, style: note.style, limit: row.columns)
      }
    }
  }

  private typealias Note = (text: String, style: Style)

  private func notes(_ reading: ValueReading, _ state: ExplorerState) -> [Note] {
    var notes: [Note] = []
    if !reading.suspicious.isEmpty {
      let names = reading.suspicious.map { TextSanitizer.listText(Array($0.utf8)) }
      notes.append(
        ("names \(names.joined(separator: ", ")): shown, never run", Style(.critical).bold()))
    }
    if let failure = reading.failure {
      notes.append((failure.words + ": these are the bytes as they are", Style(.warn)))
    }
    if let line = identityLine(reading, state) { notes.append((line, .muted)) }
    if let title = reading.recognised?.secondTitle {
      notes.append(("\(title); b shows it as it is", .muted))
    }
    if let remark = reading.remark { notes.append((remark, .muted)) }
    if let view = reading.view {
      notes.append(("\(view.title); b shows all of the pickle", .muted))
    }
    return notes
  }

  /// `key "user:7" · version 2 · prefix app · written 3 min ago`
  private func identityLine(_ reading: ValueReading, _ state: ExplorerState) -> String? {
    let identity = reading.identity
    var parts: [String] = []
    if identity.framework != "plain", let logical = identity.logicalKey,
      identity.keyVersion != nil || identity.kind != nil
    {
      parts.append("key " + TextSanitizer.listText(logical[...]))
    }
    if let version = identity.keyVersion { parts.append("version \(version)") }
    if let prefix = identity.keyPrefix, !prefix.isEmpty {
      parts.append("prefix " + TextSanitizer.listText(Array(prefix.utf8)))
    }
    if let age = age(of: reading, state) { parts.append("written \(age) ago") }
    return parts.isEmpty ? nil : parts.joined(separator: " · ")
  }

  private func age(of reading: ValueReading, _ state: ExplorerState) -> String? {
    guard let written = reading.writtenAt, written.isFinite, written.magnitude < 1e11 else {
      return nil
    }
    let now = state.now.milliseconds + state.wallOffset
    let age = now - Int64(written * 1000)
    return age < 0 ? nil : FigureFormat.age(milliseconds: age)
  }
}

extension DecodingFailure {
  /// Why the bytes could not be read, as a clause.
  fileprivate var words: String {
    switch self {
    case .pickleTruncated: "the pickle breaks off"
    case .pickleBadOp, .pickleBadValue: "the pickle is damaged"
    case .pickleUnknownOpcode, .pickleUnknownProtocol: "the pickle is of an unknown version"
    case .compressTruncated: "the compressed bytes break off"
    case .compressCorrupt: "the compressed bytes are damaged"
    case .inflateLimit: "more than 64 MiB come out of it"
    case .layerLimit: "compressed more than four times over"
    case .nodeLimit: "it describes more than 200,000 values"
    case .opcodeLimit: "the pickle has more than five million steps"
    case .memoryLimit: "it takes more than 256 MiB"
    case .timeLimit: "stopped: it takes longer than a second"
    case .mismatch: "the bytes are no such thing"
    }
  }
}
