import CacheModel
import Explorer
import ExplorerUI
import KeyQuery
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
      (.setTTL, "Set the TTL of app:page:/home"), (.flush, "Flush db0: delete all"),
    ]
    for (action, title) in prompts {
      var scene = Scene.shop()
      scene.send(.action(action))
      let picture = scene.picture()
      #expect(picture.contains(title), "\(picture)")
      #expect(!picture.contains("cannot be undone"))
    }
  }

  @Test func aRefusedLoginSaysWhatToDoAndHidesThePassword() {
    var scene = Scene.shop()
    scene.send(.switched(SourceState(), .readWrite, SourceLook()))
    for case .open(let request) in scene.effects {
      scene.send(.failed(request, .loginRefused("NOAUTH Authentication required.")))
    }
    let picture = scene.picture()
    #expect(picture.contains("login refused") && picture.contains("NOAUTH"))
    #expect(picture.contains("enter gives the password"))
    #expect(!picture.contains("no keys"))
    scene.send(.action(.open))
    scene.send(.edit(.insert("geheim")))
    #expect(scene.picture().contains("••••••") && !scene.picture().contains("geheim"))
    scene.send(.action(.focusNext))
    #expect(scene.picture().contains("••••••") && !scene.picture().contains("geheim"))
  }

  @Test(arguments: [80, 100, 200]) func theColumnToSortByShowsAndTheArrowFollowsItsFigures(
    columns: Int
  ) {
    let arrows: [(SortField, String)] = [
      (.key, "by key ▲"), (.ttl, "by TTL ▲"), (.size, "by size ▼"), (.idle, "by idle ▼"),
      (.kind, "by type ▲"),
    ]
    for (field, arrow) in arrows {
      var scene = Scene.shop()
      scene.send(.sort(by: field))
      if field == .key { scene.send(.sort(by: field)) }
      let lines = scene.picture(columns: columns, rows: 24).split(separator: "\n")
      #expect(lines[2].contains(arrow), "\(lines[2])")
      let head = field == .ttl ? "ttl" : field.title
      #expect(lines[3].split(separator: " ").contains(Substring(head)), "\(lines[3])")
    }
  }

  @Test func whereLookingCountsAsAUseThatIsSaidAndTheFirstLookIsKept() {
    var scene = Scene([string("a")])
    var source = Scene.source
    source.countsLooks = true
    scene.send(.opened(source))
    scene.answerPreview(.string(Array("x".utf8)), idle: 7200)
    scene.wait(6000)
    scene.answerPreview(.string(Array("x".utf8)), idle: 3)
    scene.paint()
    #expect(scene.picture(columns: 160, rows: 24).contains("idle 2h"))
    scene.send(.sort(by: .idle))
    #expect(scene.state.message?.text.contains("looking at a value counts") == true)
  }

  @Test func theHeaderCountsWhatOthersAskAndNothingWhileAway() {
    var scene = Scene.shop()
    // 8200 commands within a second, 8 of them our own.
    #expect(scene.picture(columns: 200, rows: 20).contains("8.2k op/s"))
    scene.wait(1000)
    var sample = CacheStatistics(time: WallTime(milliseconds: 0), moment: scene.now)
    (sample.commands, sample.ownCommands) = (28_300, 28 + 60)
    sample.runID = "a"
    sample.uptimeSeconds = 100 + scene.now.milliseconds / 1000
    scene.send(.sampled(sample))
    let line = scene.picture(columns: 200, rows: 20).prefix { $0 != "\n" }
    #expect(line.contains(" 40 op/s") && line.contains("own 60/s"), "\(line)")
    scene.send(.connection(.waiting(reason: "gone", retryAt: scene.now)))
    let away = scene.picture(columns: 200, rows: 20).prefix { $0 != "\n" }
    #expect(away.contains("– op/s") && away.contains("own –/s"), "\(away)")
  }

  @Test func theFootOffersHelpAndCommandsFirstAndUndoWhenThereIsSome() throws {
    var scene = Scene.shop()
    func hints() -> String {
      String(scene.picture().split(separator: "\n", omittingEmptySubsequences: false)[22])
    }
    #expect(hints().hasPrefix(" ? help  : command  enter open"))
    scene.keep("x")
    #expect(hints().hasPrefix(" ? help  : command  u undo  enter open"))
  }

  @Test func hintsOfChangesStandBackWhileReadOnly() throws {
    let frame = Scene.shop(access: .readOnly).rendering(columns: 120, rows: 24).frame
    let line = frame.rowText(22)
    func role(of hint: String) throws -> StyleRole {
      let place = try #require(line.ranges(of: hint).first)
      let column = line.distance(from: line.startIndex, to: place.lowerBound)
      return frame[row: 22, column: column].style.role
    }
    #expect(try role(of: "e edit") == .muted && role(of: "d delete") == .muted)
    #expect(try role(of: "/ find") == .accent && role(of: "? help") == .accent)
  }

  @Test(arguments: [(80, 24), (120, 36), (200, 60)])
  func whatHelpSaysIsNotCut(columns: Int, rows: Int) {
    var scene = Scene.shop()
    scene.send(.action(.help))
    for _ in 0..<6 {
      let rendering = scene.rendering(columns: columns, rows: rows)
      #expect(!rendering.frame.text().contains("…"), "\(rendering.frame.text())")
      scene.send(.presented(rendering.presentation))
      scene.send(.action(.pageDown))
    }
  }

  @Test func theFilterThatIsThereIsAProposal() {
    var scene = Scene.shop()
    scene.send(.action(.find))
    scene.send(.edit(.insert("page")))
    scene.send(.submit)
    scene.send(.action(.find))
    scene.send(.edit(.insert("rate")))
    #expect(scene.state.keys.filter.description == "rate")
    scene.send(.submit)
    scene.send(.action(.find))
    scene.send(.action(.back))
    scene.send(.action(.back))
    #expect(scene.state.keys.filter.isEmpty)
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
    // What was true a while ago is not shown as if it were now.
    #expect(picture.contains("hit –") && !picture.contains("hit 94.2%"))
    #expect(picture.contains("connection refused · r tries now"))
  }

  /// Behind sentinels the group is what was opened, and the server what it is at the moment.
  @Test(arguments: [80, 120])
  func theServerBehindSentinelsIsShown(_ columns: Int) {
    var scene = Scene.shop()
    scene.state.source.description?.address = "redis+sentinel://10.0.0.1:26379,b:26379/shop/2"
    scene.send(.server("10.0.0.7:6379"))
    scene.send(.connection(.connected))
    #expect(!scene.picture(columns: columns, rows: 24).contains("failover"))
    scene.send(.server("10.0.0.8:6379"))
    let picture = scene.picture(columns: columns, rows: 24)
    let header = picture.split(separator: "\n").first ?? ""
    #expect(header.contains("shop/2 at 10.0.0.8:6379") && !header.contains("26379"))
    #expect(
      picture.contains("failover: 10.0.0.8:6379 is the primary now, before it was 10.0.0.7:6379"))
    // The same once more is no news.
    scene.wait(60_000)
    scene.send(.server("10.0.0.8:6379"))
    #expect(!scene.picture(columns: columns, rows: 24).contains("failover"))
  }

  @Test func aKeyTriesToConnectAtOnce() {
    var scene = Scene.shop()
    scene.send(
      .connection(.waiting(reason: "gone", retryAt: scene.now.advanced(by: 30_000))))
    scene.send(.action(.refresh))
    #expect(scene.effects.contains(.reconnect))
    #expect(scene.state.source.connection == .connecting)
    scene.effects.removeAll()
    scene.send(.connection(.connected))
    scene.send(.action(.refresh))
    #expect(!scene.effects.contains(.reconnect))
  }

  @Test func theHintsSayWhatQDoes() {
    var scene = Scene.shop()
    #expect(scene.picture(columns: 200, rows: 36).contains("q quit"))
    scene.send(.action(.open))
    let picture = scene.picture(columns: 200, rows: 36)
    #expect(picture.contains("q back") && !picture.contains("q quit"))
  }

  @Test func theHeaderTellsWhatIsTakenBackAtOnce() {
    var scene = Scene.shop()
    scene.keep("delete old", byThisRun: false)
    #expect(scene.picture(columns: 120, rows: 30).contains("undo 1 earlier"))
    #expect(scene.picture(columns: 120, rows: 30).contains("u undo …"))
    scene.keep("delete a")
    #expect(!scene.picture(columns: 120, rows: 30).contains("earlier"))
    #expect(!scene.picture(columns: 120, rows: 30).contains("u undo …"))
  }
}

