import Explorer
import TerminalCanvas

/// The question whether an engine goes on when the explorer that started it ends.
extension Rendering {
  mutating func paintLeaving(_ use: EngineUse, in area: Area) {
    let lines = Self.lines(use)
    let inside = dialog(
      title: "Keep the engine running?", rows: lines.count + 2,
      columns: min(area.columns - 4, 64), isDestructive: false, in: area)
    for (offset, line) in lines.enumerated() {
      frame.put(
        line, row: inside.row + offset, column: inside.column,
        style: offset == lines.count - 1 ? Style(.warn) : .text, limit: inside.columns,
        overflow: .ellipsis)
    }
    paintChoices(row: inside.endRow - 1, column: inside.column)
  }

  private static func lines(_ use: EngineUse) -> [String] {
    let keys = counted(Int(clamping: use.keys), "key")
    let clients =
      use.otherClients == 1 ? "1 other client is" : "\(use.otherClients) other clients are"
    var lines = ["It was started for this explorer and holds \(keys)."]
    if use.otherClients > 0 { lines.append("\(clients) connected to it.") }
    lines.append(
      use.keys > 0 ? "Stopping it loses the keys." : "Stopping it ends their connections.")
    return lines
  }

  private mutating func paintChoices(row: Int, column: Int) {
    let choices: [(text: String, style: Style, target: Region.Target)] = [
      (" enter keep it ", Style(.focus, on: .selection, .bold), .answer("k")),
      ("s stop it", Style(.critical), .answer("s")), ("esc stay here", .text, .action(.back)),
    ]
    var column = column
    for (text, style, target) in choices {
      let width = frame.put(text, row: row, column: column, style: style)
      regions.append(
        Region(area: Area(row: row, column: column, rows: 1, columns: width), target: target))
      column += width + 3
    }
  }
}
