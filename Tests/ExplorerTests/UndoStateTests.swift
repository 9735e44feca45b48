import CacheModel
import Explorer
import Plans
import TestSupport
import Testing

/// Taking back, doing again, and the journal of it.
@Suite struct UndoStateTests {
  @Test func undoAndRedoGoBackAndForth() throws {
    var scene = Scene([string("a"), string("b")])
    scene.deleteKey("a")
    let change = scene.journal[0].id
    scene.send(.action(.undo))
    #expect(scene.lastUndo?.change == change)
    scene.restore()
    #expect(scene.state.availability(of: .undo) == .disabled("nothing to undo"))
    #expect(scene.state.message?.text == "undone: delete a")
    let undo = scene.journal[0].id
    scene.send(.action(.redo))
    #expect(scene.lastUndo?.change == undo && scene.lastUndo?.overwriting == false)
    scene.restore()
    #expect(scene.state.availability(of: .redo) == .disabled("nothing to do again"))
    #expect(scene.state.message?.text == "redone: delete a")
    let redo = scene.journal[0].id
    scene.send(.action(.undo))
    #expect(scene.lastUndo?.change == redo)
  }

  /// However often it goes to and fro, it is one change.
  @Test func oneChangeCountsOnce() {
    var scene = Scene([string("a"), string("b")])
    scene.deleteKey("a")
    func counts() -> [Int] {
      [UndoDirection.undo, .redo].map {
        scene.state.undo.countOfThisRun($0, on: Scene.source.identity)
      }
    }
    for round in 0..<4 {
      #expect(counts() == [1, 0], "\(round)")
      scene.send(.action(.undo))
      scene.restore()
      #expect(counts() == [0, 1], "\(round)")
      scene.send(.action(.redo))
      scene.restore()
    }
    scene.deleteKey("b")
    #expect(counts() == [2, 0])
  }

  @Test func whatWasTakenBackLastIsDoneAgainFirst() throws {
    var scene = Scene([string("a"), string("b")])
    scene.deleteKey("a")
    scene.deleteKey("b")
    for _ in 0..<2 {
      scene.send(.action(.undo))
      scene.restore()
    }
    #expect(scene.state.undo.count(.redo, on: Scene.source.identity) == 2)
    scene.send(.action(.redo))
    #expect(scene.lastUndo?.change == scene.journal[0].id)
    #expect(scene.journal[0].header.title == "take back: delete a")
  }

  @Test func aNewChangeEndsRedo() throws {
    var scene = Scene([string("a"), string("b")])
    scene.deleteKey("a")
    scene.send(.action(.undo))
    scene.restore()
    #expect(scene.state.availability(of: .redo) == .available)
    scene.deleteKey("b")
    #expect(scene.state.availability(of: .redo) == .disabled("nothing to do again"))
    #expect(scene.state.undo.count(.redo, on: Scene.source.identity) == 0)
  }

  @Test func changesOfAnotherSourceAreKeptApart() {
    var scene = Scene([string("a")])
    scene.deleteKey("a")
    var other = Scene.source
    other.identity = SourceIdentity(serverID: "b", database: 0)
    other.address = "redis://other:6379/0"
    scene.send(.opened(other))
    scene.tellJournal()
    #expect(scene.state.availability(of: .undo) == .disabled("nothing to undo"))
    scene.send(.action(.undo))
    #expect(scene.lastUndo == nil)
    scene.send(.action(.journal))
    scene.send(.action(.undo))
    #expect(scene.lastUndo == nil)
    #expect(scene.state.message?.text.contains("of redis://127.0.0.1:6379") == true)
    scene.send(.action(.back))
    scene.send(.opened(Scene.source))
    scene.tellJournal()
    #expect(scene.state.availability(of: .undo) == .available)
  }

