import Explorer
import TerminalCanvas

/// The columns of the list of keys: as many as there is room for.
struct KeyTable {
  let layout: TableLayout
  let showsIdle: Bool
  /// Where each field to sort by stands.
  let fields: [(column: Int, field: SortField)]

  static let mark = 0
  static let name = 1
  static let kind = 2
  static let life = 3
  static let bar = 4
  static let size = 5
  static let idle = 6

  /// From this width on there is room for what does not matter to everybody.
  private static let wide = 90

  init(width: Int) {
    var columns: [TableLayout.Column] = [
      .init("", .fixed(1)),
      .init("key", .flexible(minimum: 20)),
      .init("type", .fixed(4)),
      .init("ttl", .fixed(FigureFormat.durationWidth), .right),
      .init("", .fixed(6), priority: 2),
      .init("size", .fixed(FigureFormat.bytesWidth), .right, priority: 1),
    ]
    var fields: [(Int, SortField)] = [
      (Self.name, .key), (Self.kind, .kind), (Self.life, .ttl), (Self.size, .size),
    ]
    showsIdle = width >= Self.wide
    if showsIdle {
      columns.append(.init("idle", .fixed(6), .right))
      fields.append((Self.idle, .idle))
    }
    self.fields = fields
    layout = TableLayout(columns, width: width)
  }

  /// How far a row is indented; deep ones keep room for their names.
  func indent(_ depth: Int) -> Int {
    min(depth * 2, (layout.spans[Self.name]?.width ?? 0) / 3)
  }
}
