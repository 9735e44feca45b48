import CacheModel
import Explorer
import Plans
import TestSupport
import Testing

/// Parts of a value: fields, elements, members, scores.
@Suite struct PartTests {
  @Test func aFieldIsEditedOverWhatWasRead() {
    var scene = Scene.inside(.hash([HashField("name", "Ada"), HashField("city", "Paris")]), .hash)
    scene.send(.action(.moveDown))
    scene.send(.action(.edit))
    #expect(scene.state.prompt?.title == "Edit city of k")
    scene.send(.edit(.insert("!")))
    scene.send(.submit)
    #expect(
      scene.lastChange?.change
        == .setField(bytes("city"), value: bytes("Paris!"), expected: bytes("Paris")))
  }

  @Test func anElementIsEditedByPositionAndValueTogether() {
    var scene = Scene.inside(.list(from: 100, [bytes("a"), bytes("b")]), .list)
    scene.send(.action(.moveDown))
    scene.send(.action(.edit))
    scene.send(.edit(.insert("!")))
    scene.send(.submit)
    #expect(
      scene.lastChange?.change == .setElement(at: 101, value: bytes("b!"), expected: bytes("b")))
  }

  @Test func aMemberIsReplaced() {
    var scene = Scene.inside(.set([bytes("red")]), .set)
    scene.send(.action(.edit))
    scene.send(.edit(.insert("dish")))
    scene.send(.submit)
    #expect(scene.lastChange?.change == .replaceMember(bytes("red"), with: bytes("reddish")))
  }

  @Test func aScoreOrAMemberIsEditedButNotBoth() {
    func form() -> Scene {
      var scene = Scene.inside(
        .sortedSet([ScoredMember(member: bytes("ada"), score: 10)]), .sortedSet)
      scene.send(.action(.edit))
      return scene
    }
    var scene = form()
    #expect(scene.state.prompt?.texts == ["10", "ada"])
    scene.send(.edit(.insert(".5")))
    // Enter saves, whichever line it is pressed in.
    scene.send(.submit)
    #expect(scene.lastChange?.change == .setScore(bytes("ada"), score: 10.5, expected: 10))
    scene = form()
    scene.send(.action(.focusNext))
    scene.send(.edit(.insert("m")))
    scene.send(.submit)
    #expect(
      scene.lastChange?.change
        == .replaceScoredMember(bytes("ada"), with: bytes("adam"), expected: 10))
    scene = form()
    scene.send(.edit(.insert("0")))
    scene.send(.action(.focusNext))
    scene.send(.edit(.insert("m")))
    scene.send(.submit)
    #expect(scene.lastChange == nil && scene.state.prompt?.problem?.contains("one step") == true)
    scene = form()
    scene.send(.edit(.insert("x")))
    scene.send(.action(.focusNext))
    scene.send(.submit)
    #expect(scene.lastChange == nil && scene.state.prompt?.focus == 0)
  }

  @Test(arguments: [
    (ValueKind.hash, ["f", "v"], KeyChange.addField([0x66], value: [0x76])),
    (.list, ["x"], .pushElement([0x78], .tail)), (.set, ["m"], .addMember([0x6D])),
    (.sortedSet, ["m", "-inf"], .addScoredMember([0x6D], score: -.infinity)),
  ])
  func aPartIsAdded(kind: ValueKind, texts: [String], change: KeyChange) {
    var scene = Scene.inside(Scene.content(kind), kind)
    scene.send(.action(.add))
    for text in texts {
      scene.send(.edit(.insert(text)))
      scene.send(.submit)
    }
    if scene.state.prompt != nil { scene.send(.submit) }
    #expect(scene.lastChange?.change == change)
  }

  @Test func anElementIsAddedAtTheHead() {
    var scene = Scene.inside(.list(from: 0, [bytes("a")]), .list)
    scene.send(.action(.add))
    scene.send(.edit(.insert("x")))
    scene.send(.submit)
    scene.send(.edit(.insert("h")))
    #expect(scene.state.prompt?.texts == ["x", "tail"])
    scene.send(.edit(.moveLeft))
    scene.send(.submit)
    #expect(scene.lastChange?.change == .pushElement(bytes("x"), .head))
  }

  @Test(arguments: [
    (ValueKind.hash, "Remove f of k?", KeyChange.removeField([0x66], expected: [0x76])),
    (.list, "Remove element 0 of k?", .removeElement(at: 0, expected: [0x61])),
    (.set, "Remove m of k?", .removeMember([0x6D])),
    (.sortedSet, "Remove m of k?", .removeScoredMember([0x6D], expected: 1)),
  ])
  func aPartIsRemovedAfterAsking(kind: ValueKind, title: String, change: KeyChange) {
    var scene = Scene.inside(Scene.content(kind), kind)
    scene.send(.action(.delete))
    guard case .confirm(let confirmation) = scene.state.prompt?.kind else {
      Issue.record("no question")
      return
    }
    #expect(confirmation.title == title)
    #expect(confirmation.lines[0].contains("the key goes too"))
    scene.confirm()
    #expect(scene.lastChange?.change == change)
  }

  @Test func aPartThatCameUnderTheCursorJustNowIsNotMeant() throws {
    var scene = Scene.inside(.list(from: 0, [bytes("a"), bytes("b")]), .list)
    scene.wait(6000)
    let read = try #require(scene.lastRead)
    scene.answer(read.request, .list(from: 0, [bytes("new"), bytes("a")]), .list, total: 2)
    scene.send(.action(.delete))
    #expect(scene.state.prompt == nil)
    #expect(scene.state.message?.text.contains("came under the cursor just now") == true)
    scene.send(.action(.delete))
    guard case .confirm(let confirmation) = scene.state.prompt?.kind else { return }
    #expect(confirmation.lines.contains { $0.contains("It is new") })
  }

  @Test func aGiantIsNotFetchedToBeRefused() {
    var scene = Scene.inside(.string([0x61]), .string, total: 100_000_000)
    scene.send(.action(.edit))
    #expect(scene.lastRead == nil)
    #expect(scene.state.message?.text.contains("too many to edit") == true)
  }

  @Test func inTheListDStillDeletesTheKey() {
    var scene = Scene.inside(Scene.content(.hash), .hash)
    scene.send(.action(.focusNext))
    scene.send(.action(.delete))
    scene.confirm()
    #expect(scene.lastChange?.change == .delete)
  }

  @Test func aPartThatChangedMeanwhileIsAskedAboutAndAListIsNot() throws {
    var scene = Scene.inside(Scene.content(.hash), .hash)
    scene.send(.action(.edit))
    scene.send(.edit(.insert("!")))
    scene.send(.submit)
    scene.answerChange(.changedMeanwhile)
    scene.confirm()
    #expect(scene.lastChange?.change == .setField([0x66], value: bytes("v!"), expected: nil))
    scene = Scene.inside(Scene.content(.list), .list)
    scene.send(.action(.edit))
    scene.send(.edit(.insert("!")))
    scene.send(.submit)
    scene.answerChange(.changedMeanwhile)
    #expect(scene.state.prompt == nil)
    #expect(scene.state.message?.text.contains("changed meanwhile") == true)
  }

  @Test func bytesOfAPartThatAreNoTextGoToTheEditor() {
    var scene = Scene.inside(.set([[0xFF, 0x00]]), .set)
    scene.send(.action(.edit))
    scene.send(.action(.edit))
    let task = scene.effects.compactMap { effect -> (RequestID, EditorTask)? in
      if case .editOutside(let request, let task) = effect { (request, task) } else { nil }
    }.last
    #expect(task?.1.bytes == [0xFF, 0x00])
    guard let task else { return }
    scene.send(.editorFinished(task.0, .changed([0xFF])))
    #expect(scene.lastChange?.change == .replaceMember([0xFF, 0x00], with: [0xFF]))
  }

  @Test func aMemberThatIsNoTextKeepsItsBytesWhenItsScoreIsTyped() {
    var scene = Scene.inside(
      .sortedSet([ScoredMember(member: [0xFF], score: 1)]), .sortedSet)
    scene.send(.action(.edit))
    #expect(scene.state.prompt?.fields.count == 1)
    scene.send(.edit(.insert("5")))
    scene.send(.submit)
    #expect(scene.lastChange?.change == .setScore([0xFF], score: 15, expected: 1))
  }
}

