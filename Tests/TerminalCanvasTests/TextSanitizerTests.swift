import TerminalCanvas
import Testing

@Suite struct TextSanitizerTests {
  @Test func listsShowControlsAsPictures() {
    #expect(TextSanitizer.listText("a\u{1B}[31m\n\t\r\u{0}\u{7F}") == "a␛[31m␊␉␍␀␡")
    #expect(TextSanitizer.listText("\u{9B}31m\u{9D}") == "\u{FFFD}31m\u{FFFD}")
  }

  @Test func listsReplaceWhatReordersOrHides() {
    #expect(TextSanitizer.listText("a\u{202E}b\u{2066}\u{200B}\u{FEFF}\u{E0041}") == "a�b����")
    #expect(TextSanitizer.listText("\u{AD}\u{61C}\u{2028}\u{FFF9}\u{180E}") == "�����")
  }

  @Test func listsDropWhatTerminalsWidenDifferently() {
    #expect(TextSanitizer.listText("👩\u{200D}👧 ❤\u{FE0F} 👍\u{1F3FD}") == "👩👧 ❤ 👍")
  }

  @Test func bytesAreRepaired() {
    #expect(TextSanitizer.listText([0x61, 0xFF, 0xC3, 0x28, 0xE4, 0xB8]) == "a��(�")
  }

  @Test func valuesSpellThingsOut() {
    #expect(
      TextSanitizer.valueText("a\u{1B}b\n\u{202E}\u{9B}\u{0}") == "a\\x1bb\\n‹U+202E›\\x9b\\x00")
    let bytes: [UInt8] = [0x80, 0xC3, 0xA9, 0xE4, 0xB8, 0x41, 0xF0]
    #expect(TextSanitizer.valueText(bytes) == "\\x80é\\xe4\\xb8A\\xf0")
  }

  /// Every scalar there is: what a frame takes of it is harmless and has the width that the frame
  /// counts with.
  @Test func noScalarGetsThrough() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      for shown in TextSanitizer.listText(String(scalar)).unicodeScalars {
        let isControl = shown.value < 0x20 || (0x7F..<0xA0).contains(shown.value)
        let isHidden = (0x202A...0x202E).contains(shown.value) || shown == "\u{200B}"
        if isControl || isHidden || DisplayWidth.of(shown) < 0 {
          Issue.record("U+\(String(value, radix: 16)) shows as \(shown.value)")
        }
      }
    }
  }

  @Test func widthsAreThoseOfLibc() {
    #expect(DisplayWidth.of("abc") == 3)
    #expect(DisplayWidth.of("日本語") == 6)
    #expect(DisplayWidth.of("e\u{301}") == 1)
    #expect(DisplayWidth.of("┌─┐⣿█▏") == 6)
    #expect(DisplayWidth.of("\u{1B}[m") == 3)
    #expect(DisplayWidth.of(String(repeating: "x", count: 100), bound: 5) == 6)
  }

  @Test func clippingKeepsWholeCharacters() {
    #expect(DisplayWidth.clipped("日本語", to: 6) == "日本語")
    #expect(DisplayWidth.clipped("日本語", to: 5) == "日本…")
    #expect(DisplayWidth.clipped("日本語", to: 4) == "日…")
    #expect(DisplayWidth.clipped("日本語", to: 0) == "")
  }
}
