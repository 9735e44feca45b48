import CacheModel
import Explorer
import TestSupport
import Testing

/// Following a key or a prefix, and deleting a key to see whether it comes back.
@Suite struct KeyWatchTests {
  private func watching(_ access: Access = .readWrite) -> Scene {
    var scene = Scene([string("k", ttl: 300_000), string("l")], access: access)
    scene.send(.action(.watchKey))
    scene.wait(500)
    return scene
  }

  private func rows(_ scene: Scene) -> [OverlayRow] {
    scene.state.overlay.map { scene.state.rows(of: $0) } ?? []
  }

  private func question(_ scene: Scene) -> String? {
    guard case .confirm(let confirmation) = scene.state.prompt?.kind else { return nil }
    return confirmation.title
  }

  private func titles(_ scene: Scene) -> [String] { rows(scene).map(\.title) }

  private func lastRead(_ scene: Scene) -> RequestID? {
    for case .read(let request, CacheKey("k"), let bound) in scene.effects.reversed()
    where bound != scene.state.valueBound {
      return request
    }
    return nil
  }

  private func reads(_ scene: Scene) -> Int {
    scene.effects.count { effect in
      if case .read(_, CacheKey("k"), let bound) = effect {
        bound != scene.state.valueBound
      } else {
        false
      }
    }
  }

  private func answer(
    _ scene: inout Scene, _ value: String?, ttl: Int64? = nil
  ) throws {
    let request = try #require(lastRead(scene))
    let page = value.map {
      ValuePage(
        key: CacheKey("k"), kind: .string,
        lifetime: ttl.map { .remaining(TTL(milliseconds: $0)) } ?? .unlimited,
        content: .string(Array($0.utf8)), totalLength: Int64($0.utf8.count))
    }
    scene.send(.read(request, page))
  }

