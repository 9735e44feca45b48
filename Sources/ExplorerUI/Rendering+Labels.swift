import CacheModel
import Explorer
import TerminalCanvas

/// What is known of the key beside its value: where a cluster keeps it, its tags, and who is told when
/// it changes.
extension Rendering {
  struct Labels {
    var slot: String?
    var tags: [String] = []
    var trackers: String?
  }

  /// Nil when there is nothing to say. While nothing is told of a key, the line stays as empty as the
  /// one before it was, so that what is below does not jump.
  func labelLine(_ state: ExplorerState) -> Labels? {
    let slot = slotText(state.preview)
    let isCluster = state.source.description?.isCluster == true
    guard let labels = state.tags.labels else { return isCluster ? Labels(slot: slot) : nil }
    let tags = labels.tags.map { SpelledName.of(Array($0.spelling.utf8), limit: 60) }
    let trackers = Self.words(labels.trackers)
    guard !tags.isEmpty || trackers != nil || isCluster else { return nil }
    return labels.key == state.preview.key
      ? Labels(slot: slot, tags: tags, trackers: trackers) : Labels(slot: slot)
  }

  /// `slot 5474 by {user:7}`: where a cluster keeps the key, and what of its name says so.
  private func slotText(_ preview: PreviewState) -> String? {
    guard let key = preview.key, let slot = preview.page?.slot else { return nil }
    guard let tag = key.hashTag else { return "slot \(slot)" }
    return "slot \(slot) by {\(middleClipped(TextSanitizer.listText(key.bytes[tag]), to: 24))}"
  }

  /// `slot 5474 · tags news  old · 3 clients track this key`
  mutating func paintLabels(_ labels: Labels, in line: Area) {
    var column = line.column
    func put(_ text: String, _ style: Style) {
      guard column < line.endColumn else { return }
      column += frame.put(
        text, row: line.row, column: column, style: style, limit: line.endColumn - column,
        overflow: .ellipsis)
    }
    if let slot = labels.slot {
      put(slot + (labels.tags.isEmpty && labels.trackers == nil ? "" : " · "), .muted)
    }
    if !labels.tags.isEmpty { put("tags ", .muted) }
    put(labels.tags.joined(separator: "  "), Style(.accent))
    guard let trackers = labels.trackers else { return }
    put((labels.tags.isEmpty ? "" : " · ") + trackers, .muted)
  }

  private static func words(_ trackers: KeyTrackers) -> String? {
    switch trackers {
    case .unknown, .clients([]), .counted(0): nil
    case .clients(let clients):
      clients.count == 1
        ? "1 client tracks this key" : "\(clients.count) clients track this key"
    case .counted(let count):
      count == 1
        ? "1 client tracks keys"
        : "\(FigureFormat.grouped(Int(clamping: count))) clients track keys"
    }
  }
}
