import CacheModel
import Explorer
import ExplorerUI
import TerminalCanvas
import TestSupport
import Testing

@Suite struct KeysScreenTests {
  @Test func theKeysAt80Columns() {
    #expect(
      Scene.shop().picture(columns: 80, rows: 15) == """
         cachescope │ redis 127.0.0.1:6379/0 ●   4 keys  412M/1.0G   hit 94.2%       ▄
         1 Keys  2 Stats  3 Expiry                                           READ-WRITE
        ┌ Keys  by key ▲ ────────────────────────────┐┌ app:page:/home ────────────────┐
        │  key                   type     ttl   size ││ string · json · 46 B           │
        │  app:page:/home        str     4:30  214 B ││ ttl 4:30 ■■■■■■■▪              │
        │  app:rate:10.0.0.7     str     0:06   72 B ││ {                              │
        │  app:session:12:000041 str     0:41  412 B ││   "id": 1,                     │
        │  app:user:7            hash       ∞ 1.2 KB ││   "tags": [                    │
        │                                            ││     "x"                        │
        │                                            ││   ],                           │
        │                                            ││   "n": 12345678901234567890    │
        │                                            ││ }                              │
        └────────────────────────────────────────────┘└────────────────────────────────┘
         ? help  : command  enter open  / find  e edit  t ttl  x expire  d delete

        """)
  }

  /// What share of the keys is loaded, and that counts are estimates, is on every screen, however narrow.
  @Test(arguments: [80, 120])
  func aSampleIsCalledOne(_ columns: Int) throws {
    var scene = Scene(asTree: true)
    var look = SourceLook()
    look.memoryBound = 1 << 20
    scene.state.adopt(look)
    scene.send(.tick)
    for start in stride(from: 0, to: 30_000, by: 1000) {
      guard let walk = scene.lastWalk else { break }
      scene.effects = []
      let keys = (start..<start + 1000).map { CacheKey("app:user:\($0)") }
      let next = start < 29_000 ? ScanCursor(position: UInt64(start + 1)) : nil
      scene.send(.scanned(walk, ScanPage(keys: keys, next: next)))
      scene.advanceFully()
    }
    scene.paint()
    scene.send(.action(.moveToFirst))
    let sampling = scene.state.keys.sampling
    #expect(sampling.oneIn > 1)
    let count = FigureFormat.grouped(sampling.estimate(of: scene.state.keys.index.count).count)
    let picture = scene.picture(columns: columns, rows: 24)
    #expect(picture.contains("1 in \(sampling.oneIn) loaded"))
    #expect(picture.contains("folder · ~\(count) keys"))
    let flat = picture.split(whereSeparator: \.isNewline).joined(separator: " ")
    #expect(flat.contains("estimated from"))
  }

  @Test func hostileNamesKeepTheColumnsAligned() throws {
    let names: [[UInt8]] = [
      Array("\u{1B}]0;owned\u{7}".utf8), Array("a\u{202E}b\u{200B}c".utf8),
      Array("世界世界世界世界世界世界世界世界".utf8), [0xFF, 0xC0, 0x9B, 0x41], Array("e\u{301}".utf8),
      Array("line\nbreak\r\ttab".utf8), Array("👨‍👩‍👧❤️".utf8), [], [0],
    ]
    let scene = Scene(
      names.map { KeySummary(key: CacheKey($0), kind: .string, lifetime: .unlimited) })
    let frame = scene.rendering(columns: 80, rows: 24).frame
    for row in 4..<4 + names.count {
      let line = (0..<80).map { String(frame[row: row, column: $0].scalar) }
      let start = try #require(line.indices.first { line[$0...].prefix(3).joined() == "str" })
      #expect(start == 25, "row \(row)")
      #expect(frame[row: row, column: 45].scalar == "│")
    }
    #expect(!frame.text().unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    #expect(!frame.text().unicodeScalars.contains { $0.value >= 0x80 && $0.value < 0xA0 })
    #expect(!frame.text().unicodeScalars.contains("\u{202E}"))
  }

  @Test func aTTLWarmsAndAGoneKeyFades() {
    var scene = Scene.shop()
    scene.wait(1100)
    scene.effects.removeAll { if case .describe = $0 { false } else { true } }
    scene.answerDescriptions([])
    let picture = scene.picture()
    #expect(picture.contains("deleted"))
    scene.wait(800)
    #expect(scene.picture().contains("no keys in db0"))
  }

  /// Below a minute and below ten seconds are told apart without a colour too.
  @Test func withoutColoursSignsWarn() {
    let scene = Scene.shop()
    let size = ScreenSize(columns: 80, rows: 24)
    let picture = render(scene.state, size: size, isColourless: true).frame.text()
    #expect(picture.contains(" !!0:06 ") && picture.contains("  !0:41 "))
    #expect(picture.contains("   4:30 ") && picture.contains("ttl 4:30"))
    #expect(!scene.picture().contains("!"))
    var short = Scene([string("k", ttl: 5_000)])
    short.paint()
    let facts = render(short.state, size: size, isColourless: true).frame.text()
    #expect(facts.contains("ttl !!0:05"))
  }

  /// Where the cursor is stands over a list that is longer than the screen, and over no other.
  @Test func aLongListTellsWhereTheCursorIs() throws {
    var scene = Scene((0..<1234).map { string("k\($0)") })
    try scene.press("j j")
    #expect(scene.picture().contains(" row 3 of 1,234 ┐"), "\(scene.picture())")
    #expect(!Scene.shop().picture().contains("row "))
  }

  @Test func aKeyThatWentHasNoBar() {
    var scene = Scene([string("k", ttl: 60_000)])
    scene.paint()
    #expect(scene.picture().contains("ttl 1:00 ■"))
    scene.wait(61_000)
    scene.effects.removeAll { if case .describe = $0 { false } else { true } }
    scene.answerDescriptions([])
    let facts = scene.picture().split(separator: "││").first { $0.contains("ttl expired") }
    #expect(facts?.contains("·····") == false && facts?.contains("■") == false)
  }

  @Test func theFolderAboveTheRowsInViewIsNamed() {
    var scene = Scene((0..<60).map { string("app:user:\($0 + 100)") }, asTree: true)
    scene.paint()
    #expect(!scene.picture().contains("in app:user:"))
    scene.send(.action(.moveToLast))
    scene.paint()
    #expect(scene.picture().contains(" Keys  by key ▲  in app:user: "))
  }

  @Test func anOpenedElementFillsThePane() {
    var scene = Scene([KeySummary(key: CacheKey("user"), kind: .hash, lifetime: .unlimited)])
    let card = HashField(field: Array("card".utf8), value: Array(#"{"city":"Paris"}"#.utf8))
    scene.answerPreview(.hash([card]), kind: .hash)
    scene.paint()
    scene.send(.action(.open))
    scene.send(.action(.open))
    scene.paint()
    let picture = scene.picture()
    #expect(picture.contains("card · json · 16 B") && picture.contains(#""city": "Paris""#))
  }

  @Test func anEmptyFilterResultSaysHowToLeave() {
    var scene = Scene.shop()
    scene.send(.action(.find))
    scene.send(.edit(.insert("nothing like it")))
    scene.paint()
    let picture = scene.picture()
    #expect(picture.contains("no key holds “nothing like it”"))
    #expect(picture.contains("/nothing like it"))
  }

  @Test func fieldsOfAHashAreChosenAndEdited() {
    var scene = Scene([
      KeySummary(key: CacheKey("user"), kind: .hash, lifetime: .unlimited, bytes: ByteCount(90))
    ])
    scene.answerPreview(
      .hash([
        HashField(field: Array("name".utf8), value: Array("Ada".utf8)),
        HashField(field: Array("city".utf8), value: Array("Paris".utf8)),
      ]), kind: .hash)
    scene.paint()
    scene.send(.action(.open))
    scene.send(.action(.moveDown))
    scene.send(.action(.edit))
    #expect(scene.picture().contains("Edit city of user"))
    scene.send(.edit(.insert("!")))
    scene.send(.submit)
    #expect(
      scene.lastChange?.change
        == .setField(
          Array("city".utf8), value: Array("Paris!".utf8), expected: Array("Paris".utf8)))
  }
}