  @Test func eachChangeHasItsSizeItsDifferenceAndItsTTL() throws {
    var scene = watching()
    try answer(&scene, #"{"price":10}"#, ttl: 300_000)
    scene.wait(500)
    try answer(&scene, #"{"price":12,"new":true}"#, ttl: 299_500)
    let row = try #require(rows(scene).first)
    #expect(row.title == "12 → 23 bytes, TTL 4:59")
    #expect(row.detail == "price: 10 → 12 · added new: true")
    scene.wait(500)
    try answer(&scene, #"{"price":12,"new":true}"#, ttl: 9000)
    #expect(titles(scene).first == "TTL: 4:59 → 9.0 s")
    scene.wait(9000)
    try answer(&scene, nil)
    #expect(titles(scene).first == "expired")
    scene.wait(1500)
    try answer(&scene, #"{"price":13,"new":true}"#)
    #expect(titles(scene).first == "back after 1.5 s: 23 bytes, no TTL")
    #expect(rows(scene).first?.detail == "price: 12 → 13")
  }

  @Test func aLineTellsMoreAtLength() throws {
    var scene = watching()
    try answer(&scene, #"{"price":10}"#)
    scene.wait(500)
    try answer(&scene, #"{"price":12}"#)
    scene.paint()
    scene.send(.action(.open))
    let texts = rows(scene).map(\.title)
    #expect(texts.contains("price: 10 → 12"))
    #expect(texts.contains("before: 12 bytes, no TTL") && texts.contains("after: 12 bytes, no TTL"))
    #expect(texts.contains(#"  "price": 10"#) && texts.contains(#"  "price": 12"#))
    // It goes on below, and leaving the details shows it.
    scene.wait(500)
    try answer(&scene, #"{"price":14}"#)
    scene.send(.action(.back))
    #expect(rows(scene).first?.detail == "price: 12 → 14")
  }

  @Test func theRowInFocusStaysUnderTheCursor() throws {
    var scene = watching()
    for value in ["1", "2", "3"] {
      try answer(&scene, value)
      scene.wait(500)
    }
    scene.send(.action(.moveDown))
    let chosen = rows(scene)[1]
    try answer(&scene, "4")
    #expect(scene.state.overlay?.list.row == 2)
    #expect(rows(scene)[2] == chosen)
  }

  // MARK: Deleting and waiting

  private func delete(_ scene: inout Scene) throws {
    scene.send(.action(.delete))
    scene.confirm()
    let change = try #require(scene.lastChange)
    #expect(change.change == .delete && change.key == CacheKey("k"))
    scene.answerKept()
  }

  @Test func deletesAndTellsWhenItIsBackAndWhatDiffers() throws {
    var scene = watching()
    try answer(&scene, #"{"price":10}"#, ttl: 300_000)
    try delete(&scene)
    #expect(titles(scene).first?.contains("not back after 0.0 s") == true)
    #expect(scene.state.undo.own.map(\.header.title) == ["delete k"])
    // What was asked before the deletion does not count, and what is asked finds nothing at first.
    scene.send(.tick)
    for _ in 0..<35 {
      try answer(&scene, nil)
      scene.wait(50)
    }
    try answer(&scene, #"{"price":12}"#, ttl: 300_000)
    let found = titles(scene)
    #expect(found[0] == "back after 1.7 s: 12 bytes, TTL 5:00")
    #expect(rows(scene)[0].detail == "price: 10 → 12")
    #expect(found[1].hasPrefix("deleted at ") && found[1].hasSuffix(" · came back after 1.7 s"))
    #expect(!found.contains("deleted") && scene.state.nextLook == nil)
  }

  @Test func theSameValueIsSaidToBeTheSame() throws {
    var scene = watching()
    try answer(&scene, "same")
    try delete(&scene)
    scene.send(.tick)
    try answer(&scene, "same")
    #expect(rows(scene)[0].detail == "the same value as before")
  }

  @Test func looksTwentyTimesASecondAndThenLess() throws {
    var scene = watching()
    try answer(&scene, "1")
    try delete(&scene)
    func looks(_ seconds: Int64) throws -> Int {
      let before = reads(scene)
      for _ in 0..<(seconds * 100) {
        if let request = lastRead(scene) { scene.send(.read(request, nil)) }
        scene.wait(10)
      }
      return reads(scene) - before
    }
    #expect((95...101).contains(try looks(5)))
    #expect((95...101).contains(try looks(25)))
    #expect((18...21).contains(try looks(10)))
    #expect(titles(scene).first?.hasSuffix("not back after 40.0 s") == true)
    #expect(scene.state.nextLook != nil)
  }

  @Test func anAnswerFromBeforeTheDeletionIsNoReturn() throws {
    var scene = watching()
    try answer(&scene, "1")
    scene.wait(500)
    let old = try #require(lastRead(scene))
    try delete(&scene)
    scene.send(
      .read(
        old,
        ValuePage(
          key: CacheKey("k"), kind: .string, lifetime: .unlimited, content: .string([0x31]),
          totalLength: 1)))
    #expect(titles(scene).first?.contains("not back") == true)
  }

  @Test func takingItBackIsNoReturn() throws {
    var scene = watching()
    try answer(&scene, "1")
    try delete(&scene)
    scene.send(.action(.undo))
    #expect(scene.effects.contains { if case .undo = $0 { true } else { false } })
    #expect(titles(scene).first?.hasSuffix("· taken back") == true)
    #expect(scene.state.nextLook == nil)
  }

  @Test func oneActionFromTheList() throws {
    var scene = Scene([string("k"), string("l")])
    scene.send(.action(.deleteAndWatch))
    #expect(question(scene) == "Delete k and wait for it?")
    scene.paint()
    scene.send(.action(.back))
    #expect(scene.lastChange == nil)
    #expect(scene.state.overlay != nil)
  }

  @Test(arguments: [Access.readOnly, .readOnlyForGood])
  func readOnlyRefusesItWithTheReason(_ access: Access) {
    var scene = watching(access)
    scene.send(.action(.delete))
    #expect(scene.state.prompt == nil)
    #expect(scene.state.message?.text.contains("read-only") == true)
    scene.send(.action(.back))
    scene.send(.action(.deleteAndWatch))
    #expect(scene.state.prompt == nil && scene.state.overlay == nil)
    #expect(scene.state.message?.text.contains("read-only") == true)
  }

  // MARK: Prefixes

  private let shop = [
    string("app:a", bytes: 100), string("app:b", bytes: 200), string("other"),
  ]

  private func watchingPrefix() -> Scene {
    var scene = Scene(shop, asTree: true)
    scene.send(.action(.moveToFirst))
    scene.paint()
    scene.send(.action(.watchKey))
    for _ in 0..<4 {
      scene.wait(500)
      scene.answerDescriptions(shop)
    }
    return scene
  }

  private func round(_ scene: inout Scene, _ summaries: [KeySummary], _ milliseconds: Int64 = 500) {
    scene.wait(milliseconds)
    scene.answerDescriptions(summaries)
  }

  @Test func aPrefixTellsWhatComesChangesAndGoes() {
    var scene = watchingPrefix()
    #expect(titles(scene) == ["watched: 2 keys, asked for in turn"])
    var keys = shop
    keys[1] = string("app:b", bytes: 250)
    round(&scene, keys)
    keys.remove(at: 1)
    round(&scene, keys)
    keys[0] = string("app:a", ttl: 5000, bytes: 100)
    round(&scene, keys)
    let news = rows(scene).dropLast().map { "\($0.title) \($0.detail)" }
    #expect(
      news == [
        "app:a TTL set: 5.0 s", "app:b deleted", "app:b 200 → 250 bytes, no TTL",
      ])
  }

  @Test func aKeyOfAPrefixThatComesBackAndOneThatIsNew() {
    var scene = watchingPrefix()
    round(&scene, [shop[0], shop[2]])
    round(&scene, shop, 2000)
    #expect(rows(scene).first?.detail == "came back after 2.0 s: 200 bytes, no TTL")
    scene.state.keys.walk.isDue = true
    scene.wait(2000)
    let new = string("app:new", ttl: 30_000, bytes: 70)
    if let walk = scene.lastWalk {
      scene.send(
        .scanned(walk, ScanPage(keys: (shop + [new]).map(\.key), next: nil)))
    }
    round(&scene, shop)
    round(&scene, shop + [new])
    #expect(rows(scene).first?.title == "app:new")
    #expect(rows(scene).first?.detail == "came: 70 bytes, TTL 30.0 s")
  }

  @Test func whatTheSourceTellsOfIsAskedForAtOnce() {
    var scene = watchingPrefix()
    let followed = scene.effects.compactMap { effect -> [CacheKey]? in
      if case .follow(let view) = effect { view.keys } else { nil }
    }
    #expect(followed.last?.contains(CacheKey("app:b")) == true)
    scene.send(.changedElsewhere([CacheKey("app:b")]))
    scene.wait(1)
    scene.answerDescriptions(shop)
    #expect(rows(scene).first?.detail == "written, of the same size: 200 bytes, no TTL")
  }

  @Test func ofManyKeysTheFirstThousandAreFollowed() {
    let many = (0..<1500).map { string("app:\($0)") }
    var scene = Scene(many, asTree: true)
    for _ in 0..<4 {
      scene.wait(500)
      scene.answerDescriptions(many)
    }
    scene.send(.action(.moveToFirst))
    scene.paint()
    scene.send(.action(.watchKey))
    scene.send(.advance)
    scene.send(.tick)
    #expect(titles(scene).first?.contains("the first 1,000 of 1,500 keys") == true)
    scene.effects = []
    for _ in 0..<5 { round(&scene, many) }
    let most = scene.effects.compactMap { effect -> Int? in
      if case .describe(_, let keys, _) = effect { keys.count } else { nil }
    }
    #expect((most.max() ?? 0) <= 500)
  }

  @Test func aLineOfAPrefixLeadsToItsKey() throws {
    var scene = watchingPrefix()
    round(&scene, [shop[0], string("app:b", bytes: 250), shop[2]])
    scene.send(.action(.delete))
    #expect(question(scene) == "Delete app:b and wait for it?")
    scene.paint()
    scene.send(.action(.back))
    guard case .watch(let watch) = scene.state.overlay?.kind else {
      Issue.record("no watch of the key")
      return
    }
    #expect(watch.key == CacheKey("app:b"))
  }
}
