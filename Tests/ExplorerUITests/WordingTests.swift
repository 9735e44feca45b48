import CacheModel
import Explorer
import ExplorerUI
import TerminalCanvas
import TestSupport
import Testing

/// Words and figures on the screen that must agree with each other.
@Suite struct WordingTests {
  private static let part: [UInt8] = Array("p".utf8)

  @Test(arguments: [
    (ValueKind.hash, ValueContent.hash([HashField(field: part, value: part)]), "1 field ·"),
    (.set, .set([part]), "1 member ·"), (.list, .list(from: 0, [part]), "1 element ·"),
    (.sortedSet, .sortedSet([ScoredMember(member: part, score: 1)]), "1 member ·"),
    (.stream, .unreadable, "0 entries ·"),
  ])
  func aValueCountsItsParts(_ kind: ValueKind, _ content: ValueContent, _ words: String) {
    var scene = Scene([KeySummary(key: CacheKey("k"), kind: kind, lifetime: .unlimited)])
    scene.answerPreview(content, kind: kind)
    #expect(scene.picture(columns: 120).contains(words))
  }

  /// Of a value that is held in part, the place of the cursor is its place in the whole.
  @Test func thePlaceInAValueIsThatInTheWhole() throws {
    var scene = Scene([KeySummary(key: CacheKey("k"), kind: .list, lifetime: .unlimited)])
    let content = ValueContent.list(from: 0, Array(repeating: Self.part, count: 100))
    for case .read(let request, let key, _) in scene.effects.reversed() {
      var page = ValuePage(
        key: key, kind: .list, lifetime: .unlimited, content: content, totalLength: 2_110)
      page.next = .index(100)
      scene.send(.read(request, page))
      break
    }
    try scene.press("enter j j")
    let picture = scene.picture()
    #expect(picture.contains("3 of 2,110") && picture.contains("1–100 of 2,110"), "\(picture)")
  }

  @Test func whatIsNotReadHasNoPlace() {
    var scene = Scene([KeySummary(key: CacheKey("s"), kind: .stream, lifetime: .unlimited)])
    scene.answerPreview(.unreadable, kind: .stream)
    let picture = scene.picture(columns: 120)
    #expect(picture.contains("does not tell what is in a stream") && !picture.contains("–0 of"))
  }

  @Test func scoresStandWhole() {
    let picture = Scene.collection(.sortedSet).picture(columns: 120)
    #expect(picture.contains("3.141592653589793"), "\(picture)")
  }

  @Test func aQuestionNamesItsVerbWhole() throws {
    var scene = Scene.shop()
    try scene.press("* T")
    let picture = scene.picture()
    #expect(picture.contains("Remove the TTL of 4 keys?"))
    #expect(picture.contains("y remove the TTL  "), "\(picture)")
  }

  @Test func manyKeysAreCountedInGroups() throws {
    var scene = Scene((0..<1234).map { string("k\($0)") })
    try scene.press("* d")
    scene.advanceFully()
    let picture = scene.picture(columns: 120)
    #expect(picture.contains("1,234 marked") && picture.contains("Delete 1,234 keys?"))
  }

  /// What is typed into the palette moves rows, and never columns.
  @Test func thePaletteKeepsItsColumns() throws {
    var scene = Scene.shop()
    func place(of text: String) -> Int? {
      scene.picture().split(separator: "\n").first { $0.contains(text) }.map { line in
        Array(line).indices.first { Array(line)[$0...].starts(with: Array(text)) } ?? 0
      }
    }
    try scene.press(":")
    let before = place(of: "remove the TTL")
    try scene.press("p e r s i s t")
    #expect(before != nil && place(of: "remove the TTL") == before)
  }

  /// Beside a folder its keys are told as they are configured, and whole on a small screen too.
  @Test func aFolderTellsItsKeys() throws {
    var scene = Scene.shop()
    try scene.press("v g")
    let keymap = try Keymap.standard.overridden(by: [.init(action: .delete, keys: ["D"])])
    let picture = render(
      scene.state, size: ScreenSize(columns: 80, rows: 24), keymap: keymap
    ).frame.text()
    for words in ["folder · 4 keys", "marks its keys", "D t T x act on its keys"] {
      #expect(picture.contains(words), "\(words)\n\(picture)")
    }
    #expect(!picture.contains("…"), "\(picture)")
  }

  /// What is wrong with a TTL stands in one line while it is typed, so that the box does not jump.
  @Test func aTTLThatIsNotYetOneIsOneLine() throws {
    var scene = Scene.shop()
    try scene.press("t 2 h 3 0")
    let picture = scene.picture()
    #expect(picture.contains("a unit (w, d, h, m, s or ms) is expected at character 5"))
    let rows = picture.split(separator: "\n").count { $0.contains("│") }
    scene.send(.edit(.insert("m")))
    #expect(scene.picture().split(separator: "\n").count { $0.contains("│") } == rows)
  }

  /// What an overlay can do does not stand back because of the screen below it.
  @Test func hintsOfAnOverlayAreItsOwn() throws {
    func style(_ keys: String, of text: String) throws -> StyleRole? {
      var scene = Scene.shop()
      try scene.press(keys)
      let frame = scene.rendering(columns: 120, rows: 36).frame
      let line = Array(frame.rowText(34))
      return line.indices.first { line[$0...].starts(with: Array(text)) }.map {
        frame[row: 34, column: $0].style.role
      }
    }
    #expect(try style("2 c", of: "connect") == .text)
    #expect(try style("2 :", of: "choose") == .text)
    #expect(try style("2 ?", of: "find") == .text && style("?", of: "next") == .muted)
    #expect(try style("? / k e y enter", of: "next") == .text)
    #expect(try style("J", of: "tell more") == .muted)
  }
}
