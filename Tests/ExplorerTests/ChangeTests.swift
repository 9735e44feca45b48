import CacheModel
import Explorer
import TestSupport
import Testing

@Suite struct ChangeTests {
  @Test func deletingAsksAndReleasesTheEffect() {
    var scene = Scene([string("a"), string("b")])
    scene.send(.action(.delete))
    #expect(scene.lastChange == nil)
    scene.confirm()
    #expect(scene.lastChange?.change == .delete)
    #expect(scene.lastChange?.keys == [CacheKey("a")])
  }

  @Test func aPromptIgnoresWhatWasTypedBeforeItWasRead() {
    var scene = Scene([string("a")])
    scene.send(.action(.delete))
    scene.send(.answer("y"))
    scene.paint()
    scene.wait(100)
    scene.send(.answer("y"))
    scene.send(.submit)
    #expect(scene.lastChange == nil)
    #expect(scene.state.prompt != nil)
  }

  @Test func enterInAQuestionCancels() {
    var scene = Scene([string("a")])
    scene.send(.action(.delete))
    scene.paint()
    scene.wait(300)
    scene.send(.submit)
    #expect(scene.state.prompt == nil)
    #expect(scene.lastChange == nil)
  }

  @Test func anActionOnAKeyThatWentSaysSoAndDoesNothing() {
    var scene = Scene([string("a"), string("b")])
    scene.wait(1100)
    scene.answerDescriptions([string("b")])
    scene.send(.action(.delete))
    #expect(scene.state.prompt == nil)
    #expect(scene.state.message?.text.contains("a was deleted") == true)
    // Painted meanwhile or not: for half a second the row that moved up is not meant.
    scene.wait(KeysState.fadeTime)
    scene.paint()
    scene.send(.action(.delete))
    #expect(scene.state.prompt == nil)
    scene.wait(600)
    scene.send(.action(.delete))
    #expect(scene.state.prompt != nil)
  }

  @Test func anActionBelongsToThePaintedKey() {
    var scene = Scene([string("a"), string("b")])
    scene.send(.action(.moveDown))
    scene.send(.action(.delete))
    #expect(scene.state.prompt == nil)
    scene.paint()
    scene.send(.action(.delete))
    #expect(scene.state.prompt != nil)
  }

  @Test func marksTakeTheActionAndHiddenOnesAreCounted() {
    var scene = Scene((0..<30).map { string("k\($0 + 10)") })
    scene.send(.action(.markAll))
    scene.send(.action(.delete))
    guard case .confirm(let confirmation) = scene.state.prompt?.kind else {
      Issue.record("no question")
      return
    }
    #expect(confirmation.title == "Delete 30 keys?")
    #expect(confirmation.lines.contains("10 of them are not in view."))
    scene.confirm()
    #expect(scene.lastChange?.keys.count == 30)
  }

  @Test func whatCannotBeUndoneIsSaidBefore() {
    var scene = Scene([string("a", bytes: 2 << 20)])
    scene.send(.action(.delete))
    guard case .confirm(let confirmation) = scene.state.prompt?.kind else {
      Issue.record("no question")
      return
    }
    #expect(confirmation.lines.contains { $0.contains("cannot be undone") })
  }

  @Test func flushingTakesTheNameOfTheDatabase() {
    var scene = Scene([string("a")])
    scene.send(.action(.flush))
    scene.paint()
    scene.wait(300)
    scene.send(.edit(.insert("db1")))
    scene.send(.submit)
    #expect(scene.state.prompt?.problem != nil)
    scene.send(.edit(.deleteBackward))
    scene.send(.edit(.insert("0")))
    scene.send(.submit)
    #expect(scene.effects.contains { if case .flush = $0 { true } else { false } })
  }

  @Test func readOnlySendsNothing() {
    for access in [Access.readOnly, .readOnlyForGood] {
      for action in Action.allCases where action.descriptor.isChange {
        var scene = Scene([string("a")], access: access)
        scene.effects.removeAll()
        scene.send(.action(action))
        #expect(scene.state.prompt == nil, "\(action)")
        #expect(scene.effects.isEmpty, "\(action)")
        #expect(scene.state.message?.text.contains("read-only") == true, "\(action)")
      }
    }
  }

  @Test func readOnlyIsLiftedOnlyAfterAsking() {
    var scene = Scene([string("a")])
    scene.send(.action(.toggleReadOnly))
    #expect(scene.state.access == .readOnly)
    scene.send(.action(.toggleReadOnly))
    #expect(scene.state.access == .readOnly)
    scene.confirm()
    #expect(scene.state.access == .readWrite)
  }

