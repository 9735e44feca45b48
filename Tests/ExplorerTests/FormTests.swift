import CacheModel
import Explorer
import TestSupport
import Testing

/// What is typed into prompts.
@Suite struct FormTests {
  private func note(_ text: String, ttl: Int64? = 60_000) -> FormNote? {
    var scene = Scene([string("a", ttl: ttl)])
    // 2026-11-21 14:26:07 UTC
    scene.state.wallOffset = 1_795_271_167_000 - scene.now.milliseconds
    scene.send(.action(.setTTL))
    scene.send(.edit(.insert(text)))
    return scene.state.prompt.flatMap { scene.state.liveNote(of: $0) }
  }

  @Test(arguments: [
    ("5m", "expires at 14:31:07"), ("1500ms", "expires at 14:26:08"),
    ("1d", "expires at 2026-11-22 14:26:07"),
    ("+10m", "1 min become 11 min, expires at 14:37:07"),
    ("-5m", "shorter than what is left: expires at once"),
    ("@2026-12-01T10:00", "expires at 2026-12-01 10:00:00, in 9 d 19 h"),
    ("@2020-01-01T00:00", "that time is over: expires at once"), ("none", "never expires"),
    ("now", "expires at once; its expired event fires"),
  ])
  func theMeaningOfATTLIsShownAsItIsTyped(text: String, meaning: String) {
    #expect(note(text) == FormNote(meaning))
  }

  @Test func aTTLThatIsWrongIsSaidWhileTyping() {
    #expect(note("5 parsecs")?.isProblem == true)
    #expect(note("+10m", ttl: nil)?.text.contains("nothing to make longer") == true)
    #expect(note("") == FormNote("it expires now in 1 min, at 14:27:07"))
    #expect(note("", ttl: nil) == FormNote("it never expires now"))
  }

  @Test func theCalendarAgreesWithItself() {
    for milliseconds: Int64 in [0, 951_782_400_000, 1_795_271_167_000, -1000, 4_102_444_799_000] {
      let civil = CivilTime(utc: WallTime(milliseconds: milliseconds))
      #expect(civil.utcMilliseconds == milliseconds)
    }
    _ = CivilTime(utc: WallTime(milliseconds: .max))
    _ = CivilTime(utc: WallTime(milliseconds: .min))
  }
}

/// What goes to the clipboard.
@Suite struct CopyTests {
  @Test func aNameIsCopiedByteForByte() {
    var scene = Scene([KeySummary(key: CacheKey([0x61, 0xFF, 0x0A]), kind: .string)])
    scene.send(.action(.copyName))
    #expect(scene.effects.contains(.copy([0x61, 0xFF, 0x0A])))
    scene.send(.copied(.sent))
    #expect(scene.state.message?.text == "copied the name of a\\xff\\n · 3 bytes")
  }

  @Test func markedNamesAreCopiedOneALine() {
    var scene = Scene([string("a"), string("b")])
    scene.send(.action(.markAll))
    scene.send(.action(.copyName))
    #expect(scene.effects.contains(.copy(Array("a\nb".utf8))))
  }

  @Test func aValueIsReadAndCopied() throws {
    var scene = Scene([string("a")])
    scene.send(.action(.copyValue))
    scene.answerRead(.string(Array("héllo".utf8)), of: "a")
    #expect(scene.effects.contains(.copy(Array("héllo".utf8))))
    scene.send(.copied(.tooLarge(limit: 3)))
    #expect(scene.state.message?.text.contains("nothing was copied") == true)
  }

  @Test func bytesThatAreNoTextAreCopiedAsDigitsAndThatIsSaid() {
    var scene = Scene([string("a")])
    scene.send(.action(.copyValue))
    scene.answerRead(.string([0x00, 0xFF, 0x10]), of: "a")
    #expect(scene.effects.contains(.copy(Array("00ff10".utf8))))
    scene.send(.copied(.sent))
    #expect(scene.state.message?.text.contains("hexadecimal") == true)
  }

  @Test func aValueThatIsTooLargeIsNotCopied() throws {
    var scene = Scene([string("a")])
    scene.send(.action(.copyValue))
    let request = scene.effects.reversed().compactMap { effect -> RequestID? in
      if case .read(let request, _, let bound) = effect, bound.bytes > 50_000 {
        request
      } else {
        nil
      }
    }.first
    let page = ValuePage(
      key: CacheKey("a"), kind: .string, lifetime: .unlimited,
      content: .string(Array(repeating: 0x61, count: 56_244)), totalLength: 100_000_000)
    scene.send(.read(try #require(request), page))
    #expect(!scene.effects.contains { if case .copy = $0 { true } else { false } })
    #expect(scene.state.message?.text.contains("100,000,000 bytes") == true)
  }
}
