import CacheModel
import Explorer
import TestSupport
import Testing
import ValueDecoding

/// What the bytes of a value are, in the value pane, and editing it as that.
@Suite struct ValueReadingTests {
  /// `{"name": "Lamp", "n": 3.0}` by Python's pickle, protocol 4.
  private static let pickle: [UInt8] =
    [0x80, 0x04, 0x7D, 0x28, 0x8C, 4] + bytes("name") + [0x8C, 4] + bytes("Lamp") + [0x8C, 1]
    + bytes("n") + [0x47, 0x40, 0x08, 0, 0, 0, 0, 0, 0, 0x75, 0x2E]

  private func lines(_ scene: Scene) -> [String] {
    scene.state.preview.layout?.lines.map(\.text) ?? []
  }

  @Test func aPickleIsShownAsWhatItIs() {
    let scene = Scene.inside(.string(Self.pickle), .string)
    #expect(lines(scene) == ["{", "  \"name\": \"Lamp\",", "  \"n\": 3.0", "}"])
    #expect(scene.state.preview.reading?.codecs == ["pickle:4"])
  }

  @Test func bytesThatBreakOffAreShownAsTheyAre() {
    let scene = Scene.inside(.string(Self.pickle.dropLast(3)), .string)
    #expect(scene.state.preview.reading?.failure == .pickleTruncated)
    #expect(scene.state.preview.layout?.form == .binary)
  }

  @Test func theWaysGoRoundAndEscLeadsBack() {
    var scene = Scene.inside(.string(Self.pickle), .string)
    let found = lines(scene)
    var forms: [ValueWay] = []
    repeat {
      scene.send(.action(.decodeAs))
      forms.append(scene.state.preview.way)
    } while scene.state.preview.way != .found && forms.count < 9
    #expect(forms == [.form(.text), .form(.json), .form(.binary), .found])
    #expect(lines(scene) == found)
    scene.send(.action(.decodeAs))
    scene.send(.action(.back))
    #expect(scene.state.preview.way == .found && lines(scene) == found)
  }

  /// Base64 that holds something: another way to see it, that is never the first.
  @Test func whatElseTheBytesCanBeIsAmongTheWays() {
    var scene = Scene.inside(.string(bytes("eyJhIjogWzEsIDJdfQ==")), .string)
    #expect(scene.state.preview.reading?.codecs == ["text"])
    for _ in 0..<4 { scene.send(.action(.decodeAs)) }
    #expect(scene.state.preview.way == .codec(.base64))
    #expect(lines(scene) == ["{", "  \"a\": [", "    1,", "    2", "  ]", "}"])
  }

  /// Of a compressed value the beginning means nothing: it is fetched whole where that is no burden.
  @Test func whatCannotBeReadInPartsIsFetchedWhole() throws {
    var scene = Scene([KeySummary(key: CacheKey("k"), kind: .string, lifetime: .unlimited)])
    scene.send(.tick)
    let first = try #require(scene.lastRead)
    scene.effects.removeAll()
    scene.answer(first.request, .string(Array(Self.pickle.prefix(9))), .string, total: 40)
    let whole = try #require(scene.lastRead)
    #expect(whole.bound.bytes == 40)
    scene.answer(whole.request, .string(Self.pickle), .string, total: Int64(Self.pickle.count))
    #expect(lines(scene).count == 4)
  }

  @Test func aLargeOneIsFetchedWholeWhenAsked() throws {
    var scene = Scene([KeySummary(key: CacheKey("k"), kind: .string, lifetime: .unlimited)])
    scene.send(.tick)
    let first = try #require(scene.lastRead)
    scene.effects.removeAll()
    scene.answer(first.request, .string(Array(Self.pickle.prefix(9))), .string, total: 900_000)
    #expect(scene.lastRead == nil)
    #expect(scene.state.preview.isUndecoded && scene.state.preview.layout?.form == .binary)
    scene.send(.action(.decodeAs))
    scene.send(.tick)
    #expect(scene.lastRead?.bound.bytes == 900_000)

    var huge = Scene([KeySummary(key: CacheKey("k"), kind: .string, lifetime: .unlimited)])
    huge.send(.tick)
    let page = try #require(huge.lastRead)
    huge.answer(page.request, .string(Array(Self.pickle.prefix(9))), .string, total: 90_000_000)
    huge.send(.action(.decodeAs))
    #expect(huge.state.message?.text.contains("too many to decode here") == true)
    huge.send(.action(.decodeAs))
    #expect(huge.state.preview.way == .form(.text))
  }

