import CacheModel
import Explorer
import ExplorerUI
import TerminalCanvas
import TestSupport
import Testing

@Suite struct StatsScreenTests {
  /// A source with so many seconds of the same traffic, which steps up in the last ten.
  private func scene(seconds: Int = 330) -> Scene {
    var scene = Scene([string("app:page:/home")])
    var (hits, misses): (Int64, Int64) = (1000, 100)
    for second in 0...seconds {
      let factor: Int64 = second > seconds - 10 ? 4 : 1
      hits += 90 * factor
      misses += 10 * factor
      sample(&scene, hits, misses)
      scene.wait(1000)
    }
    scene.now = scene.now.advanced(by: -1000)
    scene.send(.action(.showStats))
    paint(&scene)
    return scene
  }

  private func sample(_ scene: inout Scene, _ hits: Int64, _ misses: Int64) {
    var sample = CacheStatistics(
      time: WallTime(milliseconds: scene.now.milliseconds), moment: scene.now)
    sample.hits = hits
    sample.misses = misses
    sample.commands = hits + misses
    sample[.readingCalls] = hits + misses
    sample[.writingCalls] = 0
    sample[.otherCalls] = 0
    sample[.usedMemory] = 1 << 20
    sample.maxMemory = .some(nil)
    sample.roundTripMicroseconds = 200
    sample.byCommand = [
      CommandFigures(name: "get", calls: hits, microseconds: hits * 2, failures: 0),
      CommandFigures(name: "set", calls: misses, microseconds: misses * 9, failures: misses / 2),
    ]
    sample.runID = "a"
    scene.send(.sampled(sample))
  }

  private func paint(_ scene: inout Scene, columns: Int = 120, rows: Int = 36) {
    scene.send(
      .presented(scene.rendering(columns: columns, rows: rows).presentation))
  }

  @Test func theGraphsShowNow() {
    let picture = scene().picture(columns: 120, rows: 36)
    for text in [
      "Hits and misses  5 min", "hits 360/s", "misses 40/s", "ratio 90.0%", "ratio mean 90.0%",
      "Operations 400/s", "max 400/s", "Memory 1.0 MB", "Expired n/a", "get", "set",
      "this source does not tell it",
    ] {
      #expect(picture.contains(text), "\(text)\n\(picture)")
    }
  }

  /// The cursor reads the figures of its time, in all graphs, and stays there as time goes on.
  @Test func theCursorReadsATime() throws {
    var scene = scene()
    for _ in 0..<8 {
      scene.send(.action(.earlier))
      paint(&scene)
    }
    let cursor = try #require(scene.state.stats.cursor)
    let newest = try #require(scene.state.stats.history.newest)
    #expect(newest.milliseconds(since: cursor) > 10_000)
    let picture = scene.picture(columns: 120, rows: 36)
    let time = scene.state.clockText(WallTime(milliseconds: cursor.milliseconds))
    #expect(picture.contains("5 min  at \(time)"), "\(picture)")
    #expect(picture.contains("hits 90.0/s") || picture.contains("hits 90/s"))
    #expect(picture.contains("Operations 100/s"))
    scene.wait(1000)
    sample(&scene, 10_000_000, 0)
    #expect(scene.state.stats.cursor == cursor)
    scene.send(.action(.back))
    #expect(scene.state.stats.cursor == nil)
    #expect(!scene.picture(columns: 120, rows: 36).contains("at \(time)"))
  }

  @Test func theGraphsScrollBackAndForth() throws {
    var scene = scene()
    scene.send(.action(.zoomIn))
    paint(&scene)
    #expect(scene.state.stats.window == .minute1)
    scene.send(.action(.pageUp))
    let newest = try #require(scene.state.stats.history.newest)
    #expect(scene.state.stats.end == newest.advanced(by: -30_000))
    #expect(scene.picture(columns: 120, rows: 36).contains("hits 90/s"))
    scene.send(.action(.moveToFirst))
    let oldest = try #require(scene.state.stats.history.oldest)
    #expect(scene.state.stats.end == oldest.advanced(by: 60_000))
    scene.send(.action(.pageUp))
    #expect(scene.state.stats.end == oldest.advanced(by: 60_000))
    for _ in 0..<30 { scene.send(.action(.pageDown)) }
    #expect(scene.state.stats.pinnedEnd == nil)
    // Walking beyond the edge scrolls, and to the end of it comes back to the present.
    for _ in 0..<150 { scene.send(.action(.earlier)) }
    #expect(scene.state.stats.pinnedEnd != nil)
    for _ in 0..<400 { scene.send(.action(.later)) }
    #expect(scene.state.stats.pinnedEnd == nil && scene.state.stats.cursor == nil)
  }

