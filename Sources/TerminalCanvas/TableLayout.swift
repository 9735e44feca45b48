/// Columns of a table: which fit, where they stand, and how wide they are.
///
/// Columns of fixed width keep it; what is left goes to the flexible ones by their weight. When even
/// the least widths do not fit, columns are left out by priority, the highest number first, so that
/// a narrow screen keeps what matters. Between two columns lies a gap.
package struct TableLayout: Sendable {
  package enum Width: Sendable, Hashable {
    case fixed(Int)
    /// At least so many, and a share of what is left.
    case flexible(minimum: Int, weight: Int = 1)

    var minimum: Int {
      switch self {
      case .fixed(let width): max(width, 0)
      case .flexible(let minimum, _): max(minimum, 0)
      }
    }

    var weight: Int {
      switch self {
      case .fixed: 0
      case .flexible(_, let weight): max(weight, 0)
      }
    }
  }

  package enum Alignment: Sendable, Hashable {
    case left
    case right
  }

  package struct Column: Sendable {
    package var title: String
    package var width: Width
    package var alignment: Alignment
    /// 0 is never left out; of others the highest goes first.
    package var priority: Int

    package init(
      _ title: String, _ width: Width, _ alignment: Alignment = .left, priority: Int = 0
    ) {
      self.title = title
      self.width = width
      self.alignment = alignment
      self.priority = priority
    }
  }

  /// Where a column stands, counted from the table's left edge.
  package struct Span: Sendable, Hashable {
    package var start: Int
    package var width: Int
  }

  package let columns: [Column]
  /// For each column its place; nil when it was left out.
  package let spans: [Span?]

  package init(_ columns: [Column], width total: Int, gap: Int = 1) {
    self.columns = columns
    var kept = Array(columns.indices)
    while Self.needed(columns, kept, gap) > total,
      let worst = kept.max(by: { columns[$0].priority < columns[$1].priority }),
      columns[worst].priority > 0
    {
      kept.removeAll { $0 == worst }
    }
    spans = Self.placed(columns, kept, total: total, gap: gap)
  }

  private static func needed(_ columns: [Column], _ kept: [Int], _ gap: Int) -> Int {
    kept.reduce(0) { $0 + columns[$1].width.minimum } + max(kept.count - 1, 0) * gap
  }

  private static func placed(
    _ columns: [Column], _ kept: [Int], total: Int, gap: Int
  ) -> [Span?] {
    var spare = max(total - needed(columns, kept, gap), 0)
    var weight = kept.reduce(0) { $0 + columns[$1].width.weight }
    var spans: [Span?] = Array(repeating: nil, count: columns.count)
    var start = 0
    for index in kept {
      let width = columns[index].width
      let share = weight > 0 ? spare * width.weight / weight : 0
      spare -= share
      weight -= width.weight
      let room = max(total - start, 0)
      spans[index] = Span(start: start, width: min(width.minimum + share, room))
      start += width.minimum + share + gap
    }
    return spans
  }
}

extension Frame {
  /// Writes one entry of a table row into its column; nothing when the column was left out.
  package mutating func put(
    _ text: String, in column: Int, of table: TableLayout, row: Int, from left: Int,
    style: Style = .text
  ) {
    guard table.spans.indices.contains(column), let span = table.spans[column] else { return }
    let start = left + span.start
    if table.columns[column].alignment == .right {
      putRight(text, row: row, column: start, columns: span.width, style: style)
    } else {
      put(text, row: row, column: start, style: style, limit: span.width, overflow: .ellipsis)
    }
  }

  /// Writes the titles of a table.
  package mutating func putTitles(
    of table: TableLayout, row: Int, from left: Int, style: Style = .muted
  ) {
    for (index, column) in table.columns.enumerated() {
      put(column.title, in: index, of: table, row: row, from: left, style: style)
    }
  }
}
