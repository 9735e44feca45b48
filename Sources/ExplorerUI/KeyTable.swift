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

  /// The column that the list is sorted by is always there, at the cost of others.
  init(width: Int, sortedBy order: SortField) {
    // On the narrowest list names give way, so that lifetimes stand whole.
    let besides = 15 + (order == .size || order == .idle ? 7 : 0)
    var columns: [TableLayout.Column] = [
      .init("", .fixed(1)),
      .init("key", .flexible(minimum: min(20, max(10, width - besides)))),
      .init("type", .fixed(4), priority: order == .kind ? 0 : 1),
      .init("ttl", .fixed(FigureFormat.durationWidth), .right),
      .init("", .fixed(6), priority: 3),
      .init("size", .fixed(FigureFormat.bytesWidth), .right, priority: order == .size ? 0 : 2),
    ]
    var fields: [(Int, SortField)] = [
      (Self.name, .key), (Self.kind, .kind), (Self.life, .ttl), (Self.size, .size),
    ]
    showsIdle = width >= Self.wide || order == .idle
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