  @Test func pausedGraphsStandStill() {
    var scene = scene()
    scene.send(.action(.pause))
    let before = scene.state.stats.end
    scene.wait(1000)
    sample(&scene, 20_000_000, 0)
    #expect(scene.state.stats.end == before)
    #expect(scene.picture(columns: 120, rows: 36).contains("hits 360/s"))
    scene.send(.action(.back))
    #expect(scene.state.stats.end == before)
    scene.send(.action(.pause))
    #expect(scene.state.stats.end == scene.state.stats.history.newest)
  }

  @Test func everyPanelComesIntoView() {
    for (columns, rows) in [(80, 24), (120, 36), (200, 60)] {
      var scene = scene(seconds: 30)
      var titles: Set<String> = []
      for _ in StatsPanel.allCases {
        let picture = scene.picture(columns: columns, rows: rows)
        for title in [
          "Hits and misses", "Operations", "Memory", "Expired", "Round trip", "Network", "Clients",
          "CPU", "Commands",
        ] where picture.contains(title) { titles.insert(title) }
        scene.send(.action(.focusNext))
        paint(&scene, columns: columns, rows: rows)
      }
      #expect(titles.count == 9, "\(titles)")
      #expect(scene.state.stats.focus == .lookups)
    }
  }

  @Test func aGraphTakesTheWholeScreenAndGivesItBack() {
    var scene = scene(seconds: 30)
    scene.send(.action(.focusNext))
    scene.send(.action(.enlarge))
    var picture = scene.picture(columns: 80, rows: 24)
    #expect(picture.contains("Operations") && !picture.contains("Hits and misses"))
    scene.send(.action(.quit))
    picture = scene.picture(columns: 80, rows: 24)
    #expect(picture.contains("Operations") && picture.contains("Hits and misses"))
  }

  @Test func commandsAreSortedByAnyColumn() {
    var scene = scene()
    func order() -> [Int] {
      let lines = scene.picture(columns: 120, rows: 36).split(separator: "\n")
      return ["│ get ", "│ set "].map { name in
        lines.firstIndex { $0.contains(name) } ?? -1
      }
    }
    // Of the time gets have two thirds.
    #expect(order()[0] < order()[1])
    scene.send(.action(.reverseSort))
    #expect(order()[0] > order()[1])
    scene.send(.sortCommands(by: .errors))
    #expect(order()[0] > order()[1])
    #expect(scene.picture(columns: 120, rows: 36).contains("by errors ▼"))
    scene.send(.sortCommands(by: .name))
    #expect(order()[0] < order()[1])
  }

  @Test func aClickReadsTheGraphThere() throws {
    var scene = scene()
    let rendering = scene.rendering(columns: 120, rows: 36)
    let click = Key.mouse(MouseEvent(.press, at: Position(row: 6, column: 60)))
    let event = try #require(
      Keymap.standard.event(for: click, in: scene.state, over: rendering.regions))
    scene.send(event)
    #expect(scene.state.stats.cursor != nil && scene.state.stats.focus == .lookups)
    scene.send(event)
    #expect(scene.state.stats.cursor == nil)
  }

  /// Without colours layers differ by their dots, and nothing of the picture is lost.
  @Test func withoutColoursNothingIsLost() {
    let scene = scene()
    let frame = render(
      scene.state, size: ScreenSize(columns: 120, rows: 36), isColourless: true
    ).frame
    #expect(frame.text().contains("⣿ hits 360/s") && frame.text().contains("⡪ misses 40/s"))
  }
}
