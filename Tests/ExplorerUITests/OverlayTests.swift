import CacheModel
import Explorer
import ExplorerUI
import TerminalCanvas
import TestSupport
import Testing

@Suite struct OverlayPictureTests {
  @Test func thePaletteShowsKeysNamesAndReasons() {
    var scene = Scene.shop()
    scene.send(.action(.palette))
    scene.send(.edit(.insert("undo")))
    let picture = scene.picture()
    #expect(picture.contains("┌ Command "))
    #expect(picture.contains("│ : undo"))
    #expect(
      picture.contains("│ u          undo ") && picture.contains("nothing to undo"), "\(picture)")
    #expect(scene.rendering(columns: 80, rows: 24).frame.cursor != nil)
  }

  @Test func lettersAreTextInThePaletteAndArrowsMove() {
    var scene = Scene.shop()
    scene.send(.action(.palette))
    let keymap = Keymap.standard
    #expect(keymap.event(for: "q", in: scene.state, over: []) == .edit(.insert("q")))
    #expect(keymap.event(for: .down, in: scene.state, over: []) == .action(.moveDown))
    #expect(keymap.event(for: .enter, in: scene.state, over: []) == .submit)
    #expect(keymap.event(for: .escape, in: scene.state, over: []) == .action(.back))
    #expect(
      keymap.event(for: .paste(Paste(Array("del".utf8))), in: scene.state, over: [])
        == .edit(.insert("del")))
  }

  @Test func aClickOnARowOfThePaletteChoosesItAndTheListBelowIsOutOfReach() throws {
    var scene = Scene.shop()
    scene.send(.action(.palette))
    let rendering = scene.rendering(columns: 120, rows: 36)
    let rows = rendering.regions.compactMap { region -> (Area, Int)? in
      if case .overlayRow(let row) = region.target { (region.area, row) } else { nil }
    }
    let third = try #require(rows.first { $0.1 == 2 })
    let click = Key.mouse(
      MouseEvent(.press, at: Position(row: third.0.row, column: third.0.column + 3)))
    #expect(
      Keymap.standard.event(for: click, in: scene.state, over: rendering.regions)
        == .chooseOverlayRow(2, open: false))
    #expect(!rendering.regions.contains { if case .row = $0.target { true } else { false } })
  }

  @Test(arguments: [(60, 15), (80, 24), (120, 36), (200, 60)])
  func thePaletteScrollsToItsLastRow(columns: Int, rows: Int) {
    var scene = Scene.shop()
    scene.send(.action(.palette))
    for _ in PaletteEntry.all {
      scene.send(.presented(scene.rendering(columns: columns, rows: rows).presentation))
      scene.send(.action(.moveDown))
    }
    let shown = scene.rendering(columns: columns, rows: rows).regions.compactMap { region in
      if case .overlayRow(let row) = region.target { row } else { nil }
    }
    #expect(shown.last == PaletteEntry.all.count - 1)
  }

  @Test func aTTLPromptShowsItsMeaning() {
    var scene = Scene.shop()
    scene.send(.action(.setTTL))
    scene.send(.edit(.insert("-10m")))
    #expect(scene.picture().contains("shorter than what is left: expires at once"))
  }

  @Test func namesThatLookAlikeAreToldApart() {
    var scene = Scene([string("pay\u{200B}ment"), string("payment")])
    scene.send(.action(.delete))
    #expect(scene.picture().contains("Delete payment?"))
    scene.send(.action(.back))
    scene.send(.action(.moveDown))
    scene.paint()
    scene.send(.action(.delete))
    #expect(scene.picture(columns: 100).contains("Delete pay‹U+200B›ment?"))
  }

  @Test func aNameOfTenKilobytesBreaksNeitherTitleNorPrompt() {
    var scene = Scene([string("k" + String(repeating: "x", count: 10_000) + "end")])
    scene.send(.action(.delete))
    for (columns, rows) in ScreenTests.sizes {
      let picture = scene.picture(columns: columns, rows: rows)
      #expect(picture.contains("end?"), "\(picture)")
      #expect(picture.contains("Cancel"))
    }
  }
}
