import CacheModel
import Explorer
import TerminalCanvas

/// The commands that the source was given: how often, how long they took, which failed.
extension Rendering {
  private struct CommandColumn: Sendable {
    var column: TableLayout.Column
    var field: CommandOrder.Field?
    var text: @Sendable (CommandUse) -> String
    var style = Style.text

    init(
      _ title: String, _ width: Int, _ field: CommandOrder.Field?, priority: Int = 0,
      style: Style = .text, _ text: @escaping @Sendable (CommandUse) -> String
    ) {
      column = TableLayout.Column(title, .fixed(width), .right, priority: priority)
      self.field = field
      self.text = text
      self.style = style
    }
  }

  private static let columns: [CommandColumn] = {
    var name = CommandColumn("command", 0, .name) {
      TextSanitizer.listText(Array($0.name.utf8))
    }
    name.column = TableLayout.Column("command", .flexible(minimum: 12))
    let bar = CommandColumn("", 10, nil, priority: 2, style: Style(.accent)) {
      Bar.squares($0.share, columns: 10)
    }
    return [
      name,
      CommandColumn("calls/s", 8, .calls) { FigureFormat.rate($0.callsPerSecond) },
      CommandColumn("per call", 8, .timePerCall) {
        FigureFormat.latency(microseconds: $0.microsecondsPerCall)
      },
      CommandColumn("share", 7, .share) { FigureFormat.percent($0.share) },
      bar,
      CommandColumn("p50", 7, nil, priority: 4) { Self.latency($0.median) },
      CommandColumn("p99", 7, nil, priority: 4) { Self.latency($0.percentile99) },
      CommandColumn("errors/s", 8, .errors, priority: 3) {
        $0.failuresPerSecond.map(FigureFormat.rate) ?? "n/a"
      },
    ]
  }()

  /// Columns from a name to the last figure: further apart they would not be read together.
  private static let widest = 104

  /// Those for which the source tells something.
  private static func columns(of uses: [CommandUse]) -> [CommandColumn] {
    let hasLatencies = uses.contains { $0.median != nil }
    return columns.filter { hasLatencies || !["p50", "p99"].contains($0.column.title) }
  }

  private static func latency(_ microseconds: Double?) -> String {
    microseconds.map { FigureFormat.latency(microseconds: $0) } ?? "n/a"
  }

  mutating func paintCommands(_ state: ExplorerState, in area: Area) {
    regions.append(Region(area: area, target: .panel(.commands)))
    let stats = state.stats
    let uses = stats.commandOrder.sorted(
      stats.history.commands.use(over: stats.window.milliseconds))
    let inside = frame.box(
      area, title: "Commands  \(stats.window.title)", trailing: note(uses, stats),
      focused: stats.focus == .commands && !state.isCovered)
    var rows = inside.inset(columns: 1)
    let isTold = stats.history.latest == nil || stats.history.latest?[.readingCalls] != nil
    guard !uses.isEmpty else {
      presentation.commands = OverlayFit(height: max(1, rows.rows - 1), count: 0)
      return paintAside(isTold ? "no commands yet" : "this source does not tell it", in: inside)
    }
    let columns = Self.columns(of: uses)
    let table = TableLayout(
      columns.map(\.column), width: min(rows.columns, Self.widest), gap: 2)
    paintCommandHeads(columns, table, stats.commandOrder, in: rows.takeTop(1))
    presentation.commands = OverlayFit(height: max(1, rows.rows), count: uses.count)
    let top = max(0, min(stats.commandTop, uses.count - rows.rows))
    for use in uses.dropFirst(top).prefix(rows.rows) {
      let line = rows.takeTop(1)
      for (place, column) in columns.enumerated() {
        let failed = column.field == .errors && use.failuresPerSecond ?? 0 > 0
        frame.put(
          column.text(use), in: place, of: table, row: line.row, from: line.column,
          style: failed ? Style(.error) : column.style)
      }
    }
  }

  /// What they are sorted by, and where in them the first row is.
  private func note(_ uses: [CommandUse], _ stats: StatsState) -> String {
    let order = stats.commandOrder
    return "by \(order.field.title) \(order.isDescending ? "▼" : "▲")"
  }

  private mutating func paintCommandHeads(
    _ columns: [CommandColumn], _ table: TableLayout, _ order: CommandOrder, in line: Area
  ) {
    for (place, column) in columns.enumerated() {
      guard let span = table.spans[place], span.width > 0 else { continue }
      let isChosen = column.field == order.field
      frame.put(
        column.column.title, in: place, of: table, row: line.row, from: line.column,
        style: isChosen ? Style(.accent) : .muted)
      guard let field = column.field else { continue }
      regions.append(
        Region(
          area: Area(
            row: line.row, column: line.column + span.start, rows: 1, columns: span.width),
          target: .commandColumn(field)))
    }
  }
}