  @Test func aPartIsReadAsWhatItIs() {
    var scene = Scene.inside(.list(from: 0, [bytes("a"), Self.pickle]), .list)
    scene.send(.action(.moveDown))
    scene.send(.action(.open))
    #expect(lines(scene).count == 4)
    #expect(scene.state.preview.reading?.codecs == ["pickle:4"])
  }

  // MARK: Editing

  @Test func anEditGoesBackIntoItsLayers() throws {
    var scene = Scene([string("a")])
    scene.send(.action(.edit))
    scene.answerRead(.string(Self.pickle), of: "a")
    #expect(scene.state.prompt?.texts == [#"{"name":"Lamp","n":3.0}"#])
    #expect(scene.state.prompt?.notes.first == "goes back into pickle:4")
    scene.paint()
    scene.send(.edit(.deleteToStart))
    scene.send(.edit(.insert(#"{"name":"Lantern","n":3.0}"#)))
    scene.send(.submit)
    guard case .setString(let new, let expected)? = scene.lastChange?.change else {
      Issue.record("nothing was sent: \(scene.state.prompt?.problem ?? "")")
      return
    }
    #expect(expected == Self.pickle)
    let decoding = ValueDecoder().decode(new)
    #expect(decoding.codecs == ["pickle:4"])
    #expect(
      ValueDecoder().exactJSON(of: decoding) == bytes(#"{"name":"Lantern","n":3.0}"#))
  }

  @Test func whatIsNoJSONIsNotSent() {
    var scene = Scene([string("a")])
    scene.send(.action(.edit))
    scene.answerRead(.string(Self.pickle), of: "a")
    scene.paint()
    scene.send(.edit(.insert("x")))
    scene.send(.submit)
    #expect(scene.lastChange == nil)
    #expect(scene.state.prompt?.problem == "that is no JSON")
  }

  /// What comes back from the editor is shown before it is sent; what cannot be written is not lost.
  @Test func whatTheEditorBringsBackIsComparedFirst() throws {
    var scene = Scene([string("a")])
    scene.send(.action(.editExternally))
    scene.answerRead(.string(Self.pickle), of: "a")
    let (request, task) = try #require(scene.lastEditor)
    #expect(task.suffix == ".json")
    #expect(task.bytes == bytes("{\n  \"name\": \"Lamp\",\n  \"n\": 3.0\n}"))
    scene.effects.removeAll()
    scene.send(.editorFinished(request, .changed(bytes("{\"name\": "))))
    #expect(scene.lastChange == nil)
    guard case .confirm(let question)? = scene.state.prompt?.kind else {
      Issue.record("no question")
      return
    }
    #expect(question.verb == "edit again" && question.title.contains("that is no JSON"))
    scene.confirm()
    let (again, second) = try #require(scene.lastEditor)
    #expect(second.bytes == bytes("{\"name\": "))
    scene.send(.editorFinished(again, .changed(bytes("{\"name\": \"Lantern\", \"n\": 3.0}"))))
    guard case .confirm(let difference)? = scene.state.prompt?.kind else {
      Issue.record("no difference")
      return
    }
    #expect(difference.title == "Save it as pickle:4?")
    #expect(difference.lines.contains { $0.contains("Lamp") && $0.contains("Lantern") })
    scene.confirm()
    #expect(scene.lastChange != nil)
  }

  /// Somebody who looks at the bytes edits the bytes.
  @Test func aChosenFormIsEditedAsItIs() {
    var scene = Scene.inside(.string(Self.pickle), .string)
    for _ in 0..<3 { scene.send(.action(.decodeAs)) }
    scene.send(.action(.edit))
    scene.answerRead(.string(Self.pickle), of: "k")
    #expect(scene.state.prompt == nil)
    #expect(scene.state.message?.text.contains("no text") == true)
  }
}

extension Scene {
  fileprivate var lastEditor: (RequestID, EditorTask)? {
    for case .editOutside(let request, let task) in effects.reversed() { return (request, task) }
    return nil
  }
}
