import CacheModel
import Explorer
import ExplorerUI
import TerminalCanvas
import TestSupport
import Testing

/// What the mouse does, from the place of the pointer to the state.
@Suite struct MouseTests {
  /// A scene with what it shows at one size.
  private struct Window {
    var scene: Scene
    var columns = 120
    var rows = 36

    var rendering: Rendering { scene.rendering(columns: columns, rows: rows) }

    mutating func send(_ event: MouseEvent) {
      let meaning = Keymap.standard.event(
        for: .mouse(event), in: scene.state, over: rendering.regions)
      if let meaning { scene.send(meaning) }
      scene.paint()
    }

    mutating func click(_ row: Int, _ column: Int, _ kind: MouseEvent.Kind = .press) {
      send(MouseEvent(kind, at: Position(row: row, column: column)))
    }

    /// Clicks on the first place of a text on the screen.
    mutating func click(on text: String, _ kind: MouseEvent.Kind = .press, after offset: Int = 0)
      throws
    {
      let frame = rendering.frame
      for row in 0..<rows {
        let line = (0..<columns).map { frame[row: row, column: $0].scalar }
        let word = Array(text.unicodeScalars)
        for column in line.indices where line[column...].starts(with: word) {
          return click(row, column + offset, kind)
        }
      }
      Issue.record("no \(text) on the screen")
    }
  }

  @Test func aDrawnLineStaysWhereItIsPut() throws {
    var window = Window(scene: .shop())
    let border = window.scene.state.split.listColumns(of: 120) - 1
    for column in [50, 90] {
      let from = window.scene.state.split.listColumns(of: 120) - 1
      window.click(10, from)
      #expect(window.scene.state.split.isHeld)
      for step in stride(from: from, to: column, by: column > from ? 1 : -1) {
        window.click(12, step, .drag)
      }
      window.click(12, column, .drag)
      window.click(12, column, .release)
      #expect(!window.scene.state.split.isHeld)
      #expect(window.rendering.frame[row: 2, column: column].scalar == "┐")
      #expect(window.rendering.frame[row: 2, column: column + 1].scalar == "┌")
    }
    window.click(12, 40, .drag)
    #expect(window.rendering.frame[row: 2, column: 90].scalar == "┐")
    #expect(border != 90)
  }

  /// However far it is drawn, both panes can be read, at every width.
  @Test(arguments: [60, 80, 120, 200]) func bothPanesStayUsable(_ columns: Int) {
    var window = Window(scene: .shop(), columns: columns)
    for target in [0, columns - 1] {
      window.click(8, window.scene.state.split.listColumns(of: columns) - 1)
      window.click(8, target, .drag)
      window.click(8, target, .release)
      let list = window.scene.state.split.listColumns(of: columns)
      #expect(list >= 30 && columns - list >= 24)
      let words = Set(LayoutCheck.words(of: window.scene.picture(columns: 500, rows: 100)))
      #expect(LayoutCheck(window.rendering, vocabulary: words).faults == [])
    }
  }

  /// Both clicks come before a frame is painted, as on a slow line.
  @Test func aDoubleClickBeforeAFrameOpensToo() {
    var scene = Scene.shop()
    scene.send(.chooseRow(3, open: false))
    scene.send(.chooseRow(3, open: true))
    scene.send(.tick)
    #expect(scene.state.keys.cursorKey == CacheKey("app:user:7"))
    #expect(scene.state.focus == .value && scene.state.preview.key == CacheKey("app:user:7"))
    // A key that comes under the cursor by itself is not entered.
    scene = Scene([string("a"), string("b")])
    scene.answerPreview(.string([0x61]))
    scene.send(.action(.open))
    scene.wait(1100)
    scene.answerDescriptions([string("b")])
    scene.wait(800)
    #expect(scene.state.keys.cursorKey == CacheKey("b"))
    #expect(scene.state.focus == .list)
  }

  @Test func keysMoveTheLineToo() throws {
    var scene = Scene.shop()
    let before = scene.state.split.listColumns(of: 120)
    try scene.press("<")
    #expect(scene.state.split.listColumns(of: 120) < before)
    try scene.press("> >")
    #expect(scene.state.split.listColumns(of: 120) > before)
  }

