import Explorer
import TerminalCanvas

/// How the entries of the help stand in columns.
///
/// As few columns as show all entries at once, and never so many that a sentence would be cut; where
/// not even that shows all of them, the text scrolls. Groups stay whole where there is room for it.
struct HelpLayout {
  /// A column: its entries, what their keys are wide, and what it is wide altogether.
  struct Column: Equatable {
    var entries: Range<Int>
    var keys = 0
    var width = 0
  }

  private(set) var columns: [Column] = []

  /// Lines of the longest column.
  var lines: Int { columns.map(\.entries.count).max() ?? 0 }

  /// Blanks between keys and sentence, and between two columns.
  static let keyGap = 2
  private static let columnGap = 3
  private static let maximumCount = 3

  /// In `area`, with the width of an entry's keys and of its text.
  init(_ entries: [HelpEntry], in area: Area, widths: (HelpEntry) -> (keys: Int, text: Int)) {
    let measured = entries.map(widths)
    for count in 1...Self.maximumCount {
      let ranges = Self.flow(entries, into: count, rows: area.rows)
      let columns = ranges.map { range in
        let keys = measured[range].map(\.keys).max() ?? 0
        let text = measured[range].map { $0.keys == 0 ? $0.text : keys + Self.keyGap + $0.text }
        return Column(entries: range, keys: keys, width: text.max() ?? 0)
      }
      let width = columns.reduce(-Self.columnGap) { $0 + $1.width + Self.columnGap }
      guard count == 1 || width <= area.columns else { return }
      self.columns = columns
      if lines <= area.rows { return }
    }
  }

  /// Where each column begins: all of the same width where that is enough, else close together.
  func starts(in area: Area) -> [Int] {
    let even = area.columns / max(1, columns.count)
    if columns.allSatisfy({ $0.width + Self.columnGap <= even }) {
      return columns.indices.map { area.column + $0 * even }
    }
    var start = area.column
    return columns.map { column in
      defer { start += column.width + Self.columnGap }
      return start
    }
  }

  /// Parts the entries: between groups when no column gets more than so many rows, else evenly.
  private static func flow(_ entries: [HelpEntry], into count: Int, rows: Int) -> [Range<Int>] {
    let groups = entries.split(separator: .blank, omittingEmptySubsequences: true).map(\.indices)
    let least = (entries.count + count - 1) / count
    for height in least...max(least, rows) {
      let columns = pack(groups, height: height)
      if columns.count <= count { return columns }
    }
    var columns: [Range<Int>] = []
    var start = 0
    while start < entries.count {
      if entries[start] == .blank { start += 1 }
      columns.append(start..<min(entries.count, start + least))
      start += least
    }
    return columns
  }

  /// Groups one after the other, each column as full as it may be.
  private static func pack(_ groups: [Range<Int>], height: Int) -> [Range<Int>] {
    groups.reduce(into: []) { columns, group in
      if let last = columns.last, group.upperBound - last.lowerBound <= height {
        columns[columns.count - 1] = last.lowerBound..<group.upperBound
      } else {
        columns.append(group)
      }
    }
  }
}