  @Test func aWrongTTLKeepsThePromptAndSaysWhat() {
    var scene = Scene([string("a")])
    scene.send(.action(.setTTL))
    scene.send(.edit(.insert("5 parsecs")))
    scene.send(.submit)
    #expect(scene.state.prompt?.problem != nil)
    #expect(scene.lastChange == nil)
    scene.send(.edit(.deleteToStart))
    scene.send(.edit(.insert("5m")))
    scene.send(.submit)
    #expect(scene.lastChange?.change == .setTTL(.fromNow(milliseconds: 300_000)))
  }

  @Test func aNewerValueIsNotOverwrittenWithoutAsking() throws {
    var scene = Scene([string("a")])
    scene.send(.action(.edit))
    scene.answerRead(.string(Array("old".utf8)), of: "a")
    scene.send(.edit(.insert("er")))
    scene.send(.submit)
    let first = try #require(scene.lastChange)
    #expect(first.change == .setString(Array("older".utf8), expected: Array("old".utf8)))
    scene.send(
      .changed(
        first.request, [KeyOutcome(key: CacheKey("a"), result: .success(.changedMeanwhile))],
        isLast: true))
    scene.confirm()
    #expect(scene.lastChange?.change == .setString(Array("older".utf8), expected: nil))
  }

  @Test func anUnchangedEditSendsNothing() {
    var scene = Scene([string("a")])
    scene.send(.action(.edit))
    scene.answerRead(.string(Array("same".utf8)), of: "a")
    scene.send(.submit)
    #expect(scene.lastChange == nil)
    #expect(scene.state.message?.text == "unchanged: nothing was sent")
  }

  @Test(arguments: [[0x0A, 0x41], [0xFF, 0xFE], [0x1B, 0x5B], Array("a\u{202E}b".utf8)])
  func whatIsNotOnePlainLineGoesToTheEditor(bytes: [UInt8]) {
    var scene = Scene([string("a")])
    scene.send(.action(.edit))
    scene.answerRead(.string(bytes), of: "a")
    #expect(scene.state.prompt == nil)
    let task = scene.effects.compactMap { effect -> EditorTask? in
      if case .editOutside(_, let task) = effect { task } else { nil }
    }.first
    #expect(task?.bytes == bytes)
  }

  @Test func undoPutsBackAndAsksOverNewer() throws {
    var scene = Scene([string("a")])
    let record = UndoRecord(
      key: CacheKey("a"), payload: [1], deadline: nil, payloadAfter: nil, deadlineAfter: nil,
      origin: Scene.source.identity)
    scene.send(.action(.delete))
    scene.confirm()
    let change = try #require(scene.lastChange)
    scene.send(
      .changed(
        change.request,
        [KeyOutcome(key: CacheKey("a"), result: .success(.done(undo: record)))], isLast: true))
    #expect(scene.state.undo.groups.count == 1)
    scene.send(.action(.undo))
    let undo = try #require(scene.lastUndo)
    #expect(undo.records == [record] && !undo.overwriting)
    scene.send(
      .undone(
        undo.request, [UndoReport(record: record, result: .success(.changedMeanwhile))],
        isLast: true))
    scene.confirm()
    #expect(scene.lastUndo?.overwriting == true)
  }

  @Test func aPasteOutsideATextFieldIsDropped() {
    var scene = Scene([string("a")])
    scene.send(.strayPaste)
    #expect(scene.state.message?.text.contains("dropped") == true)
  }

  @Test func escapeLeavesTheFilterAsItWas() {
    var scene = Scene([string("apple"), string("pear")])
    scene.send(.action(.find))
    scene.send(.edit(.insert("pe")))
    #expect(scene.state.keys.order.slots.count == 1)
    scene.send(.action(.back))
    #expect(scene.state.keys.order.slots.count == 2)
    #expect(scene.state.prompt == nil)
  }
}

extension Scene {
  mutating func answerRead(_ content: ValueContent, of name: String) {
    for case .read(let request, let key, let bound) in effects.reversed()
    where key == CacheKey(name) && bound.bytes > ValueBound.preview.bytes {
      send(
        .read(
          request,
          ValuePage(
            key: key, kind: .string, lifetime: .unlimited, content: content,
            totalLength: Int64(content.count))))
      return
    }
  }

  var lastUndo: (request: RequestID, records: [UndoRecord], overwriting: Bool)? {
    for case .undo(let request, let records, let overwriting) in effects.reversed() {
      return (request, records, overwriting)
    }
    return nil
  }
}
