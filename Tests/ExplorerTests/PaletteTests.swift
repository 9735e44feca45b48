import CacheModel
import Explorer
import TestSupport
import Testing

@Suite struct PaletteTests {
  @Test func everyActionAndEveryCommandHasARow() {
    var shown: Set<Action> = []
    for entry in PaletteEntry.all {
      if case .action(let action) = entry.step { shown.insert(action) }
    }
    #expect(shown == Set(Action.allCases).subtracting([.palette]))
    let commands = [
      "serve", "keys", "get", "decode", "set", "expire", "persist", "del", "invalidate", "flush",
      "undo", "copy", "export", "import", "snapshot", "stats",
    ]
    for command in commands {
      #expect(PaletteEntry.all.contains { $0.name.lowercased() == command }, "\(command)")
    }
  }

  @Test(arguments: [
    ("ttl", Action.setTTL), ("flushdb", .flush), ("del", .delete), ("unlink", .delete),
    ("persist", .persist), ("pexpire", .setTTL), ("redo", .redo), ("clipb", .copyName),
    ("mrk", .mark), ("expire now", .expire), ("QUIT", .quit),
  ])
  func aWordFindsItsAction(text: String, action: Action) throws {
    var scene = Scene([string("a")])
    scene.send(.action(.palette))
    scene.send(.edit(.insert(text)))
    let overlay = try #require(scene.state.overlay)
    let first = try #require(scene.state.rows(of: overlay).first)
    #expect(first.lead == .action(action), "\(first)")
  }

  @Test func enterPerformsTheRowAsItsKeyWould() {
    var scene = Scene([string("a")])
    scene.send(.action(.palette))
    scene.send(.edit(.insert("del")))
    scene.paint()
    scene.send(.submit)
    #expect(scene.state.overlay == nil)
    guard case .confirm(let confirmation) = scene.state.prompt?.kind else {
      Issue.record("no question")
      return
    }
    #expect(confirmation.title == "Delete a?")
  }

  @Test func arrowsChooseAndLettersAreText() throws {
    var scene = Scene([string("a")])
    scene.send(.action(.palette))
    scene.send(.action(.moveDown))
    scene.send(.action(.moveDown))
    #expect(scene.state.overlay?.list.row == 2)
    scene.send(.edit(.insert("j")))
    #expect(scene.state.overlay?.list.row == 0)
    #expect(scene.state.overlay?.field?.text == "j")
  }

  @Test func whatCanBeDoneComesFirstAndStaysThere() throws {
    var scene = Scene([string("a")])
    scene.send(.action(.showStats))
    scene.send(.action(.palette))
    let overlay = try #require(scene.state.overlay)
    let rows = scene.state.rows(of: overlay)
    let firstMuted = try #require(rows.firstIndex { $0.tone == .muted })
    #expect(rows[firstMuted...].allSatisfy { $0.tone == .muted })
    #expect(firstMuted > 10 && rows.count == PaletteEntry.all.count)
    // What cannot be done any more keeps its place while somebody chooses.
    let titles = rows.map(\.title)
    scene.send(.connection(.busy))
    #expect(scene.state.rows(of: try #require(scene.state.overlay)).map(\.title) == titles)
  }

  @Test func aRowThatCannotBeDoneSaysWhy() throws {
    var scene = Scene([string("a")], access: .readOnlyForGood)
    scene.send(.action(.palette))
    scene.send(.edit(.insert("flush")))
    let overlay = try #require(scene.state.overlay)
    let first = try #require(scene.state.rows(of: overlay).first)
    #expect(first.detail.contains("read-only") && first.tone == .muted)
    scene.send(.submit)
    #expect(scene.state.message?.text.contains("read-only") == true)
    #expect(scene.state.prompt == nil)
  }

  @Test func aRowForAShellIsCopied() {
    var scene = Scene([string("a")])
    scene.state.source.address = "unix:///tmp/a b.sock"
    scene.send(.action(.palette))
    scene.send(.edit(.insert("snapshot")))
    scene.send(.submit)
    let line = "cachescope snapshot -u 'unix:///tmp/a b.sock' --size 120x36"
    #expect(scene.effects.contains(.copy(Array(line.utf8))))
    scene.send(.copied(.unavailable("no clipboard")))
    #expect(scene.state.message?.text.contains(line) == true)
  }

  @Test func nothingFoundDoesNothing() {
    var scene = Scene([string("a")])
    scene.send(.action(.palette))
    scene.send(.edit(.insert("zzzz")))
    scene.send(.submit)
    #expect(scene.state.overlay != nil && scene.state.prompt == nil)
  }
}
