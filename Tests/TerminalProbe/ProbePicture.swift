import TerminalCanvas

/// A picture with a bit of everything that a screen shows.
enum ProbePicture {
  static func frame(_ size: ScreenSize, said: String, depth: ColorDepth) -> Frame {
    var frame = Frame(size: size)
    var area = frame.area
    header(area.takeTop(1), &frame, depth)
    let hints = area.takeBottom(1)
    frame.put(" " + said, row: hints.row, column: 0, style: .muted)
    let graph = area.takeBottom(min(10, area.rows / 2))
    roles(area.takeLeft(area.columns / 2), &frame)
    list(area, &frame)
    graphs(graph, &frame)
    frame.cursor = Position(row: hints.row, column: 1)
    return frame
  }

  private static func header(_ area: Area, _ frame: inout Frame, _ depth: ColorDepth) {
    frame.fill(area, style: Style(.text, on: .bar))
    frame.put(" cachescope", row: 0, column: 0, style: Style(.accent, on: .bar, .bold))
    frame.put("│ \(depth) \(frame.size)", row: 0, column: 12, style: Style(.muted, on: .bar))
    let trend = Sparkline.text([0.2, 0.4, 0.9, 0.7, 0.95, 1, 0.8], columns: 7, scale: 0...1)
    frame.putRight(
      "hit \(FigureFormat.percent(0.942)) \(trend) ", row: 0, column: 40,
      columns: frame.size.columns - 40, style: Style(.hit, on: .bar))
  }

  private static func roles(_ area: Area, _ frame: inout Frame) {
    let inside = frame.box(area, title: "Roles", trailing: "\(StyleRole.allCases.count)")
    for (index, role) in StyleRole.allCases.enumerated() {
      let column = inside.column + 1 + (index % 2) * (inside.columns / 2)
      let row = inside.row + index / 2
      guard row < inside.endRow else { return }
      frame.put("\(role)", row: row, column: column, style: Style(role), limit: 12)
    }
  }

  private static func list(_ area: Area, _ frame: inout Frame) {
    let inside = frame.box(area, title: "Keys  user:*", trailing: "12,331", focused: true)
    let table = TableLayout(
      [
        .init("", .fixed(1)), .init("key", .flexible(minimum: 8)),
        .init("type", .fixed(4), priority: 1),
        .init("ttl", .fixed(7), .right), .init("", .fixed(6), priority: 2),
        .init("size", .fixed(6), .right, priority: 3),
      ], width: inside.columns)
    let rows: [(String, String, Int64, UInt64)] = [
      ("app:session:12:000041", "str", 271_000, 214), ("app:日本語:キー", "hash", 45_000, 1_229),
      ("bad\u{1B}[31mkey\u{202E}\u{0}", "str", 7_000, 98_765_432),
      ("e\u{301}toile é 👩‍👩‍👧", "zset", 93_784_000, 12),
      ("app:user:7712", "list", 3_600_000, 5_000_000),
    ]
    for (index, entry) in rows.enumerated() where index < inside.rows {
      let row = inside.row + index
      let life = min(Double(entry.2) / 300_000, 1)
      let role: StyleRole = entry.2 < 10_000 ? .critical : entry.2 < 60_000 ? .warn : .text
      frame.put(
        index == 3 ? "●" : " ", in: 0, of: table, row: row, from: inside.column,
        style: Style(.marked))
      frame.put(entry.0, in: 1, of: table, row: row, from: inside.column, style: Style(.keyName))
      frame.put(entry.1, in: 2, of: table, row: row, from: inside.column, style: Style(.hash))
      let ttl = FigureFormat.duration(milliseconds: entry.2)
      frame.put(ttl, in: 3, of: table, row: row, from: inside.column, style: Style(role))
      frame.put(
        Bar.squares(life, columns: 6), in: 4, of: table, row: row, from: inside.column,
        style: Style(role))
      frame.put(
        FigureFormat.bytes(entry.3), in: 5, of: table, row: row, from: inside.column, style: .muted)
      let line = Area(row: row, column: inside.column, rows: 1, columns: inside.columns)
      let background: Background = [.plain, .selection, .trail, .marked, .field][index]
      frame.restyle(line) { $0 = $0.on(background) }
    }
  }

  private static func graphs(_ area: Area, _ frame: inout Frame) {
    let inside = frame.box(area, title: "Hits and misses  15 min", trailing: "ratio 94.2 %")
    let count = BrailleGraph.sampleCount(columns: inside.columns)
    let hits = samples(count) { Double($0 * 7 % 31 + $0 / 3) }
    let misses = samples(count) { $0 % 40 < 12 ? 0 : Double($0 * 5 % 13) }
    let layers = [
      BrailleGraph.Layer(hits, style: Style(.hit)), BrailleGraph.Layer(misses, style: Style(.miss)),
    ]
    let ratio = samples(count) { 0.9 - Double($0 % 25) / 80 }
    frame.draw(
      BrailleGraph(
        layers: layers, maximum: BrailleGraph.niceMaximum(BrailleGraph.sums(of: layers)),
        lines: [BrailleGraph.Layer(ratio, style: Style(.accent))]), in: inside)
  }

  /// Samples of which the first nine are missing.
  private static func samples(_ count: Int, _ value: (Int) -> Double) -> [Double?] {
    (0..<count).map { index in index < 9 ? nil : value(index) }
  }
}