  /// The server goes by another id while the explorer is open.
  @Test(arguments: [[], ["a"]])
  func aRestartIsNoticed(_ former: [String]) throws {
    var scene = Scene([string("a")])
    scene.deleteKey("a")
    let own = Scene.source.identity
    var sample = CacheStatistics(time: scene.state.wallNow, moment: scene.state.now)
    sample.identity = SourceIdentity(
      serverID: "b", database: own.database, formerIDs: former.isEmpty ? [] : [own.serverID])
    scene.effects.removeAll()
    scene.send(.sampled(sample))
    #expect(scene.effects.contains { if case .listJournal = $0 { true } else { false } })
    scene.tellJournal()
    guard former.isEmpty else {
      scene.send(.action(.undo))
      let isAsked = scene.lastUndo?.change == scene.journal[0].id
      #expect(isAsked || scene.state.prompt != nil)
      return
    }
    let words =
      "nothing to undo; 1 change from before a restart, or of another server: "
      + "cachescope undo --restarted"
    #expect(scene.state.availability(of: .undo) == .disabled(words))
    scene.send(.action(.undo))
    #expect(scene.lastUndo == nil)
    scene.send(.action(.journal))
    scene.send(.action(.undo))
    #expect(scene.lastUndo == nil)
    #expect(scene.state.message?.text.contains("cachescope undo --restarted 1") == true)
  }

  @Test func theJournalTakesBackOneInTheMiddle() throws {
    var scene = Scene([string("a"), string("b")])
    scene.deleteKey("a")
    scene.load([string("a"), string("b")])
    scene.deleteKey("b")
    scene.send(.action(.journal))
    scene.send(.action(.moveDown))
    scene.send(.action(.undo))
    #expect(scene.lastUndo?.change == scene.journal[1].id)
  }

  @Test func whatWasMadeAgainIsTakenBackByItsNewestForm() throws {
    var scene = Scene([string("a"), string("b")])
    scene.deleteKey("a")
    scene.send(.action(.undo))
    scene.restore()
    scene.send(.action(.redo))
    scene.restore()
    scene.send(.action(.journal))
    let overlay = try #require(scene.state.overlay)
    #expect(scene.state.rows(of: overlay).map(\.title) == ["delete a"])
    scene.send(.action(.undo))
    #expect(scene.lastUndo?.change == scene.journal[0].id)
  }

