import TerminalCanvas
import Testing

@Suite struct KeySpellingTests {
  @Test(arguments: [
    ("j", Key.character("j")), ("space", .character(" ")), ("ctrl-u", .control("u")),
    ("alt-1", .alt("1")), ("shift-tab", .backTab), ("enter", .enter), ("esc", .escape),
    ("f12", .function(12)), ("f", .character("f")), ("shift-up", .modified(.shift, .up)),
    ("ctrl-alt-left", .modified([.control, .alt], .left)), ("pageup", .pageUp),
    ("-", .character("-")),
    ("click:10,5", .mouse(MouseEvent(.press, at: Position(row: 5, column: 10)))),
    ("alt-space", .alt(" ")), ("ctrl-\\", .control("\\")), ("世", .character("世")),
  ])
  func spellingsGoBothWays(_ spelling: String, _ key: Key) {
    #expect(Key(spelling) == key)
    #expect(key.description == spelling)
  }

  @Test func otherSpellings() {
    #expect(Key("ctrl-U") == .control("u") && Key("pgdn") == .pageDown && Key("escape") == .escape)
    #expect(Key("alt-enter") == .modified(.alt, .enter))
  }

  @Test(arguments: [
    "", "f0", "f99", "ctrl-", "ctrl-1", "shift-a", "click:1", "click:-1,2", "enterr",
  ])
  func whatIsNoKey(_ spelling: String) {
    #expect(Key(spelling) == nil)
  }

  @Test func sequences() throws {
    let keys = try Key.sequence(" j  j enter text:a:b ctrl-c ")
    #expect(keys.map(\.description) == ["j", "j", "enter", "a", ":", "b", "ctrl-c"])
    let error = #expect(throws: KeySpellingError.self) { try Key.sequence("j hop\u{1B}") }
    #expect(error?.sentence.contains("“hop␛” is not a key") == true)
  }
}
