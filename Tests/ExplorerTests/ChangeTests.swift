import CacheModel
import Explorer
import Plans
import TestSupport
import Testing
import ValueDecoding

@Suite struct ChangeTests {
  @Test func deletingAsksAndReleasesTheEffect() {
    var scene = Scene([string("a"), string("b")])
    scene.send(.action(.delete))
    #expect(scene.lastChange == nil)
    scene.confirm()
    #expect(scene.lastChange?.change == .delete)
    #expect(scene.lastChange?.key == CacheKey("a"))
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
    #expect(scene.state.planTitle == "delete 30 keys")
    #expect(scene.planNotes.contains("10 of them are not in view."))
    scene.confirm()
    #expect(scene.planKeys.count == 30)
  }

  @Test func whatCannotBeUndoneIsSaidBefore() {
    var scene = Scene([string("a", bytes: 65 << 20)])
    scene.send(.action(.delete))
    guard case .confirm(let confirmation) = scene.state.prompt?.kind else {
      Issue.record("no question")
      return
    }
    #expect(confirmation.lines.contains { $0.contains("cannot be undone") })
  }

  @Test func flushingTakesTheNameOfTheDatabase() {
    var scene = Scene([string("a")])
    scene.openFlush([string("a")])
    scene.wait(300)
    scene.send(.answer("f"))
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

  @Test func aTypedNameIsNotTakenBeforeItCouldBeAskedFor() {
    var scene = Scene([string("a")])
    scene.openFlush([string("a")])
    scene.wait(300)
    scene.send(.answer("f"))
    scene.send(.edit(.insert("db0")))
    scene.send(.submit)
    scene.paint()
    scene.wait(100)
    scene.send(.submit)
    #expect(!scene.effects.contains { if case .flush = $0 { true } else { false } })
    scene.wait(300)
    scene.send(.submit)
    #expect(scene.effects.contains { if case .flush = $0 { true } else { false } })
  }

  @Test func everyActionOnOneKeyBelongsToThePaintedOne() {
    for action in [Action.rename, .copyKey, .watchKey, .copyName, .copyValue, .setTTL, .edit] {
      var scene = Scene([string("a"), string("b")])
      scene.effects.removeAll()
      scene.send(.action(.moveDown))
      scene.send(.action(action))
      #expect(!scene.state.isCovered && scene.effects.isEmpty, "\(action)")
      #expect(scene.state.message?.text.contains("nothing was done") == true, "\(action)")
    }
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
        first.request, KeyOutcome(key: CacheKey("a"), result: .success(.changedMeanwhile))))
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
    if ValueForm.of(bytes) == .binary {
      // Of bytes that are no text that is said first.
      #expect(scene.state.message?.text.contains("no text") == true)
      #expect(!scene.effects.contains { if case .editOutside = $0 { true } else { false } })
      scene.effects.removeAll()
      scene.send(.action(.edit))
      scene.answerRead(.string(bytes), of: "a")
    }
    let task = scene.effects.compactMap { effect -> EditorTask? in
      if case .editOutside(_, let task) = effect { task } else { nil }
    }.first
    #expect(task?.bytes == bytes)
  }

  @Test(arguments: [
    (Array("{\"a\": 1}".utf8), ".json"), (Array("[1, 2".utf8), ".txt"),
    (Array("plain\nlines".utf8), ".txt"), (Array("{\"a\": 1}\n{\"b\": 2}".utf8), ".txt"),
    ([0x5B, 0x01, 0x02, 0x00], ".bin"), (Array("{\u{0}\u{1}}".utf8), ".bin"),
    ([0x80, 0x04, 0x95], ".bin"),
  ])
  func theFileIsCalledByWhatTheBytesAre(bytes: [UInt8], suffix: String) {
    var scene = Scene([string("a")])
    for _ in 0..<2 {
      scene.send(.action(.editExternally))
      scene.answerRead(.string(bytes), of: "a")
    }
    let task = scene.effects.compactMap { effect -> EditorTask? in
      if case .editOutside(_, let task) = effect { task } else { nil }
    }.first
    #expect(task?.suffix == suffix)
  }

  @Test func theViewStaysWhenItsKeyIsRenewedByOthers() {
    let names = (10..<90).map { "k\($0)" }
    var keys = names.enumerated().map { string($1, ttl: Int64($0 + 1) * 60_000) }
    var scene = Scene(keys)
    scene.send(.sort(by: .ttl))
    scene.send(.action(.moveDown))
    scene.send(.action(.moveDown))
    scene.paint()
    #expect(scene.state.keys.cursorKey == CacheKey("k12"))
    keys[2] = string("k12", ttl: 100_000_000)
    scene.effects.removeAll()
    scene.wait(1100)
    scene.answerDescriptions(keys)
    scene.send(.tick)
    #expect(scene.state.keys.top == 0 && scene.state.keys.cursorRow == 2)
    #expect(scene.state.keys.cursorKey == CacheKey("k13"))
    // The neighbour was not meant.
    scene.send(.action(.delete))
    #expect(scene.state.prompt == nil)
  }

  @Test func jsonThatWouldNoLongerBeItIsAskedAbout() throws {
    var scene = Scene([string("a")])
    scene.send(.action(.edit))
    scene.answerRead(.string(Array(#"{"id": 1}"#.utf8)), of: "a")
    scene.send(.edit(.deleteBackward))
    scene.send(.submit)
    #expect(scene.lastChange == nil && scene.state.prompt?.problem?.contains("JSON") == true)
    scene.send(.edit(.insert("x")))
    scene.send(.submit)
    #expect(scene.lastChange == nil)
    scene.send(.submit)
    #expect(scene.lastChange != nil)
    scene = Scene([string("a")])
    scene.send(.action(.editExternally))
    scene.answerRead(.string(Array(#"{"id": 1}"#.utf8)), of: "a")
    for case .editOutside(let request, _) in scene.effects {
      scene.send(.editorFinished(request, .changed(Array(#"{"id": 1"#.utf8))))
    }
    scene.send(.tick)
    #expect(scene.lastChange == nil)
    scene.confirm()
    #expect(scene.lastChange != nil)
  }

  @Test func aLongLineIsEditedFromItsStart() {
    var scene = Scene([string("a")])
    scene.send(.action(.edit))
    let text = String(repeating: "word ", count: 40)
    scene.answerRead(.string(Array(text.utf8)), of: "a")
    scene.send(.edit(.insert("x")))
    #expect(scene.state.prompt?.texts == ["x" + text])
  }

  @Test func whatIsTypedAfterARefusedPromptMeansNothing() {
    var scene = Scene([string("a")], access: .readOnly)
    scene.send(.action(.add))
    scene.wait(100)
    scene.send(.action(.nextSortField))
    scene.wait(200)
    scene.send(.action(.toggleView))
    #expect(scene.state.keys.order.field == .key && !scene.state.keys.isTree)
    #expect(scene.state.message?.text.contains("read-only") == true)
    scene.wait(300)
    scene.send(.action(.nextSortField))
    #expect(scene.state.keys.order.field == .ttl)
  }

  @Test func aNewKeyBeginsWithTheFolderItIsMadeIn() {
    var scene = Scene([string("app:user:1"), string("app:user:2")], asTree: true)
    scene.send(.action(.moveToLast))
    scene.paint()
    scene.send(.action(.add))
    #expect(scene.state.prompt?.texts.first == "app:user:")
    scene.send(.action(.back))
    scene.send(.action(.moveToFirst))
    scene.paint()
    scene.send(.action(.add))
    #expect(scene.state.prompt?.texts.first == "app:")
  }

  @Test func questionsAboutManySpeakOfMany() throws {
    var scene = Scene([string("a"), string("b")])
    scene.send(.action(.markAll))
    scene.send(.action(.delete))
    #expect(scene.planNotes.contains("They are deleted at once."))
  }

  @Test func undoPutsBackAndAsksOverNewer() throws {
    var scene = Scene([string("a")])
    scene.send(.action(.delete))
    scene.confirm()
    scene.answerKept()
    #expect(scene.state.undo.count(.undo, on: Scene.source.identity) == 1)
    scene.send(.action(.undo))
    let undo = try #require(scene.lastUndo)
    #expect(undo.change == scene.journal[0].id && !undo.overwriting)
    var report = TakingBack()
    report.changedMeanwhile = 1
    report.newerKeys = [CacheKey("a")]
    scene.answerUndo(report)
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
    #expect(scene.state.keys.rowCount == 1)
    scene.send(.action(.back))
    #expect(scene.state.keys.rowCount == 2)
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
}

/// What arrives while something else is going on.
@Suite struct OverlapTests {
  @Test func aValueThatComesLateOpensNoPromptOverAnother() {
    var scene = Scene([string("a"), string("b")])
    scene.send(.action(.edit))
    scene.send(.action(.find))
    scene.send(.edit(.insert("b")))
    scene.answerRead(.string(Array("old".utf8)), of: "a")
    guard case .find = scene.state.prompt?.kind else {
      Issue.record("the filter is no longer open")
      return
    }
    #expect(scene.state.message?.text.contains("came too late") == true)
  }

  @Test func readOnlyHoldsForAPromptThatIsOpen() {
    var scene = Scene([string("a")])
    scene.send(.action(.edit))
    scene.answerRead(.string(Array("old".utf8)), of: "a")
    scene.state.access = .readOnly
    scene.send(.edit(.insert("er")))
    scene.send(.submit)
    #expect(scene.lastChange == nil)
    #expect(scene.state.prompt?.problem?.contains("read-only") == true)
  }

  @Test func oneJobDoesNotReplaceAnother() throws {
    var scene = Scene([string("a"), string("b", ttl: 60_000)])
    scene.send(.action(.edit))
    scene.answerRead(.string(Array("old".utf8)), of: "a")
    scene.state.keys.displacedAt = nil
    // While the prompt is open a change by another way begins.
    scene.send(.action(.back))
    scene.send(.action(.delete))
    scene.confirm()
    let first = try #require(scene.lastChange)
    scene.send(.action(.persist))
    #expect(scene.lastChange?.request == first.request)
    #expect(scene.state.message?.text.contains("under way") == true)
  }

  /// What is in view of the marked keys, of the keys of a folder, and of neither.
  @Test func howManyKeysAreOutOfViewIsToldOfTheRowsInView() throws {
    var scene = Scene((0..<60).map { string("app:k\($0 + 100)") } + [string("z")])
    scene.send(.action(.mark))
    scene.send(.action(.moveToLast))
    scene.paint()
    scene.send(.action(.mark))
    scene.paint()
    scene.send(.action(.delete))
    #expect(scene.planNotes.contains("1 of them is not in view."))
    scene.send(.action(.back))
    scene = Scene((0..<60).map { string("app:k\($0 + 100)") } + [string("z")], asTree: true)
    scene.send(.action(.moveToFirst))
    scene.paint()
    scene.send(.action(.delete))
    let inView = scene.state.keys.rows(from: 0, count: 20).count { row in
      if case .key(let slot) = row.item {
        scene.state.keys.index.name(slot).starts(with: Array("app:".utf8))
      } else {
        false
      }
    }
    #expect(scene.planNotes.contains("\(60 - inView) of them are not in view."))
  }

  @Test func aCancelledUndoSaysWhatWasNotTried() throws {
    var scene = Scene((0..<100).map { string("k\($0 + 100)") })
    scene.send(.action(.markAll))
    scene.send(.action(.delete))
    scene.confirm()
    scene.answerPlan()
    scene.send(.action(.back))
    scene.send(.action(.undo))
    let undo = try #require(scene.lastUndo)
    scene.send(.action(.cancel))
    #expect(scene.effects.contains(.cancel(undo.request)))
    var report = TakingBack()
    report.restored = 30
    scene.answerUndo(report)
    #expect(scene.state.message?.text.contains("70 left: u goes on") == true)
  }

  @Test func theQuestionAboutANewerValueWaitsForThePrompt() throws {
    var scene = Scene([string("a")])
    scene.send(.action(.delete))
    scene.confirm()
    scene.answerKept()
    scene.send(.action(.undo))
    var report = TakingBack()
    report.changedMeanwhile = 1
    report.newerKeys = [CacheKey("a")]
    scene.send(.action(.find))
    scene.answerUndo(report)
    guard case .find = scene.state.prompt?.kind else {
      Issue.record("a question took the place of the filter")
      return
    }
    scene.send(.submit)
    scene.send(.tick)
    guard case .confirm = scene.state.prompt?.kind else {
      Issue.record("the question did not come up")
      return
    }
    scene.effects.removeAll()
    scene.send(.action(.back))
    #expect(scene.lastUndo == nil)
  }

  @Test func typingOnIsNoAnswer() {
    var scene = Scene([string("a")])
    scene.send(.action(.delete))
    scene.paint()
    for _ in 0..<30 {
      scene.wait(30)
      scene.send(.answer("j"))
      scene.send(.answer("y"))
    }
    #expect(scene.lastChange == nil)
    scene.wait(300)
    scene.send(.answer("y"))
    #expect(scene.lastChange != nil)
  }

  @Test func leavingWaitsForAChangeUnderWay() throws {
    var scene = Scene([string("a"), string("b")])
    scene.send(.action(.delete))
    scene.confirm()
    let change = try #require(scene.lastChange)
    scene.send(.action(.quit))
    #expect(!scene.effects.contains(.quit))
    let outcome = KeyOutcome(key: CacheKey("a"), result: .success(.gone))
    scene.send(.changed(change.request, outcome))
    #expect(scene.effects.contains(.quit))
  }

  @Test func figuresThatWereNotAnsweredAreAskedForAgain() {
    var scene = Scene([string("a")])
    scene.send(.action(.refresh))
    scene.send(.tick)
    let open = scene.effects.compactMap { effect -> (RequestID, [CacheKey])? in
      if case .describe(let request, let keys, _) = effect { (request, keys) } else { nil }
    }
    scene.effects.removeAll()
    for (request, _) in open {
      scene.send(.failed(request, .refused(verb: "TYPE", message: "busy")))
    }
    scene.wait(1100)
    let again = scene.effects.contains { effect in
      if case .describe(_, let keys, _) = effect { keys.contains(CacheKey("a")) } else { false }
    }
    #expect(!open.isEmpty && again)
  }
}
