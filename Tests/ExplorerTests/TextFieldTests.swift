import Explorer
import Testing

@Suite struct TextFieldTests {
  @Test func editsWhereTheInsertionPointIs() {
    var field = TextField("hello")
    field.apply(.moveToStart)
    field.apply(.moveRight)
    field.apply(.insert("XY"))
    #expect(field.text == "hXYello")
    field.apply(.deleteBackward)
    field.apply(.deleteForward)
    #expect(field.text == "hXllo")
    field.apply(.deleteToEnd)
    #expect(field.text == "hX")
  }

  @Test func deletesWords() {
    var field = TextField("one two  ")
    field.apply(.deleteWordBackward)
    #expect(field.text == "one ")
    field.apply(.deleteWordBackward)
    field.apply(.deleteWordBackward)
    #expect(field.text == "")
  }

  @Test func takesOneLineUpToItsLimit() {
    var field = TextField("", limit: 5)
    field.apply(.insert("ab\ncd"))
    #expect(field.text == "ab")
    field.apply(.insert("cdefgh"))
    #expect(field.text == "abcde")
    let changed = field.apply(.insert("z"))
    #expect(!changed)
  }

  @Test func aProposalIsReplacedByTypingAndKeptByEverythingElse() {
    var field = TextField(selected: "session")
    field.apply(.insert("u"))
    field.apply(.insert("s"))
    #expect(field.text == "us" && !field.isSelected)
    field = TextField(selected: "session")
    field.apply(.moveToEnd)
    field.apply(.insert(":"))
    #expect(field.text == "session:")
    field = TextField(selected: "session")
    field.apply(.deleteBackward)
    #expect(field.text == "sessio")
  }

  @Test func aCharacterIsWhatAPersonSees() {
    var field = TextField("e\u{301}👨‍👩‍👧")
    field.apply(.deleteBackward)
    #expect(field.text == "e\u{301}")
    field.apply(.deleteBackward)
    #expect(field.text.isEmpty)
  }
}
