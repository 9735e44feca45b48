import Testing
import ValueDecoding

@Suite struct ValueTextTests {
  static let forms: [(bytes: [UInt8], form: ValueForm)] = [
    ([], .text), (Array("0".utf8), .integer), (Array("-12".utf8), .integer),
    (Array("007".utf8), .text), (Array("+5".utf8), .text), (Array("-".utf8), .text),
    (Array("3.14".utf8), .text), (Array("true".utf8), .text), (Array("{}".utf8), .json),
    (Array("[1,2]\n".utf8), .json), (Array("\"x\"".utf8), .json), (Array("{x}".utf8), .text),
    (Array(" {}".utf8), .text), (Array("h\u{E9}\t\r\n\u{1B}[0m".utf8), .text),
    (Array("a\u{0}b".utf8), .binary), (Array("a\u{7F}".utf8), .binary), ([0xC3], .binary),
    ([0x80, 0x04], .binary), ([0x7B, 0xFF, 0x7D], .binary),
  ]

  @Test(arguments: forms.indices)
  func findsTheForm(_ row: Int) {
    #expect(ValueForm.of(Self.forms[row].bytes) == Self.forms[row].form)
  }

  @Test func aBeginningIsJudgedByWhatIsThere() {
    #expect(ValueForm.of(Array("{\"a\":[1,2".utf8), isComplete: false) == .json)
    #expect(ValueForm.of(Array("{\"a\"]".utf8), isComplete: false) == .text)
    #expect(ValueForm.of(Array("123".utf8), isComplete: false) == .text)
    for count in 1...3 {
      let bytes = [0x61] + Array("😀".utf8.prefix(count))
      #expect(ValueForm.of(bytes, isComplete: false) == .text)
      #expect(ValueText(bytes, isComplete: false).lines.map(\.text) == ["a"])
      #expect(ValueForm.of(bytes) == .binary)
    }
    #expect(ValueForm.of([0x61, 0xFF], isComplete: false) == .binary)
  }

  @Test func laysJSONOutWithoutChangingIt() {
    let json =
      "{\"id\":9223372036854775807,\"x\":-0,\"y\":1e400,\"x\":\"\\u00e9\",\"e\":[],\"o\":{},"
      + "\"l\":[1,[null,true]]}"
    let text = ValueText(Array(json.utf8))
    #expect(
      text.lines.map(\.text) == [
        "{", "  \"id\": 9223372036854775807,", "  \"x\": -0,", "  \"y\": 1e400,",
        "  \"x\": \"\\u00e9\",", "  \"e\": [],", "  \"o\": {},", "  \"l\": [", "    1,", "    [",
        "      null,", "      true", "    ]", "  ]", "}",
      ])
    #expect(!text.isCut)
    let roles = text.lines[1].tokens.map(\.role)
    #expect(roles == [.plain, .key, .punctuation, .number, .punctuation])
    #expect(text.lines[10].tokens.map(\.role) == [.plain, .literal, .punctuation])
    #expect(
      text.lines[4].tokens.map(\.role) == [.plain, .key, .punctuation, .string, .punctuation])
  }

  @Test func anObjectInAnArrayIsIndentedOnce() {
    let text = ValueText(Array("[{\"a\":1},{\"b\":{\"c\":2}}]".utf8))
    #expect(
      text.lines.map(\.text) == [
        "[", "  {", "    \"a\": 1", "  },", "  {", "    \"b\": {", "      \"c\": 2", "    }", "  }",
        "]",
      ])
  }

  @Test func cutJSONSaysSo() {
    let broken = ValueText(Array("{\"a\":[1,2".utf8), isComplete: false)
    #expect(broken.form == .json && broken.isCut)
    #expect(broken.lines.map(\.text) == ["{", "  \"a\": [", "    1", "…"])
    let long = ValueText(Array("[1,2,3,4]".utf8), lineLimit: 3)
    #expect(long.isCut)
    #expect(long.lines.map(\.text).last == "…")
  }

  @Test func textKeepsItsLines() {
    let text = ValueText(Array("one\r\n\ntwo \u{1B}[31m\n".utf8))
    #expect(text.form == .text && !text.isCut)
    #expect(text.lines.map(\.text) == ["one", "", "two \u{1B}[31m", ""])
    let long = ValueText(Array(String(repeating: "x\n", count: 100).utf8), lineLimit: 10)
    #expect(long.lines.count == 10 && long.isCut)
    #expect(ValueText([]).lines.map(\.text) == [""])
  }

  @Test func binaryIsAHexDump() {
    let text = ValueText([0x80, 0x04, 0x95] + Array("hello, world!|\u{0}".utf8) + [0xFF])
    #expect(text.form == .binary && !text.isCut)
    #expect(
      text.lines.map(\.text) == [
        "00000000  80 04 95 68 65 6c 6c 6f  2c 20 77 6f 72 6c 64 21  |...hello, world!|",
        "00000010  7c 00 ff                                          ||..|",
      ])
    let long = ValueText([UInt8](repeating: 0xFF, count: 1000), lineLimit: 4)
    #expect(long.lines.count == 4 && long.isCut)
  }

  @Test func aFormMayBeAskedFor() {
    let json = Array("{\"a\":1}".utf8)
    #expect(ValueText(json, as: .text).lines.map(\.text) == ["{\"a\":1}"])
    #expect(ValueText(json, as: .binary).form == .binary)
    #expect(ValueText([0xFF], as: .json).form == .text)
    #expect(ValueText([0xFF], as: .json).lines.map(\.text) == ["\u{FFFD}"])
  }

  /// A deep or a long value must not cost more than its bytes and the lines asked for.
  @Test(.timeLimit(.minutes(5))) func hostileValuesStayCheap() {
    let deep = Array(String(repeating: "[", count: 1 << 20).utf8)
    #expect(ValueText(deep).form == .text)
    let wide = Array(("[" + String(repeating: "0,", count: 1 << 19) + "0]").utf8)
    #expect(ValueText(wide, lineLimit: 100).lines.count <= 102)
  }
}
