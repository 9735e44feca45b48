import CacheModel
import Explorer
import KeyQuery
import TestSupport
import Testing
import ValueDecoding

/// The value pane: pages, forms, looking for a text.
@Suite struct ValuePaneTests {
  @Test func theEndOfAPageLeadsToTheNextAndBack() throws {
    var scene = Scene.inside(.list(from: 0, (0..<10).map { bytes("\($0)") }), .list, total: 25)
    for _ in 0..<9 { scene.send(.action(.moveDown)) }
    #expect(scene.lastPart == nil)
    scene.send(.action(.moveDown))
    #expect(scene.lastPart?.position == .index(10))
    scene.answerPart(.list(from: 10, (10..<20).map { bytes("\($0)") }), .list, total: 25)
    #expect(scene.state.preview.row == 0 && scene.state.preview.passed == 10)
    #expect(scene.state.preview.part == .element(at: 10, bytes("10")))
    scene.send(.action(.moveUp))
    scene.send(.tick)
    let back = try #require(scene.lastRead)
    #expect(back.bound == scene.state.valueBound)
    scene.answer(back.request, .list(from: 0, (0..<10).map { bytes("\($0)") }), .list, total: 25)
    #expect(scene.state.preview.row == 9 && scene.state.preview.passed == 0)
  }

  @Test func thePageInViewIsTheOneThatIsReadAgain() throws {
    var scene = Scene.inside(
      .hash([HashField("a", "1")]), .hash, total: 3, next: .walk(cursor: 7, skipping: 2))
    scene.send(.action(.pageDown))
    scene.answerPart(
      .hash([HashField("b", "2")]), .hash, total: 3, next: .walk(cursor: 9, skipping: 0))
    scene.effects.removeAll()
    scene.wait(6000)
    #expect(scene.lastPart?.position == .walk(cursor: 7, skipping: 2))
    scene.send(.action(.moveToFirst))
    #expect(scene.lastRead != nil)
  }

  @Test func aPageThatHasGoneLeadsToTheStart() {
    var scene = Scene.inside(.list(from: 0, [bytes("a")]), .list, total: 2)
    scene.send(.action(.moveDown))
    scene.effects.removeAll()
    let before = scene.state.preview.passed
    #expect(before == 1)
    scene.send(.tick)
    scene = Scene.inside(.list(from: 0, [bytes("a")]), .list, total: 2)
    scene.send(.action(.moveDown))
    scene.answerPart(.list(from: 1, []), .list, total: 1)
    #expect(scene.state.preview.passed == 0)
    #expect(scene.lastRead != nil)
  }

  @Test func enterAtTheEndOfAStringReadsOn() {
    var scene = Scene.inside(
      .string(bytes(String(repeating: "x\n", count: 30))), .string, total: 600)
    scene.send(.action(.open))
    #expect(scene.lastPart == nil)
    scene.send(.action(.moveToLast))
    scene.send(.action(.open))
    #expect(scene.lastPart?.position == .index(60))
  }

