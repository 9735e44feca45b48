import Explorer
import Testing

@Suite struct SpelledNameTests {
  @Test(arguments: [
    ("app:user:7", "app:user:7"), ("a\u{200B}b", "a‹U+200B›b"), ("a\u{A0}b", "a‹U+00A0›b"),
    ("a\u{202E}b", "a‹U+202E›b"), ("e\u{301}", "e\u{301}"), ("a\nb\u{1B}", "a\\nb\\x1b"),
    (" a", "‹U+0020›a"), ("a b ", "a b‹U+0020›"), ("a\u{FE0F}", "a‹U+FE0F›"),
    ("a\u{3164}", "a‹U+3164›"), ("世界", "世界"), ("", "\"\""),
  ])
  func whatCannotBeSeenIsSpelled(name: String, shown: String) {
    #expect(SpelledName.of(Array(name.utf8)) == shown)
  }

  @Test func bytesThatAreNoTextAreSpelled() {
    #expect(SpelledName.of([0x61, 0xFF, 0xC3]) == "a\\xff\\xc3")
  }

  @Test func aLongNameKeepsBothEndsAndIsBounded() {
    let name = Array("start".utf8) + Array(repeating: 0x78, count: 10_000) + Array("end".utf8)
    let shown = SpelledName.of(name)
    #expect(shown.hasPrefix("start") && shown.hasSuffix("end") && shown.contains("…"))
    #expect(shown.count <= 60)
    let marks = Array(("a" + String(repeating: "\u{301}", count: 5000)).utf8)
    #expect(SpelledName.of(marks).unicodeScalars.count <= 70)
    let cut = Array(String(repeating: "世", count: 4000).utf8)
    #expect(!SpelledName.of(cut).contains("\\x"))
  }
}
