import CacheModel
import Explorer
import ExplorerUI
import TerminalCanvas
import TestSupport
import Testing

@Suite struct ScreenTests {
  static let sizes = [(60, 15), (80, 24), (120, 36), (200, 60)]

  @Test(arguments: sizes) func boxesAreWhole(columns: Int, rows: Int) {
    var scene = Scene.shop()
    for action in [Action.showKeys, .open, .showStats, .help] {
      scene.send(.action(action))
      scene.paint()
      let frame = scene.rendering(columns: columns, rows: rows).frame
      #expect(brokenBox(in: frame) == nil, "\(action) at \(columns)x\(rows)\n\(frame.text())")
    }
  }

  /// A corner whose three others are not where they belong.
  private func brokenBox(in frame: Frame) -> Position? {
    func at(_ row: Int, _ column: Int) -> Unicode.Scalar { frame[row: row, column: column].scalar }
    for row in 0..<frame.size.rows {
      for column in 0..<frame.size.columns where at(row, column) == "┌" {
        let right = (column..<frame.size.columns).first { at(row, $0) == "┐" }
        let foot = (row..<frame.size.rows).first { at($0, column) == "└" }
        guard let right, let foot, at(foot, right) == "┘" else {
          return Position(row: row, column: column)
        }
        for side in row + 1..<foot where at(side, column) != "│" || at(side, right) != "│" {
          return Position(row: side, column: column)
        }
      }
    }
    return nil
  }

  @Test func headerItemsGoInTheirOrder() {
    var scene = Scene.shop()
    scene.send(.action(.toggleReadOnly))
    let items = [
      "own ", "0.3 ms", "primary", "op/s", "■", "7.0.15",
    ]
    var missing = 0
    for columns in stride(from: 200, through: 60, by: -1) {
      let lines = scene.picture(columns: columns, rows: 20).split(separator: "\n")
      let header = String(lines[0])
      let shown = items.map { header.contains($0) }
      let gone = shown.prefix { !$0 }.count
      #expect(shown.dropFirst(gone).allSatisfy { $0 }, "\(columns): \(header)")
      #expect(gone >= missing, "\(columns): \(header)")
      missing = gone
      for always in ["127.0.0.1:6379", "●", "4 keys", "hit 94.2%"] {
        #expect(header.contains(always), "\(columns): \(header)")
      }
      #expect(lines[1].contains("READ-ONLY"))
    }
    #expect(missing == items.count)
  }

  @Test func aWindowThatIsTooSmallSaysSo() {
    let scene = Scene.shop()
    #expect(scene.picture(columns: 59, rows: 24).contains("window too small: 59x24"))
    #expect(scene.picture(columns: 80, rows: 14).contains("60x15 at least"))
    _ = scene.picture(columns: 1, rows: 1)
    #expect(scene.picture(columns: 60, rows: 15).contains("Keys"))
  }

  @Test func theGraphHoldsWhatTheCountersSaid() {
    var scene = Scene.shop()
    scene.send(.action(.showStats))
    let picture = scene.picture(columns: 120, rows: 36)
    for text in ["hits 942/s", "misses 58/s", "ratio 94.2%", "100 %", "Memory 412 MB of 1.0 GB"] {
      #expect(picture.contains(text), "\(text)")
    }
    #expect(picture.unicodeScalars.contains { $0.value > 0x2800 && $0.value <= 0x28FF })
  }

  @Test func eachPromptNamesItsKey() {
    let prompts: [(Action, String)] = [
      (.delete, "Delete app:page:/home?"), (.expire, "Expire app:page:/home?"),
      (.setTTL, "Set the TTL of app:page:/home"), (.flush, "Delete every key of db0?"),
    ]
    for (action, title) in prompts {
      var scene = Scene.shop()
      scene.send(.action(action))
      let picture = scene.picture()
      #expect(picture.contains(title), "\(picture)")
      let isFinal = action == .flush
      #expect(picture.contains("cannot be undone") == isFinal)
    }
  }

  @Test func aConnectionThatIsAwayIsSaid() {
    var scene = Scene.shop()
    scene.send(
      .connection(
        .waiting(reason: "connection refused", retryAt: scene.now.advanced(by: 3000))))
    let picture = scene.picture(columns: 120, rows: 30)
    #expect(picture.contains("away, next try in 3s"))
    #expect(picture.contains("connection refused"))
    #expect(picture.contains("app:page:/home"))
  }
}

@Suite struct KeymapTests {
  @Test func everyActionHasAKeyAndARowOfHelp() {
    for action in Action.allCases {
      #expect(!Keymap.standard.shownKey(for: action).isEmpty, "\(action)")
      #expect(Action.descriptors.contains { $0.action == action && !$0.help.isEmpty }, "\(action)")
    }
  }

  @Test func noKeyMeansTwoActions() {
    let keys = Keymap.standard.bindings.flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
  }

  @Test func letterKeysAreTextInAField() {
    var scene = Scene.shop()
    scene.send(.action(.find))
    let keymap = Keymap.standard
    #expect(keymap.event(for: "q", in: scene.state, over: []) == .edit(.insert("q")))
    #expect(keymap.event(for: .escape, in: scene.state, over: []) == .action(.back))
    #expect(keymap.event(for: .function(2), in: scene.state, over: []) == .action(.showStats))
    #expect(
      keymap.event(for: .paste(Paste(Array("a\rb".utf8))), in: scene.state, over: [])
        == .edit(.insert("a\nb")))
  }

  @Test func aClickChoosesARow() throws {
    let scene = Scene.shop()
    let rendering = scene.rendering(columns: 120, rows: 36)
    let click = Key.mouse(MouseEvent(.press, at: Position(row: 6, column: 10)))
    #expect(
      Keymap.standard.event(for: click, in: scene.state, over: rendering.regions)
        == .chooseRow(2, open: false))
  }
}