  @Test func enterOpensAnElementAndEscGoesBack() {
    let fields = [HashField("a", "1"), HashField("profile", #"{"name":"Ada","tags":[1,2]}"#)]
    var scene = Scene.inside(.hash(fields), .hash, total: 2)
    scene.send(.action(.moveDown))
    scene.send(.action(.open))
    #expect(scene.state.preview.layout?.form == .json)
    #expect(scene.state.preview.layout?.lines.map(\.text).contains(#"  "name": "Ada","#) == true)
    #expect(scene.state.preview.rowCount > 4 && scene.state.preview.row == 0)
    scene.send(.action(.copyValue))
    #expect(scene.effects.contains(.copy(fields[1].value)))
    scene.send(.action(.decodeAs))
    #expect(scene.state.preview.layout?.form == .text)
    for _ in 0..<2 { scene.send(.action(.back)) }
    #expect(scene.state.preview.opened == nil && scene.state.preview.layout == nil)
    #expect(scene.state.preview.row == 1 && scene.state.focus == .value)
    scene.send(.action(.back))
    #expect(scene.state.focus == .list)
  }

  /// Another client changes the element that is laid out, moves it and removes it.
  @Test func anOpenedElementFollowsTheValue() throws {
    var scene = Scene.inside(.hash([HashField("a", "1"), HashField("b", "[1]")]), .hash, total: 2)
    scene.send(.action(.moveDown))
    scene.send(.action(.open))
    scene.answerAgain(.hash([HashField("b", "[1,2]"), HashField("c", "3")]))
    #expect(scene.state.preview.layout?.lines.count == 4)
    #expect(scene.state.preview.part == .field(HashField("b", "[1,2]")))
    scene.send(.action(.edit))
    #expect(scene.state.message?.text.contains("just now") == true)
    scene.answerAgain(.hash([HashField("a", "1"), HashField("c", "3")]))
    #expect(scene.state.preview.opened == nil)
    #expect(scene.state.message?.text.contains("has gone") == true)
    #expect(scene.state.preview.rowCount == 2)
  }

  @Test func aTextIsLookedForInAnOpenedElement() {
    var scene = Scene.inside(.list(from: 0, [bytes(#"{"a":1,"b":2}"#), bytes("b")]), .list)
    scene.send(.action(.open))
    scene.send(.action(.find))
    scene.send(.edit(.insert("b")))
    scene.send(.submit)
    #expect(scene.state.preview.search?.rows == [2])
    for _ in 0..<2 { scene.send(.action(.back)) }
    #expect(scene.state.preview.search == nil && scene.state.preview.opened == nil)
  }

  @Test func theFormGoesRoundAndEscLeavesIt() {
    var scene = Scene.inside(.string(bytes(#"{"a":[1]}"#)), .string)
    #expect(scene.state.preview.layout?.form == .json)
    let lines = scene.state.preview.layout?.lines.count
    scene.send(.action(.decodeAs))
    #expect(scene.state.preview.layout?.form == .text)
    #expect(scene.state.preview.layout?.lines.count == 1)
    scene.send(.action(.decodeAs))
    scene.send(.action(.decodeAs))
    #expect(scene.state.preview.layout?.form == .binary)
    scene.send(.action(.back))
    #expect(scene.state.preview.way == .found && scene.state.focus == .value)
    #expect(scene.state.preview.layout?.lines.count == lines)
    scene.send(.action(.back))
    #expect(scene.state.focus == .list)
  }

  @Test func longLinesAreBrokenAtTheWidthOfThePane() {
    var scene = Scene.inside(.string(bytes(String(repeating: "x", count: 250))), .string)
    var shown = Presentation(previewHeight: 10)
    shown.previewWidth = 100
    scene.send(.presented(shown))
    #expect(scene.state.preview.layout?.lines.map(\.text.count) == [100, 100, 50])
    shown.previewWidth = 50
    scene.send(.presented(shown))
    #expect(scene.state.preview.layout?.lines.count == 5)
    #expect(
      scene.state.preview.layout?.lines.map(\.text).joined() == String(repeating: "x", count: 250))
  }

  @Test func aPageThatBeginsWithinACharacterShowsNoFalseByte() {
    let text = String(repeating: "é", count: 20)
    var scene = Scene.inside(.string(Array(bytes(text).prefix(21))), .string, total: 40)
    scene.send(.action(.moveToLast))
    scene.send(.action(.pageDown))
    scene.answerPart(.string(Array(bytes(text).dropFirst(21))), .string, total: 40, at: .index(21))
    #expect(scene.state.preview.layout?.lines.first?.text == String(repeating: "é", count: 9))
  }

  @Test func aHexDumpOfALaterPageCountsFromTheStartOfTheValue() {
    var scene = Scene.inside(.string([0, 1, 2]), .string, total: 600_000)
    scene.send(.action(.moveDown))
    scene.answerPart(.string([0, 0xFF, 5]), .string, total: 600_000, at: .index(0x1F0))
    #expect(scene.state.preview.layout?.lines.first?.text.hasPrefix("000001f0  00 ff 05") == true)
  }

  @Test func aTextIsLookedForInAValue() {
    var scene = Scene.inside(.list(from: 0, ["one", "Two", "three", "two"].map(bytes)), .list)
    scene.send(.action(.find))
    scene.send(.edit(.insert("tw")))
    #expect(scene.state.preview.search?.rows == [1, 3])
    #expect(scene.state.preview.row == 1)
    scene.send(.submit)
    scene.send(.action(.nextMatch))
    #expect(scene.state.preview.row == 3)
    scene.send(.action(.nextMatch))
    #expect(scene.state.preview.row == 1)
    #expect(scene.state.message?.text.contains("round") == true)
    scene.send(.action(.previousMatch))
    #expect(scene.state.preview.row == 3)
    scene.send(.action(.back))
    #expect(scene.state.preview.search == nil && scene.state.focus == .value)
  }

  @Test func escInTheSearchPutsTheOldOneBack() {
    var scene = Scene.inside(.list(from: 0, ["one", "two"].map(bytes)), .list)
    scene.send(.action(.find))
    scene.send(.edit(.insert("two")))
    scene.send(.submit)
    scene.send(.action(.find))
    scene.send(.edit(.deleteToStart))
    scene.send(.edit(.insert("one")))
    scene.send(.action(.back))
    #expect(scene.state.preview.search?.text == "two")
    #expect(scene.state.keys.filter.isEmpty)
  }

  @Test func aSearchThatFindsNothingSaysHowToGoOn() {
    var scene = Scene.inside(.list(from: 0, [bytes("a")]), .list, total: 9)
    scene.send(.action(.find))
    scene.send(.edit(.insert("zzz")))
    scene.send(.submit)
    scene.send(.action(.nextMatch))
    #expect(scene.state.message?.text.contains("not in the part that is loaded: PgDn") == true)
  }
}

/// Watching a key.
@Suite struct WatchTests {
  private mutating func lines(_ scene: Scene) -> [String] { Self.lines(scene) }

  private static func lines(_ scene: Scene) -> [String] {
    scene.state.overlay.map { scene.state.rows(of: $0).map(\.title) } ?? []
  }

  @Test func whatHappensToAKeyIsListedNewestFirst() {
    var scene = Scene([string("k", ttl: 60_000)])
    scene.send(.action(.watchKey))
    scene.look(.string(bytes("old")), ttl: 60_000)
    #expect(Self.lines(scene) == ["watched: 3 bytes, TTL 1:00"])
    scene.look(.string(bytes("old")), ttl: 59_500)
    #expect(Self.lines(scene).count == 1)
    scene.look(.string(bytes("newer")), ttl: 59_000)
    #expect(Self.lines(scene).first == "3 → 5 bytes, TTL 59.0 s")
    scene.look(.string(bytes("newer")), ttl: 300_000)
    #expect(Self.lines(scene).first == "TTL: 58.5 s → 5:00")
    scene.look(.string(bytes("newer")), ttl: nil)
    #expect(Self.lines(scene).first == "TTL removed")
    scene.look(nil, ttl: nil)
    #expect(Self.lines(scene).first == "deleted")
    scene.look(.string(bytes("x")), ttl: 600)
    #expect(Self.lines(scene).first == "back after 0.5 s: 1 byte, TTL 0.6 s")
    scene.look(nil, ttl: nil)
    #expect(Self.lines(scene).first == "expired")
  }

  @Test func itLooksTwiceASecondOnlyWhileItIsOpen() {
    var scene = Scene([string("k")])
    scene.send(.action(.watchKey))
    scene.effects.removeAll()
    for _ in 0..<20 {
      scene.wait(100)
      scene.answerWatch(.string(bytes("v")), ttl: nil)
    }
    let looks = scene.effects.filter { effect in
      if case .read(_, _, let bound) = effect { bound == WatchState.bound } else { false }
    }
    #expect((3...5).contains(looks.count))
    scene.send(.action(.back))
    scene.effects.removeAll()
    scene.wait(2000)
    #expect(
      !scene.effects.contains { effect in
        if case .read(_, _, let bound) = effect { bound == WatchState.bound } else { false }
      })
  }

  @Test func itsHistoryIsBounded() {
    var watch = WatchState(CacheKey("k"))
    _ = watch
    var scene = Scene([string("k")])
    scene.send(.action(.watchKey))
    for number in 0..<600 { scene.look(.string(bytes("\(number)")), ttl: nil) }
    guard case .watch(let state) = scene.state.overlay?.kind else { return }
    watch = state
    #expect(watch.log.lines.count == 500)
  }
}

/// Help for the place where it is asked for.
@Suite struct HelpTests {
  @Test func helpIsAboutThePaneInFocus() {
    var scene = Scene.inside(.string(bytes("x")), .string)
    func actions() -> Set<Action> {
      Set(
        scene.state.helpEntries.compactMap { entry in
          if case .action(let action, _) = entry { action } else { nil }
        })
    }
    #expect(actions().contains(.nextMatch) && !actions().contains(.nextSortField))
    scene.send(.action(.focusNext))
    #expect(!actions().contains(.nextMatch) && actions().contains(.nextSortField))
    scene.send(.action(.showStats))
    #expect(actions().contains(.zoomIn) && !actions().contains(.edit))
    #expect(actions().contains(.undo) && actions().contains(.palette))
  }

  @Test func anActionThatCannotBeDoneSaysWhy() {
    let scene = Scene([string("a")], access: .readOnlyForGood)
    #expect(
      scene.state.helpEntries.contains(.action(.delete, reason: "read-only for this whole session"))
    )
  }

  @Test func helpIsLookedThrough() {
    var scene = Scene([string("a")])
    scene.send(.action(.help))
    scene.send(.action(.find))
    scene.send(.edit(.insert("clipboard")))
    scene.send(.submit)
    #expect(scene.state.overlay?.search?.rows.count == 2)
    scene.send(.action(.nextMatch))
    #expect(scene.state.overlay?.search?.current == 1)
    scene.send(.action(.back))
    #expect(scene.state.overlay == nil)
  }
}

extension Scene {
  var lastPart: (request: RequestID, position: ValuePosition)? {
    for case .readPart(let request, _, let position, _) in effects.reversed() {
      return (request, position)
    }
    return nil
  }

  var lastRead: (request: RequestID, bound: ValueBound)? {
    for case .read(let request, _, let bound) in effects.reversed() { return (request, bound) }
    return nil
  }

  mutating func answer(
    _ request: RequestID, _ content: ValueContent, _ kind: ValueKind, total: Int64,
    next: ValuePosition? = nil, at position: ValuePosition = .start
  ) {
    var page = ValuePage(
      key: CacheKey("k"), kind: kind, lifetime: .unlimited, content: content, totalLength: total)
    page.position = position
    let end = position.index + Int64(content.count)
    page.next = next ?? (end < total ? .index(end) : nil)
    send(.read(request, page))
  }

  mutating func answerPart(
    _ content: ValueContent, _ kind: ValueKind, total: Int64, next: ValuePosition? = nil,
    at position: ValuePosition? = nil
  ) {
    guard let part = lastPart else { return }
    effects.removeAll()
    answer(part.request, content, kind, total: total, next: next, at: position ?? part.position)
    if state.preview.isTurning { send(.tick) }
  }

  /// The value is read again some seconds later, and is this.
  mutating func answerAgain(_ content: ValueContent) {
    effects.removeAll()
    wait(6000)
    if let read = lastRead {
      answer(read.request, content, .hash, total: Int64(content.count))
    }
    effects.removeAll()
  }

  /// The first page of one key's value, which has the focus.
  static func inside(
    _ content: ValueContent, _ kind: ValueKind, total: Int64, next: ValuePosition? = nil
  ) -> Scene {
    var scene = Scene([KeySummary(key: CacheKey("k"), kind: kind, lifetime: .unlimited)])
    scene.send(.tick)
    if let read = scene.lastRead {
      scene.answer(read.request, content, kind, total: total, next: next)
    }
    scene.paint()
    scene.send(.action(.open))
    scene.effects.removeAll()
    return scene
  }

  /// Half a second later the watch looks again and sees this.
  mutating func look(_ content: ValueContent?, ttl: Int64?) {
    wait(500)
    answerWatch(content, ttl: ttl)
  }

  mutating func answerWatch(_ content: ValueContent?, ttl: Int64?) {
    for case .read(let request, let key, let bound) in effects.reversed()
    where bound == WatchState.bound {
      let lifetime = ttl.map { Lifetime.remaining(TTL(milliseconds: $0)) } ?? .unlimited
      let page = content.map {
        ValuePage(
          key: key, kind: .string, lifetime: lifetime, content: $0, totalLength: Int64($0.count))
      }
      send(.read(request, page))
      return
    }
  }
}