  @Test func theWheelTurnsWhatIsUnderIt() {
    var window = Window(scene: .user())
    window.click(8, 100, .wheelDown)
    #expect(window.scene.state.preview.row == 3)
    #expect(window.scene.state.focus == .list)
    var shop = Window(scene: .shop())
    shop.click(8, 10, .wheelDown)
    #expect(shop.scene.state.keys.cursorRow == 3)
  }

  @Test func aClickChoosesAPaneAndARow() throws {
    var window = Window(scene: .user())
    try window.click(on: "address")
    #expect(window.scene.state.focus == .value)
    #expect(window.scene.state.preview.row == 1)
    window.click(20, 20)
    #expect(window.scene.state.focus == .list)
    window.click(30, 100)
    #expect(window.scene.state.focus == .value)
    try window.click(on: "address", .doubleClick)
    #expect(window.scene.picture().contains("12 St James's Square"))
    #expect(window.scene.state.prompt?.takesText == true)
  }

  @Test func aDoubleClickOpens() throws {
    var window = Window(scene: .shop())
    try window.click(on: "app:rate")
    try window.click(on: "app:rate", .doubleClick)
    #expect(window.scene.state.keys.cursorRow == 1)
    #expect(window.scene.state.focus == .value)
  }

  @Test func tabsAndHintsAreButtons() throws {
    var window = Window(scene: .shop())
    try window.click(on: "2 Stats")
    #expect(window.scene.state.screen == .stats)
    try window.click(on: "1 Keys")
    #expect(window.scene.state.screen == .keys)
    try window.click(on: "t ttl")
    #expect(window.scene.state.prompt != nil)
  }

  /// A click beside a question cancels it, one in it does nothing, and none is a yes.
  @Test func aClickOutsideCancels() throws {
    for place in [
      Position(row: 3, column: 3), Position(row: 1, column: 4), Position(row: 35, column: 0),
    ] {
      var window = Window(scene: .shop())
      window.scene.send(.action(.delete))
      window.scene.paint()
      window.scene.wait(300)
      try window.click(on: "y delete")
      try window.click(on: "u takes it back")
      #expect(window.scene.state.prompt != nil && window.scene.lastChange == nil)
      window.click(place.row, place.column)
      #expect(window.scene.state.prompt == nil && window.scene.lastChange == nil)
      #expect(window.scene.state.screen == .keys)
    }
    var window = Window(scene: .shop())
    window.scene.send(.action(.delete))
    window.scene.paint()
    try window.click(on: "Cancel")
    #expect(window.scene.state.prompt == nil && window.scene.lastChange == nil)
  }

  @Test func aClickOutsideLeavesAnOverlay() throws {
    var window = Window(scene: .shop())
    window.scene.send(.action(.palette))
    window.scene.paint()
    #expect(!window.scene.state.overlays.isEmpty)
    try window.click(on: "Command")
    #expect(!window.scene.state.overlays.isEmpty)
    window.click(30, 1)
    #expect(window.scene.state.overlays.isEmpty)
  }

  /// By columns, and so by characters that are wide as well.
  @Test func aClickPlacesTheInsertionPoint() throws {
    var window = Window(scene: .shop())
    window.scene.send(.action(.find))
    window.scene.send(.edit(.insert("a世界b")))
    window.scene.paint()
    for (offset, place) in [(0, 0), (1, 1), (2, 1), (3, 2), (5, 3), (6, 4), (20, 4)] {
      window.click(35, 2 + offset)
      #expect(window.scene.state.prompt?.field?.insertionPoint == place, "\(offset)")
    }
  }

  @Test func aClickChoosesAField() throws {
    var window = Window(scene: .shop())
    window.scene.send(.action(.add))
    window.scene.paint()
    let count = try #require(window.scene.state.prompt?.fields.count)
    #expect(count > 1)
    for field in (0..<count).reversed() {
      let region = window.rendering.regions.first { region in
        switch region.target {
        case .text(field: field, from: _): true
        case .choice(field: field, place: let place): place == 1
        default: false
        }
      }
      let area = try #require(region?.area)
      window.click(area.row, area.column)
      #expect(window.scene.state.prompt?.focus == field)
      if case .choice = region?.target {
        #expect(window.scene.state.prompt?.fields[field].chosen == 1)
      }
    }
  }
}
