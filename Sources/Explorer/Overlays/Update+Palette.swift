/// The command palette: type, choose, enter.
extension ExplorerState {
  mutating func openPalette() {
    var overlay = Overlay(.palette, field: TextField("", limit: 100))
    let isUsable = PaletteEntry.all.map(canBeDone)
    overlay.entries = [true, false].flatMap { wanted in
      zip(PaletteEntry.all, isUsable).filter { $1 == wanted }.map(\.0)
    }
    show(overlay)
  }

  private func canBeDone(_ entry: PaletteEntry) -> Bool {
    switch entry.step {
    case .action(let action): availability(of: action).isAvailable
    case .shell: true
    case .stopEngine: reasonAgainstStopping == nil
    }
  }

  /// The rows that fit what was typed, best first; while nothing was, all of them, those that can be
  /// done now before the others.
  func paletteEntries(_ overlay: Overlay) -> [PaletteEntry] {
    let words = (overlay.field?.text ?? "").lowercased().split(separator: " ").map(Array.init)
    guard !words.isEmpty else { return overlay.entries }
    let ranked = overlay.entries.enumerated().compactMap { place, entry in
      entry.rank(of: words).map { (rank: $0, place: place, entry: entry) }
    }
    return ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map(\.entry)
  }

  /// A row with its key, and why it cannot be done now.
  func row(of entry: PaletteEntry) -> OverlayRow {
    switch entry.step {
    case .action(let action):
      if case .disabled(let reason) = availability(of: action) {
        return OverlayRow(.action(action), entry.name, reason, tone: .muted)
      }
      return OverlayRow(.action(action), entry.name, entry.help)
    case .shell: return OverlayRow(.text("$"), entry.name, entry.help)
    case .stopEngine:
      guard let reason = reasonAgainstStopping else {
        return OverlayRow(.none, entry.name, entry.help)
      }
      return OverlayRow(.none, entry.name, reason, tone: .muted)
    }
  }

  mutating func runPaletteEntry(_ overlay: Overlay) -> [Effect] {
    let entries = paletteEntries(overlay)
    guard entries.indices.contains(overlay.list.row) else { return [] }
    let entry = entries[overlay.list.row]
    switch entry.step {
    case .action(let action):
      overlays.removeAll()
      return perform(action)
    case .shell(let line):
      overlays.removeAll()
      let line = line.replacing("SOURCE", with: Self.shellQuoted(source.address))
      return copy(Array(line.utf8), as: "the line for a shell: \(line)")
    case .stopEngine:
      overlays.removeAll()
      return askToStopEngine()
    }
  }

  /// As one word of a POSIX shell.
  static func shellQuoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || "-._/:@%+=,".utf8.contains(byte)
    }
    return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
