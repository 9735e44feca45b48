import TerminalCanvas
import Testing

@Suite struct FrameTests {
  private func frame(_ columns: Int, _ rows: Int = 1) -> Frame {
    Frame(size: ScreenSize(columns: columns, rows: rows))
  }

  @Test func cellsAreSmall() {
    #expect(MemoryLayout<Cell>.stride == 16)
  }

  @Test func textIsClippedAtTheEdge() {
    var frame = frame(6, 2)
    #expect(frame.put("abcdefgh", row: 0, column: 2) == 4)
    #expect(frame.text() == "  abcd\n")
  }

  @Test func textIsClippedAtTheLimit() {
    var frame = frame(8)
    #expect(frame.put("abcdef", row: 0, column: 1, limit: 3) == 3)
    #expect(frame.put("abcdef", row: 0, column: 5, limit: 2, overflow: .ellipsis) == 2)
    #expect(frame.text() == " abc a…")
  }

  @Test func wideCharactersTakeTwoCells() {
    var frame = frame(6)
    #expect(frame.put("世界x", row: 0, column: 0) == 5)
    #expect(frame[row: 0, column: 0].isWide)
    #expect(frame[row: 0, column: 1].isContinuation)
    #expect(frame.text() == "世界x")
  }

  @Test func aWideCharacterThatDoesNotFitLeavesABlank() {
    var frame = frame(4)
    frame.put("....", row: 0, column: 0)
    #expect(frame.put("a世界", row: 0, column: 0, limit: 4) == 3)
    #expect(frame.text(trimmed: false) == "a世 ")
  }

  @Test(arguments: [(0, "x 界"), (1, " x界"), (2, "世x "), (3, "世 x")])
  func writingOverHalfAWideCharacterBlanksTheOther(_ column: Int, _ expected: String) {
    var frame = frame(4)
    frame.put("世界", row: 0, column: 0)
    frame.put("x", row: 0, column: column)
    #expect(frame.text(trimmed: false) == expected)
  }

  @Test func aWideCharacterOverTwoHalvesBlanksBoth() {
    var frame = frame(4)
    frame.put("世界", row: 0, column: 0)
    frame.put("中", row: 0, column: 1)
    #expect(frame.text(trimmed: false) == " 中 ")
  }

  @Test func fillingOverHalfAWideCharacterBlanksTheOther() {
    var frame = frame(6)
    frame.put("世界人", row: 0, column: 0)
    frame.fill(Area(row: 0, column: 1, rows: 1, columns: 4), with: "-")
    #expect(frame.text(trimmed: false) == " ---- ")
  }

  @Test func marksStayWithTheirCharacter() {
    var frame = frame(6)
    #expect(frame.put("e\u{301}世\u{301}x", row: 0, column: 0) == 4)
    #expect(frame.text() == "e\u{301}世\u{301}x")
  }

  @Test func atMostThreeMarksAreKept() {
    var frame = frame(3)
    frame.put("a\u{301}\u{302}\u{303}\u{304}b", row: 0, column: 0)
    #expect(frame.text().unicodeScalars.count == 5)
  }

  @Test func aMarkWithNothingBeforeItDoesNotTouchItsNeighbour() {
    var frame = frame(4)
    frame.put("a", row: 0, column: 0)
    frame.put("\u{301}b", row: 0, column: 1)
    #expect(frame.text() == "a\u{25CC}\u{301}b")
  }

  /// Text beyond any side, sizes of zero, absurd numbers: nothing is written and nothing traps.
  @Test func nothingIsWrittenOutside() {
    var frame = frame(3, 2)
    for (row, column) in [(-1, 0), (2, 0), (0, -1), (0, 3), (.max, .min), (0, .max)] {
      #expect(frame.put("世x", row: row, column: column) == 0)
      frame[row: row, column: column] = Cell("x")
    }
    #expect(frame.put("x", row: 0, column: 0, limit: -4) == 0)
    frame.fill(Area(row: -5, column: -5, rows: 3, columns: 4), with: "x")
    frame.box(Area(row: 1, column: 2, rows: 9, columns: 1))
    frame.putRight("x", row: 0, column: 1, columns: -3)
    #expect(frame == self.frame(3, 2))
    var empty = self.frame(0, 0)
    empty.put("x", row: 0, column: 0)
    #expect(empty.text().isEmpty)
  }

  @Test func boxesHaveTitles() {
    var frame = frame(25, 5)
    let inside = frame.box(frame.area, title: "Keys  user:*", trailing: "9 of 9", focused: true)
    #expect(inside == Area(row: 1, column: 1, rows: 3, columns: 23))
    frame.box(inside, title: "a title that is too long for it", trailing: "gone")
    #expect(
      frame.text() == """
        ┌ Keys  user:* ─ 9 of 9 ┐
        │┌ a title that is to… ┐│
        ││                     ││
        │└─────────────────────┘│
        └───────────────────────┘
        """)
    #expect(frame.styleMap().split(separator: "\n")[0].first == "f")
  }

  @Test func stylesHaveAPicture() {
    var frame = frame(8, 2)
    frame.put("ab", row: 0, column: 0, style: Style(.hit))
    frame.put("c", row: 0, column: 3, style: Style(.miss).bold())
    frame.put("x", row: 1, column: 0, style: Style(.critical, on: .selection))
    #expect(frame.styleMap() == "hh i\nc")
    #expect(frame.styleMap(.attributes) == "   b\n")
    frame.restyle(Area(row: 1, column: 0, rows: 1, columns: 4)) { $0 = $0.on(.selection) }
    #expect(frame.styleMap(.backgrounds) == "\nssss")
    #expect(frame.styleMap() == "hh i\nc")
  }

  @Test func rowsAreCompared() {
    var one = frame(4, 2)
    var other = one
    other.put("x", row: 1, column: 0)
    #expect(one.rowEquals(0, of: other) && !one.rowEquals(1, of: other))
    one.put("x", row: 1, column: 0, style: .muted)
    #expect(!one.rowEquals(1, of: other))
  }
}
