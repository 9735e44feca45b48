import CacheModel
import Explorer
import KeyQuery
import TerminalCanvas

/// What of a name made it pass the filter stands out, and in a cluster the hash tag.
extension Rendering {
  mutating func markMatches(
    _ slot: KeyIndex.Slot, shownAs shown: String, _ state: ExplorerState, _ indent: Int,
    _ table: KeyTable, in line: Area
  ) {
    let ranges = state.keys.filter.highlights(in: state.keys.index.name(slot))
    mark(ranges, of: slot, shownAs: shown, state, indent, table, in: line) {
      $0 = Style(.accent, on: $0.background).bold()
    }
  }

  /// The part of a name that alone decides in which slot of a cluster the key lies.
  mutating func markHashTag(
    _ slot: KeyIndex.Slot, shownAs shown: String, _ state: ExplorerState, _ indent: Int,
    _ table: KeyTable, in line: Area
  ) {
    guard let tag = CacheKey(Array(state.keys.index.name(slot))).hashTag else { return }
    mark([tag], of: slot, shownAs: shown, state, indent, table, in: line) {
      $0 = Style(.title, on: $0.background).underline()
    }
  }

  private mutating func mark(
    _ ranges: [Range<Int>], of slot: KeyIndex.Slot, shownAs shown: String,
    _ state: ExplorerState, _ indent: Int, _ table: KeyTable, in line: Area,
    _ restyle: (inout Style) -> Void
  ) {
    guard let span = table.layout.spans[KeyTable.name], span.width > indent else { return }
    let name = state.keys.index.name(slot)
    guard !ranges.isEmpty else { return }
    let pieces = namePieces(name.dropFirst(state.keys.hiddenPrefixLength(of: slot)), ranges)
    for columns in markedColumns(pieces, of: Array(shown)) {
      let area = Area(
        row: line.row, column: line.column + span.start + indent + columns.lowerBound, rows: 1,
        columns: columns.count)
      frame.restyle(area, restyle)
    }
  }

  /// The characters of a name as they are shown, each with whether it belongs to a match. A match
  /// that begins or ends within a character has all of it.
  private func namePieces(
    _ name: ArraySlice<UInt8>, _ ranges: [Range<Int>]
  ) -> [(character: Character, isMarked: Bool)] {
    var pieces: [(Character, Bool)] = []
    var place = name.startIndex
    while place < name.endIndex {
      let isMarked = ranges.contains { $0.contains(place) }
      var end = place + 1
      while end < name.endIndex {
        let goesOn = name[end] & 0xC0 == 0x80
        guard goesOn || ranges.contains(where: { $0.contains(end) }) == isMarked else { break }
        end += 1
      }
      for character in TextSanitizer.listText(name[place..<end]) {
        pieces.append((character, isMarked))
      }
      place = end
    }
    return pieces
  }

  /// The columns of the matches in a name as it is shown, perhaps with parts left out.
  private func markedColumns(
    _ pieces: [(character: Character, isMarked: Bool)], of shown: [Character]
  ) -> [Range<Int>] {
    let places = places(of: shown, in: pieces.map(\.character))
    var ranges: [Range<Int>] = []
    var column = 0
    for (character, place) in zip(shown, places) {
      let end = column + DisplayWidth.of(String(character))
      defer { column = end }
      guard let place, pieces.indices.contains(place), pieces[place].isMarked else { continue }
      if let last = ranges.last, last.upperBound == column {
        ranges[ranges.count - 1] = last.lowerBound..<end
      } else {
        ranges.append(column..<end)
      }
    }
    return ranges
  }

  /// Where each character that is shown stands in the whole name; nil for `…`. Names are cut to
  /// beginning and end, or to beginning and a part of the middle.
  private func places(of shown: [Character], in whole: [Character]) -> [Int?] {
    guard shown != whole else { return Array(whole.indices) }
    let head = zip(shown, whole).prefix { $0 == $1 }.count
    guard head < shown.count, shown[head] == "…" else { return shown.map { _ in nil } }
    let endsOpen = shown.count > head + 1 && shown.last == "…" && whole.last != "…"
    let rest = shown[(head + 1)...].dropLast(endsOpen ? 1 : 0)
    var start = whole.count - rest.count
    if endsOpen {
      start = (head...max(head, start)).first { whole[$0...].starts(with: rest) } ?? whole.count
    }
    let beginning: [Int?] = Array(0..<head)
    return beginning + [nil] + (0..<rest.count).map { start + $0 } + (endsOpen ? [nil] : [])
  }
}