/// Names: creating, renaming, copying.
@Suite struct NewKeyTests {
  @Test func aKeyIsCreatedFieldByField() {
    var scene = Scene([string("a")])
    scene.send(.action(.add))
    for text in ["new", "", "hello", "5m"] {
      scene.send(.edit(.insert(text)))
      scene.send(.submit)
    }
    #expect(
      scene.lastChange?.change
        == .create(.string(bytes("hello")), .fromNow(milliseconds: 300_000)))
    #expect(scene.lastChange?.key == CacheKey("new"))
    scene.answerChange(.done(undo: nil))
    #expect(scene.state.keys.cursorKey == CacheKey("new"))
  }

  @Test func aWordTypedAfterTheNameDoesNotChangeTheType() {
    var scene = Scene([string("a")])
    scene.send(.action(.add))
    scene.send(.edit(.insert("new")))
    scene.send(.submit)
    for letter in "hello" { scene.send(.edit(.insert(String(letter)))) }
    #expect(scene.state.prompt?.texts == ["new", "string", "", ""])
    #expect(scene.state.prompt?.problem == "letters choose nothing here: ← → do, enter goes on")
    scene.send(.submit)
    #expect(scene.state.prompt?.problem == nil && scene.state.prompt?.focus == 2)
    scene.send(.action(.focusPrevious))
    scene.send(.edit(.insert(" ")))
    #expect(scene.state.prompt?.texts.count == 5)
  }

  @Test func anotherTypeHasOtherFields() {
    var scene = Scene([string("a")])
    scene.send(.action(.add))
    scene.send(.edit(.insert("board")))
    scene.send(.action(.focusNext))
    scene.send(.edit(.moveToEnd))
    #expect(scene.state.prompt?.fields.map(\.label) == ["name", "type", "member", "score", "ttl"])
    for text in ["", "ada", "ten", ""] {
      scene.send(.edit(.insert(text)))
      scene.send(.submit)
    }
    #expect(scene.state.prompt?.problem?.contains("a score is a number") == true)
    #expect(scene.state.prompt?.focus == 3)
    scene.send(.edit(.deleteToStart))
    scene.send(.edit(.insert("10")))
    scene.send(.submit)
    scene.send(.submit)
    #expect(
      scene.lastChange?.change
        == .create(.sortedSet([ScoredMember(member: bytes("ada"), score: 10)]), nil))
  }

  @Test func aNameThatIsTakenBringsTheFormBack() {
    var scene = Scene([string("a"), string("b")])
    scene.send(.action(.rename))
    scene.send(.edit(.deleteToStart))
    scene.send(.edit(.insert("b")))
    #expect(scene.state.prompt.flatMap { scene.state.liveNote(of: $0) }?.isProblem == true)
    scene.send(.submit)
    #expect(scene.lastChange?.change == .rename(to: CacheKey("b"), replacing: false))
    scene.answerChange(.alreadyExists)
    #expect(scene.state.prompt?.texts == ["b"])
    #expect(scene.state.prompt?.problem?.contains("b exists") == true)
    scene.send(.edit(.insert("2")))
    scene.send(.submit)
    #expect(scene.lastChange?.change == .rename(to: CacheKey("b2"), replacing: false))
    scene.answerChange(.done(undo: nil))
    #expect(scene.state.keys.cursorKey == CacheKey("b2"))
  }

  @Test func aCopyGetsTheCursor() {
    var scene = Scene([string("a"), string("b")])
    scene.send(.action(.copyKey))
    scene.send(.edit(.insert("9")))
    scene.send(.submit)
    #expect(scene.lastChange?.change == .copy(to: CacheKey("a9"), replacing: false))
    scene.answerChange(.done(undo: nil))
    #expect(scene.state.keys.cursorKey == CacheKey("a9"))
  }

  @Test func theSameNameAndNoNameAreRefused() {
    var scene = Scene([string("a")])
    scene.send(.action(.rename))
    scene.send(.submit)
    #expect(scene.state.prompt?.problem == "it is called that already")
    scene.send(.edit(.deleteToStart))
    scene.send(.submit)
    #expect(scene.state.prompt?.problem == "a key needs a name")
    #expect(scene.lastChange == nil)
  }

  @Test func aSpreadGivesEachKeyATTLOfItsOwn() throws {
    var scene = Scene((0..<200).map { string("k\($0)") })
    scene.send(.action(.markAll))
    scene.send(.action(.setTTL))
    scene.send(.edit(.insert("100s~10%")))
    scene.send(.submit)
    scene.typeDatabase()
    let task = try #require(scene.lastPlan).task
    #expect(task.change == .spreadTTL(milliseconds: 100_000, percent: 10))
    let times = scene.planKeys.compactMap { task.change.change(of: $0) }.map { keyed -> Int64 in
      if case .setTTL(.fromNow(let milliseconds)) = keyed.change { milliseconds } else { 0 }
    }
    #expect(times.count == 200 && times.allSatisfy { (90_000...110_000).contains($0) })
    #expect(Set(times).count > 150)
    #expect(times.contains { $0 < 93_000 } && times.contains { $0 > 107_000 })
  }

  @Test func aSpreadOfOneKeyIsRefused() {
    var scene = Scene([string("a")])
    scene.send(.action(.setTTL))
    scene.send(.edit(.insert("5m~10%")))
    scene.send(.submit)
    #expect(scene.state.prompt?.problem?.contains("many keys") == true)
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

extension HashField {
  init(_ field: String, _ value: String) {
    self.init(field: Array(field.utf8), value: Array(value.utf8))
  }
}

extension Scene {
  /// With one key whose value has the focus.
  static func inside(_ content: ValueContent, _ kind: ValueKind) -> Scene {
    var scene = Scene([KeySummary(key: CacheKey("k"), kind: kind, lifetime: .unlimited)])
    scene.send(.tick)
    for case .read(let request, let key, _) in scene.effects.reversed() {
      let page = ValuePage(
        key: key, kind: kind, lifetime: .unlimited, content: content,
        totalLength: Int64(content.count))
      scene.send(.read(request, page))
      break
    }
    scene.paint()
    scene.send(.action(.open))
    return scene
  }

  static func content(_ kind: ValueKind) -> ValueContent {
    switch kind {
    case .hash: .hash([HashField("f", "v")])
    case .list: .list(from: 0, [bytes("a")])
    case .set: .set([bytes("m")])
    default: .sortedSet([ScoredMember(member: bytes("m"), score: 1)])
    }
  }

  /// Answers the change under way for its first key.
  mutating func answerChange(_ outcome: ChangeOutcome) {
    guard let change = lastChange else { return }
    let result = KeyOutcome(key: change.key, result: .success(outcome))
    send(.changed(change.request, result))
  }
}
