import TerminalCanvas
import Testing

@Suite struct ChartTests {
  private func picture(_ chart: Chart, columns: Int, rows: Int) -> Frame {
    var frame = Frame(size: ScreenSize(columns: columns, rows: rows))
    frame.draw(chart, in: frame.area)
    return frame
  }

  private func chart(_ samples: [Double?], maximum: Double = 8) -> Chart {
    let layer = BrailleGraph.Layer(samples, style: Style(.hit))
    return Chart(graph: BrailleGraph(layers: [layer], maximum: maximum), unit: .rate)
  }

  @Test func scalesStandBesideAndTimesBelow() {
    var chart = chart(
      Array(repeating: 80, count: 18) + Array(repeating: 20, count: 18), maximum: 80)
    chart.ticks = [.init(column: 2, text: "14:00"), .init(column: 15, text: "14:05")]
    #expect(
      picture(chart, columns: 25, rows: 7).text() == """
          80/s ⣿⣿⣿⣿⣿⣿⣿⣿⣿
               ⣿⣿⣿⣿⣿⣿⣿⣿⣿
               ⣿⣿⣿⣿⣿⣿⣿⣿⣿
          40/s ⣿⣿⣿⣿⣿⣿⣿⣿⣿
               ⣿⣿⣿⣿⣿⣿⣿⣿⣿⣤⣤⣤⣤⣤⣤⣤⣤⣤
             0 ⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
               14:00        14:05
        """)
  }

  /// What is not known is empty; a break is marked there, and the cursor stands over all.
  @Test func gapsBreaksAndTheCursor() {
    var chart = chart([8, 8, 8, 8, nil, nil, nil, nil, 8, 8, 0, 0])
    chart.breaks = [3]
    chart.cursor = 4
    let frame = picture(chart, columns: 6, rows: 2)
    #expect(frame.text() == "⣿⣿ ┊⣿\n⣿⣿ ┊⣿⣀")
    #expect(frame.styleMap(.backgrounds) == "    s\n    s")
    chart.cursor = 5
    #expect(picture(chart, columns: 6, rows: 2).text() == "⣿⣿ ┊⣿│\n⣿⣿ ┊⣿⣀")
    chart.cursor = 60
    chart.breaks = [-1, 99]
    #expect(picture(chart, columns: 6, rows: 2).text() == "⣿⣿  ⣿\n⣿⣿  ⣿⣀")
  }

  @Test func inLittleRoomTheScalesGo() {
    var chart = chart(Array(repeating: 8, count: 80))
    chart.right = ("100 %", "0 %")
    chart.ticks = [.init(column: 1, text: "14:00")]
    #expect(picture(chart, columns: 44, rows: 4).text().contains("100 %"))
    #expect(!picture(chart, columns: 30, rows: 4).text().contains("100 %"))
    #expect(!picture(chart, columns: 20, rows: 4).text().contains("/s"))
    let row = String(repeating: "⣿", count: 20)
    #expect(picture(chart, columns: 20, rows: 2).text() == row + "\n" + row)
    _ = picture(chart, columns: 1, rows: 1)
  }

  @Test func timesThatWouldMeetAreLeftOut() {
    var chart = chart(Array(repeating: 8, count: 24))
    chart.ticks = (0..<6).map { .init(column: $0 * 2, text: "14:0\($0)") }
    #expect(picture(chart, columns: 12, rows: 3).text().hasSuffix("\n14:00  14:05"))
  }

  @Test func linesMeetInOneCell() {
    let low = BrailleGraph.Layer([0, 0, 0, 0], style: .muted)
    let high = BrailleGraph.Layer([1, 1, 0.4, nil], style: Style(.accent))
    let graph = BrailleGraph(layers: [], maximum: 1, lines: [low, high])
    var frame = Frame(size: ScreenSize(columns: 2, rows: 1))
    frame.draw(graph, in: frame.area)
    #expect(frame.text() == "⣉⣆" && frame.styleMap() == "aa")
  }

  @Test(arguments: [
    (ChartUnit.bytes, 3_000_000.0, "3.0 MB"), (.bytes, 1_200_000_000, "1.5 GB"),
    (.latency, 310, "0.4 ms"), (.latency, 21, "30 µs"), (.percent, 7, "8.0 %"),
    (.rate, 4100, "5.0k/s"), (.bytesPerSecond, 200, "200B/s"), (.count, 0, "1"),
  ])
  func scalesEndAtRoundFigures(_ unit: ChartUnit, _ highest: Double, _ expected: String) {
    let maximum = unit.maximum(above: highest)
    #expect(maximum >= highest)
    #expect(unit.text(maximum) == expected)
  }

  @Test func unitsNeverTrap() {
    for unit in [ChartUnit.rate, .count, .bytes, .bytesPerSecond, .latency, .percent] {
      for figure in [Double.nan, .infinity, -1, 1e300, .leastNonzeroMagnitude] {
        _ = unit.text(figure)
        _ = unit.maximum(above: figure)
      }
    }
  }
}