  @Test func theJournalTellsWhatBecameOfEachChange() throws {
    var scene = Scene([string("a"), string("b")])
    scene.deleteKey("a")
    scene.send(.action(.undo))
    scene.restore()
    scene.send(.action(.journal))
    #expect(scene.effects.contains(.listJournal))
    let overlay = try #require(scene.state.overlay)
    let row = try #require(scene.state.rows(of: overlay).first)
    #expect(row.title == "delete a")
    #expect(row.detail == "1 key · taken back, U does it again")
    scene.send(.action(.open))
    let asked = scene.effects.compactMap { effect -> RequestID? in
      if case .showChange(let request, scene.journal[1].id) = effect { request } else { nil }
    }
    let request = try #require(asked.last)
    let record = UndoRecord(
      key: CacheKey("a"), payload: [1, 2], deadline: nil, payloadAfter: nil, deadlineAfter: nil,
      origin: Scene.source.identity)
    scene.send(
      .changeShown(
        request,
        .success(
          ChangeRecords(records: [KeptRecord(record: record, isSettled: false)], others: 7))))
    guard case .details(let title, let lines) = scene.state.overlay?.kind else {
      Issue.record("no details")
      return
    }
    #expect(title == "delete a")
    #expect(
      lines.contains { $0.title == "a" && $0.detail == "2 B packed, no TTL → no key, perhaps" })
    #expect(lines.last?.title == "and 7 more")
    scene.send(.action(.back))
    #expect(scene.state.overlay?.kind == .journal)
    scene.send(.action(.back))
    #expect(scene.state.overlay == nil)
  }

  @Test func typingNarrowsTheJournalDown() throws {
    var scene = Scene([string("a")])
    for title in ["delete app:one", "rename app:two", "delete shop:three"] { scene.keep(title) }
    scene.send(.action(.journal))
    scene.send(.action(.find))
    scene.send(.edit(.insert("DELETE")))
    func titles() throws -> [String] {
      scene.state.rows(of: try #require(scene.state.overlay)).map(\.title)
    }
    #expect(try titles() == ["delete shop:three", "delete app:one"])
    scene.send(.action(.open))
    #expect(scene.state.overlay?.field == nil)
    #expect(try titles() == ["delete shop:three", "delete app:one"])
    scene.send(.action(.moveDown))
    scene.send(.action(.undo))
    #expect(scene.lastUndo?.change == scene.journal[2].id)
    scene.send(.action(.back))
    #expect(try titles().count == 3)
  }

  @Test func olderChangesAreAskedForAtTheEnd() throws {
    var scene = Scene([string("a")])
    for number in 0..<100 { scene.keep("change \(number)") }
    scene.send(.journal(.success(JournalNews(own: [], all: [], hasMore: false))))
    scene.send(
      .journal(
        .success(
          JournalNews(own: scene.journal, all: Array(scene.journal.prefix(60)), hasMore: true))))
    scene.send(.action(.journal))
    for _ in 0..<20 { scene.send(.action(.moveDown)) }
    let asked = scene.effects.filter { if case .listOlderChanges = $0 { true } else { false } }
    #expect(asked == [.listOlderChanges(before: scene.journal[59].id)])
    scene.send(.olderChanges(Array(scene.journal.suffix(40)), hasMore: false))
    #expect(scene.state.undo.listed == scene.journal)
    #expect(!scene.state.undo.hasMore)
  }

  @Test func anInterruptedChangeOfAnEarlierRunIsToldOnce() {
    var scene = Scene([string("a")])
    scene.keep("delete 900 keys", keys: 900, standing: .interrupted)
    #expect(
      scene.state.message?.text
        == "an earlier change was interrupted: J shows it, u takes back what was done")
    scene.send(.action(.undo))
    #expect(scene.lastUndo?.change == scene.journal[0].id)
    scene.wait(10_000)
    scene.tellJournal()
    #expect(scene.state.message?.text.contains("interrupted") != true)
  }

  @Test func whatCannotBeKeptIsAskedAbout() throws {
    var scene = Scene([string("a")])
    scene.send(.action(.delete))
    scene.confirm()
    let change = try #require(scene.lastChange)
    scene.send(.unkept(change.request, .diskFull))
    guard case .confirm(let question) = scene.state.prompt?.kind else {
      Issue.record("nothing was asked")
      return
    }
    #expect(question.lines.contains { $0.contains("the disk of the journal is full") })
    scene.effects.removeAll()
    scene.confirm()
    let sent = scene.effects.compactMap { effect -> RequestID? in
      if case .change(let request, .delete, _, keeping: nil) = effect { request } else { nil }
    }
    let request = try #require(sent.first)
    let outcome = KeyOutcome(key: change.key, result: .success(.done(undo: nil)))
    scene.send(.changed(request, outcome))
    #expect(scene.state.message?.text == "done: delete a · cannot be undone")
  }

  @Test func anUndoThatFailsSaysWhy() throws {
    var scene = Scene([string("a")])
    scene.deleteKey("a")
    scene.send(.action(.undo))
    scene.send(.undoFailed(try #require(scene.lastUndo).request, .noSuchChange))
    #expect(scene.state.message?.text == "delete a: the journal no longer holds that change")
    #expect(scene.state.availability(of: .undo) == .available)
  }

  @Test func anUndoTellsWhatItLeft() throws {
    var scene = Scene([string("a")])
    scene.keep("delete 9 keys", keys: 9)
    scene.send(.action(.undo))
    var report = TakingBack()
    (report.restored, report.expired, report.otherSource) = (4, 2, 1)
    report.expiredKeys = [CacheKey("old"), CacheKey("older")]
    scene.answerUndo(report)
    #expect(
      scene.state.message?.text
        == "4 of 9 taken back: delete 9 keys · old and 1 other would have expired by now, not "
        + "revived · 1 belongs to another server or database; where this is the same one restarted: "
        + "cachescope undo --restarted 1 · 2 left: u goes on")
  }
}

extension Scene {
  /// Deletes the key under the cursor, which this must be, and answers as the source would.
  mutating func deleteKey(_ name: String) {
    paint()
    wait(600)
    while let key = state.keys.cursorKey, key != CacheKey(name) {
      let before = state.keys.cursorRow
      send(.action(.moveDown))
      if state.keys.cursorRow == before { break }
      paint()
    }
    send(.action(.delete))
    confirm()
    answerKept()
  }
}
