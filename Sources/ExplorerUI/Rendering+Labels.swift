import CacheModel
import Explorer
import TerminalCanvas

/// What is known of the key beside its value: its tags, and who is told when it changes.
extension Rendering {
  /// Nil when there is nothing to say. While nothing is told of a key, the line stays as empty as the
  /// one before it was, so that what is below does not jump.
  func labelLine(_ state: ExplorerState) -> (tags: [String], trackers: String?)? {
    guard let labels = state.tags.labels else { return nil }
    let tags = labels.tags.map { SpelledName.of(Array($0.spelling.utf8), limit: 60) }
    let trackers = Self.words(labels.trackers)
    guard !tags.isEmpty || trackers != nil else { return nil }
    return labels.key == state.preview.key ? (tags, trackers) : ([], nil)
  }

  /// `tags news  old · 3 clients track this key`
  mutating func paintLabels(_ labels: (tags: [String], trackers: String?), in line: Area) {
    var column = line.column
    func put(_ text: String, _ style: Style) {
      guard column < line.endColumn else { return }
      column += frame.put(
        text, row: line.row, column: column, style: style, limit: line.endColumn - column,
        overflow: .ellipsis)
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
