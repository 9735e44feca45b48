import CacheModel
import Explorer
import TerminalCanvas

/// The nodes of a cluster beside the sum of their figures: a table on the Stats screen.
extension Rendering {
  /// Rows that the table takes with its frame: all nodes where half of the screen has room for them;
  /// 0 for one server.
  func nodeTableRows(_ state: ExplorerState, of rows: Int) -> Int {
    guard let nodes = state.stats.history.latest?.cluster?.nodes, !nodes.isEmpty else { return 0 }
    return min(nodes.count + 3, max(6, rows / 2))
  }

  private static let columns: [TableLayout.Column] = [
    .init("node", .flexible(minimum: 15)),
    .init("role", .fixed(7), priority: 2),
    .init("slots", .fixed(6), .right),
    .init("keys", .fixed(10), .right),
    .init("memory", .fixed(FigureFormat.bytesWidth), .right),
    .init("hit", .fixed(7), .right),
    .init("op/s", .fixed(6), .right),
    .init("state", .flexible(minimum: 8)),
  ]

  mutating func paintNodes(_ state: ExplorerState, in area: Area) {
    guard let cluster = state.stats.history.latest?.cluster else { return }
    let replicas = cluster.nodes.count { !$0.isPrimary }
    let title = "Nodes  \(cluster.servingWell) of \(cluster.serving.count) primaries serve"
    let open = cluster.openSlots > 0 ? "\(counted(cluster.openSlots, "slot")) without a node" : ""
    let inside = frame.box(
      area, title: title, trailing: open.isEmpty ? counted(replicas, "replica") : open)
    var rows = inside.inset(columns: 1)
    // Narrow, so that the roles keep their place.
    let layout = TableLayout(Self.columns, width: rows.columns, gap: rows.columns < 90 ? 1 : 2)
    let head = rows.takeTop(1)
    for (place, column) in Self.columns.enumerated() {
      frame.put(
        column.title, in: place, of: layout, row: head.row, from: head.column, style: .muted)
    }
    let shown = cluster.nodes.prefix(
      cluster.nodes.count > rows.rows ? max(0, rows.rows - 1) : rows.rows)
    for node in shown { paint(node, state, layout, in: rows.takeTop(1)) }
    let left = cluster.nodes.count - shown.count
    guard left > 0, rows.rows > 0 else { return }
    frame.put(
      "and \(counted(left, "more node"))", row: rows.row, column: rows.column, style: .muted,
      limit: rows.columns)
  }

  private mutating func paint(
    _ node: NodeFigures, _ state: ExplorerState, _ layout: TableLayout, in line: Area
  ) {
    let rates = state.stats.nodeRates[node.id]
    let (health, style) = healthText(node)
    let cells: [(String, Style)] = [
      (TextSanitizer.listText(Array(node.address.utf8)), Style(node.isServing ? .title : .muted)),
      (node.isPrimary ? "primary" : "replica", .muted),
      (node.slots.map { FigureFormat.grouped($0) } ?? "", .text),
      (node.keys.map { FigureFormat.grouped(Int(clamping: $0)) } ?? "", .text),
      (node.usedMemory.map { FigureFormat.bytes(UInt64(max(0, $0.bytes))) } ?? "", .text),
      (rates?.hitRatio.map(percentText) ?? (node.isServing ? "–" : ""), .text),
      (rates?.commands.map(FigureFormat.rate) ?? (node.isServing ? "–" : ""), .text),
      (health, style),
    ]
    for (place, cell) in cells.enumerated() {
      frame.put(cell.0, in: place, of: layout, row: line.row, from: line.column, style: cell.1)
    }
  }

  /// Words and colour: told apart without colour too.
  private func healthText(_ node: NodeFigures) -> (String, Style) {
    switch node.health {
    case .up: ("up", Style(.good))
    case .failing: (node.isServing ? "failing" : "gone", Style(node.isServing ? .critical : .muted))
    case .away: ("no answer", Style(.critical).bold())
    }
  }
}
