import TerminalCanvas
import Testing

@Suite struct TableLayoutTests {
  private let columns: [TableLayout.Column] = [
    .init("key", .flexible(minimum: 6)), .init("type", .fixed(4), priority: 2),
    .init("ttl", .fixed(5), .right), .init("size", .fixed(6), .right, priority: 1),
  ]

  private func line(_ width: Int) -> String {
    let table = TableLayout(columns, width: width)
    var frame = Frame(size: ScreenSize(columns: width, rows: 1))
    for (index, text) in ["session:12", "hash", "4:31", "1.2 KB"].enumerated() {
      frame.put(text, in: index, of: table, row: 0, from: 0)
    }
    return frame.text()
  }

  @Test func columnsShareTheRoom() {
    #expect(line(30) == "session:12   hash  4:31 1.2 KB")
    #expect(line(25) == "sessio… hash  4:31 1.2 KB")
  }

  @Test func columnsGoByPriority() {
    #expect(line(20) == "sessio…  4:31 1.2 KB")
    #expect(line(13) == "sessio…  4:31")
    #expect(line(9) == "sessi… 4…")
  }

  @Test func titles() {
    let table = TableLayout(columns, width: 30)
    var frame = Frame(size: ScreenSize(columns: 30, rows: 1))
    frame.putTitles(of: table, row: 0, from: 0)
    #expect(frame.text() == "key          type   ttl   size")
  }

  @Test func areasAreCut() {
    var area = Area(row: 0, column: 0, rows: 10, columns: 20)
    #expect(area.takeTop(2) == Area(row: 0, column: 0, rows: 2, columns: 20))
    #expect(area.takeBottom(1) == Area(row: 9, column: 0, rows: 1, columns: 20))
    #expect(area.takeLeft(5) == Area(row: 2, column: 0, rows: 7, columns: 5))
    #expect(area.takeRight(99) == Area(row: 2, column: 5, rows: 7, columns: 15))
    #expect(area.isEmpty && area.takeTop(-1).isEmpty)
  }
}