@Suite struct KeymapTests {
  @Test func everyActionHasAKeyAndARowOfHelp() {
    for action in Action.allCases {
      #expect(!Keymap.standard.shownKey(for: action).isEmpty, "\(action)")
      #expect(Action.descriptors.contains { $0.action == action && !$0.help.isEmpty }, "\(action)")
    }
  }

  /// A key may mean one thing on one screen and another on the next; it never means two at once.
  @Test func noKeyMeansTwoActions() {
    for screen in Screen.allCases {
      for pane in [Pane.list, .value] {
        let keys = Keymap.standard.bindings
          .filter { $0.action.isMeant(on: screen, in: pane) }.flatMap(\.keys)
        #expect(Set(keys).count == keys.count, "\(screen)")
      }
    }
  }

  @Test func aSharedKeyMeansWhatTheScreenDoes() {
    var scene = Scene.shop()
    func action(_ key: Key) -> Event? {
      Keymap.standard.event(for: key, in: scene.state, over: [])
    }
    #expect(action(.left) == .action(.fold) && action(.enter) == .action(.open))
    scene.send(.action(.showStats))
    #expect(action(.left) == .action(.earlier) && action(.enter) == .action(.enlarge))
    scene.send(.action(.palette))
    #expect(action(.enter) == .submit)
    scene.send(.action(.back))
    scene.send(.action(.help))
    #expect(action(.left) == .action(.fold))
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
