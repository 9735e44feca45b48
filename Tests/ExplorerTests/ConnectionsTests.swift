import CacheModel
import Explorer
import TestSupport
import Testing

/// Turning to another source.
@Suite struct ConnectionsTests {
  private func opened(_ databases: [DatabaseFigures] = []) -> Scene {
    var scene = Scene([string("a")])
    scene.state.connections.choices = [
      ConnectionChoice("profile", "staging", "redis://staging:6379/0", choice: .profile("staging")),
      ConnectionChoice("engine", "engine:", choice: .address(.engine)),
    ]
    scene.send(.action(.connections))
    for case .databases(let request) in scene.effects {
      scene.send(.databases(request, databases))
    }
    return scene
  }

  private func rows(_ scene: Scene) -> [String] {
    scene.state.overlay.map { scene.state.rows(of: $0).map { "\($0.title) \($0.detail)" } } ?? []
  }

  @Test func databasesProfilesAndWhatAnswersAreListed() {
    var scene = opened([DatabaseFigures(number: 3, keys: 12, keysWithTTL: 4)])
    for case .probe(let request, let address) in scene.effects {
      #expect(address.description == "redis://127.0.0.1:6379/0")
      scene.send(.probed(request, answers: true))
    }
    #expect(
      rows(scene)
        == [
          "db0 open now · 0 keys", "db3 12 keys, 4 with a TTL", "staging redis://staging:6379/0",
          "engine: ", "redis://127.0.0.1:6379/0 a server answers there",
        ])
  }

  @Test func enterTurnsToAnotherDatabase() {
    var scene = opened([DatabaseFigures(number: 3, keys: 12, keysWithTTL: nil)])
    scene.send(.action(.moveDown))
    scene.send(.submit)
    #expect(scene.effects.contains(.switchSource(.database(3))))
  }

  @Test func typingFindsAndAURLIsARowOfItsOwn() throws {
    var scene = opened()
    scene.send(.edit(.insert("stag")))
    #expect(rows(scene).count == 1)
    scene.send(.submit)
    #expect(scene.effects.contains(.switchSource(.profile("staging"))))
    scene = opened()
    scene.send(.edit(.insert("redis://user:secret@10.0.0.1:7000/2")))
    #expect(rows(scene).first == "redis://user@10.0.0.1:7000/2 enter connects")
    scene.send(.submit)
    let address = try SourceAddress(parsing: "redis://user:secret@10.0.0.1:7000/2")
    #expect(scene.effects.contains(.switchSource(.address(address))))
    #expect(scene.state.message?.text.contains("secret") == false)
  }

  @Test func aNumberIsADatabaseAndNamesComeBeforeDetails() {
    var scene = opened([
      DatabaseFigures(number: 3, keys: 12, keysWithTTL: nil),
      DatabaseFigures(number: 30, keys: 3, keysWithTTL: nil),
    ])
    scene.send(
      .known([
        ConnectionChoice("profile", "a3", choice: .profile("a3")),
        ConnectionChoice("profile", "staging", "redis://staging:3/0", choice: .profile("staging")),
      ]))
    scene.send(.edit(.insert("3")))
    #expect(rows(scene).map { $0.prefix { $0 != " " } } == ["db3", "db30", "a3", "staging"])
    scene.send(.submit)
    #expect(scene.effects.contains(.switchSource(.database(3))))
    scene = opened([DatabaseFigures(number: 3, keys: 12, keysWithTTL: nil)])
    scene.send(.edit(.insert("7")))
    #expect(rows(scene).first == "db7 no keys")
    scene.send(.submit)
    #expect(scene.effects.contains(.switchSource(.database(7))))
  }

  @Test func theCursorBeginsOnWhatIsOpen() {
    var scene = Scene()
    var source = Scene.source
    source.database = 5
    scene.send(.opened(source))
    scene.send(.action(.connections))
    for case .databases(let request) in scene.effects {
      let databases = [0, 2, 5, 9].map { DatabaseFigures(number: $0, keys: 1, keysWithTTL: nil) }
      scene.send(.databases(request, databases))
    }
    #expect(scene.state.overlay?.list.row == 2)
    scene.send(.action(.moveUp))
    scene.send(.submit)
    #expect(scene.effects.contains(.switchSource(.database(2))))
  }

  @Test func whatIsNoSourceSaysWhy() {
    var scene = opened()
    scene.send(.edit(.insert("ftp://x")))
    #expect(rows(scene).count == 1 && rows(scene)[0].contains("ftp"))
    scene.send(.submit)
    #expect(!scene.effects.contains { if case .switchSource = $0 { true } else { false } })
  }

  @Test func anotherSourceBeginsAnewAndItsUndoIsItsOwn() throws {
    var scene = Scene([string("a"), string("b")])
    scene.deleteKey("a")
    scene.send(.action(.toggleView))
    let isTree = scene.state.keys.isTree
    let old = scene.lastWalk
    var source = SourceState()
    source.address = "redis://other:6379/0"
    scene.effects.removeAll()
    scene.send(.switched(source, .readWrite, SourceLook()))
    #expect(scene.state.keys.cursorKey == nil && scene.state.preview.key == nil)
    #expect(scene.state.keys.isTree == isTree)
    #expect(scene.effects.contains { if case .open = $0 { true } else { false } })
    // An answer of the old source is nobody's.
    if let old { scene.send(.scanned(old, ScanPage(keys: [CacheKey("old")], next: nil))) }
    var other = Scene.source
    other.identity = SourceIdentity(serverID: "b", database: 0)
    other.address = "redis://other:6379/0"
    scene.send(.opened(other))
    scene.load([string("x")])
    #expect(scene.state.keys.cursorKey == CacheKey("x"))
    #expect(scene.state.availability(of: .undo) == .disabled("nothing to undo"))
    scene.tellJournal()
    #expect(scene.state.undo.listed.count == 1)
  }

  @Test func aProfileBringsItsViewItsSeparatorsAndItsLimits() {
    var scene = Scene([string("a/b:c")], asTree: true)
    var look = SourceLook()
    look.isTree = false
    look.separators = KeySeparators([UInt8(ascii: "/")])
    look.valueBound = ValueBound(bytes: 4096, elements: 20)
    scene.send(.switched(SourceState(), .readWrite, look))
    #expect(!scene.state.keys.isTree)
    #expect(scene.state.keys.tree.separators == look.separators)
    #expect(scene.state.valueBound == look.valueBound)
    // What the two have in common stays as the person has it.
    scene.send(.action(.toggleView))
    scene.send(.switched(SourceState(), .readWrite, look))
    #expect(scene.state.keys.isTree)
    scene.send(.switched(SourceState(), .readWrite, SourceLook()))
    #expect(scene.state.keys.isTree && scene.state.keys.tree.separators.isSingle)
    #expect(scene.state.keys.tree.separators == KeySeparators())
    #expect(scene.state.valueBound == .preview)
  }

  @Test func readOnlyByHandStaysOverASwitch() {
    var scene = Scene([string("a")])
    scene.send(.action(.toggleReadOnly))
    scene.effects.removeAll()
    scene.send(.switched(SourceState(), .readWrite, SourceLook()))
    #expect(scene.state.access == .readOnly && scene.effects.contains(.setReadOnly(true)))
  }

  @Test func aSourceIsNotLeftWhileAChangeIsUnderWay() {
    var scene = Scene([string("a")])
    scene.send(.action(.delete))
    scene.confirm()
    scene.send(.action(.connections))
    scene.send(.edit(.insert("engine:")))
    scene.send(.submit)
    #expect(!scene.effects.contains { if case .switchSource = $0 { true } else { false } })
    #expect(scene.state.message?.text.contains("under way") == true)
  }
}
