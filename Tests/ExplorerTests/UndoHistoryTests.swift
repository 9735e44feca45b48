import CacheModel
import Explorer
import TestSupport
import Testing

/// Taking back, doing again, and the journal of it.
@Suite struct UndoHistoryTests {
  @Test func undoAndRedoGoBackAndForth() throws {
    var scene = Scene([string("a"), string("b")])
    scene.deleteKey("a", payload: [1])
    scene.send(.action(.undo))
    let undo = try #require(scene.lastUndo)
    #expect(undo.records.map { $0.transitions[0].before?.value } == [.dump([1])])
    scene.restore(undo)
    #expect(scene.state.availability(of: .undo) == .disabled("nothing to undo"))
    scene.send(.action(.redo))
    let redo = try #require(scene.lastUndo)
    #expect(redo.records == [scene.opposite(of: undo.records[0])])
    #expect(!redo.overwriting)
    scene.restore(redo)
    #expect(scene.state.availability(of: .redo) == .disabled("nothing to do again"))
    scene.send(.action(.undo))
    #expect(scene.lastUndo?.records == undo.records)
  }

  @Test func whatWasTakenBackLastIsDoneAgainFirst() throws {
    var scene = Scene([string("a"), string("b")])
    scene.deleteKey("a", payload: [1])
    scene.deleteKey("b", payload: [2])
    for _ in 0..<2 {
      scene.send(.action(.undo))
      scene.restore(try #require(scene.lastUndo))
    }
    scene.send(.action(.redo))
    #expect(scene.lastUndo?.records.map(\.key) == [CacheKey("a")])
  }

  @Test func aNewChangeEndsRedo() throws {
    var scene = Scene([string("a"), string("b")])
    scene.deleteKey("a", payload: [1])
    scene.send(.action(.undo))
    scene.restore(try #require(scene.lastUndo))
    #expect(scene.state.availability(of: .redo) == .available)
    scene.deleteKey("b", payload: [2])
    #expect(scene.state.availability(of: .redo) == .disabled("nothing to do again"))
    #expect(scene.state.undo.entries.map(\.isUndone) == [true, false])
  }

  @Test func changesOfAnotherSourceAreKeptApart() {
    var scene = Scene([string("a")])
    scene.deleteKey("a", payload: [1])
    var other = Scene.source
    other.identity = SourceIdentity(serverID: "b", database: 0)
    scene.send(.opened(other))
    #expect(scene.state.availability(of: .undo) == .disabled("nothing to undo"))
    scene.send(.action(.undo))
    #expect(scene.lastUndo == nil)
    scene.send(.opened(Scene.source))
    #expect(scene.state.availability(of: .undo) == .available)
  }

  @Test func theHistoryIsBounded() {
    var history = UndoHistory(bound: 10_000)
    for number in 0..<1100 {
      let record = UndoRecord(
        key: CacheKey("k\(number)"), payload: Array(repeating: 0, count: 1000), deadline: nil,
        payloadAfter: nil, deadlineAfter: nil, origin: Scene.source.identity)
      history.record(
        UndoEntry(
          title: "delete", at: WallTime(milliseconds: 0), source: Scene.source.identity,
          keyCount: 1, records: [record]))
    }
    #expect(history.entries.count == UndoHistory.lineLimit)
    let kept = history.entries.flatMap(\.records).reduce(0) { $0 + $1.cost }
    #expect(kept <= 10_000 && kept > 5_000)
    #expect(history.entries.last?.records.isEmpty == false)
  }

  @Test func theJournalTakesBackOneInTheMiddleUnlessANewerOneStandsOnIt() throws {
    var scene = Scene([string("a"), string("b")])
    scene.deleteKey("a", payload: [1])
    scene.load([string("a"), string("b")])
    scene.deleteKey("b", payload: [2])
    scene.send(.action(.journal))
    scene.send(.action(.moveDown))
    scene.send(.action(.undo))
    #expect(scene.lastUndo?.records.map(\.key) == [CacheKey("a")])
  }

  @Test func aChangeUnderANewerOneOfTheSameKeyStays() {
    var scene = Scene([string("a", ttl: 60_000)])
    scene.changeTTL(of: "a", payload: [1])
    scene.changeTTL(of: "a", payload: [1])
    scene.effects.removeAll()
    scene.send(.action(.journal))
    scene.send(.action(.moveDown))
    scene.send(.action(.undo))
    #expect(scene.lastUndo == nil)
    #expect(scene.state.message?.text.contains("changed the same key later") == true)
  }

  @Test func theJournalTellsWhatBecameOfEachChange() throws {
    var scene = Scene([string("a"), string("b")])
    scene.deleteKey("a", payload: [1])
    scene.send(.action(.undo))
    scene.restore(try #require(scene.lastUndo))
    scene.send(.action(.journal))
    let overlay = try #require(scene.state.overlay)
    let row = try #require(scene.state.rows(of: overlay).first)
    #expect(row.title == "delete a")
    #expect(row.detail == "1 key · taken back, U does it again")
    scene.send(.action(.open))
    guard case .details(let title, let lines) = scene.state.overlay?.kind else {
      Issue.record("no details")
      return
    }
    #expect(title == "delete a")
    #expect(lines.contains { $0.title == "a" })
    scene.send(.action(.back))
    #expect(scene.state.overlay?.kind == .journal)
    scene.send(.action(.back))
    #expect(scene.state.overlay == nil)
  }

  @Test func recordsComeBackWhenTheSourceFails() throws {
    var scene = Scene([string("a")])
    scene.deleteKey("a", payload: [1])
    scene.send(.action(.undo))
    let undo = try #require(scene.lastUndo)
    scene.send(.failed(undo.request, .closed))
    #expect(scene.state.availability(of: .undo) == .available)
  }
}

extension Scene {
  /// Deletes the key under the cursor, which this must be, and answers as the source would.
  mutating func deleteKey(_ name: String, payload: [UInt8]) {
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
    guard let change = lastChange else { return }
    let record = UndoRecord(
      key: CacheKey(name), payload: payload, deadline: nil, payloadAfter: nil, deadlineAfter: nil,
      origin: Scene.source.identity)
    let outcome = KeyOutcome(key: CacheKey(name), result: .success(.done(undo: record)))
    send(.changed(change.request, [outcome], isLast: true))
  }

  mutating func changeTTL(of name: String, payload: [UInt8]) {
    paint()
    send(.action(.setTTL))
    send(.edit(.insert("5m")))
    send(.submit)
    guard let change = lastChange else { return }
    let record = UndoRecord(
      key: CacheKey(name), payload: payload, deadline: nil, payloadAfter: payload,
      deadlineAfter: WallTime(milliseconds: 1), origin: Scene.source.identity)
    let outcome = KeyOutcome(key: CacheKey(name), result: .success(.done(undo: record)))
    send(.changed(change.request, [outcome], isLast: true))
  }

  /// The source puts everything back.
  mutating func restore(_ undo: (request: RequestID, records: [UndoRecord], overwriting: Bool)) {
    let reports = undo.records.map {
      UndoReport(record: $0, result: .success(.restored(redo: opposite(of: $0))))
    }
    send(.undone(undo.request, reports, isLast: true))
  }

  func opposite(of record: UndoRecord) -> UndoRecord {
    var opposite = record
    opposite.transitions = record.transitions.map { transition in
      KeyTransition(
        key: transition.key,
        before: transition.after.mark.map { StoredState(payload: [1], deadline: $0.deadline) },
        after: LeftState(transition.before.map { StateMark(of: $0) }))
    }
    return opposite
  }
}
