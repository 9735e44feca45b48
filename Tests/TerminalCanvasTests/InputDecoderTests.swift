import TerminalCanvas
import TestSupport
import Testing

@Suite struct InputDecoderTests {
  private let start = ContinuousClock.now

  /// Keys of bytes given in pieces, with the end of time after them.
  private func keys(_ pieces: [some Collection<UInt8>]) -> [Key] {
    var decoder = InputDecoder(now: start)
    var keys: [Key] = []
    for (index, piece) in pieces.enumerated() {
      keys += decoder.feed(piece, now: start + .milliseconds(index))
    }
    return keys + decoder.elapse(now: start + .seconds(60))
  }

  private func keys(_ text: String) -> [Key] { keys([Array(text.utf8)]) }

  private static let sequences: [(String, [Key])] = [
    ("j", [.character("j")]), ("é世", [.character("é"), .character("世")]),
    ("\r", [.enter]), ("\t", [.tab]), ("\u{7F}", [.backspace]), ("\u{8}", [.backspace]),
    ("\u{1}\u{12}\u{0}", [.control("a"), .control("r"), .control(" ")]),
    ("\u{1B}[A", [.up]), ("\u{1B}OA", [.up]), ("\u{1B}[1;2A", [.modified(.shift, .up)]),
    ("\u{1B}[1;5D", [.modified(.control, .left)]), ("\u{1B}[H\u{1B}OF", [.home, .end]),
    ("\u{1B}[3~\u{1B}[5~\u{1B}[6;3~", [.delete, .pageUp, .modified(.alt, .pageDown)]),
    ("\u{1B}OP\u{1B}[15~\u{1B}[24~", [.function(1), .function(5), .function(12)]),
    ("\u{1B}[[A", [.function(1)]), ("\u{1B}[Z", [.backTab]),
    ("\u{1B}x\u{1B}1", [.alt("x"), .alt("1")]), ("\u{1B}é", [.alt("é")]),
    ("\u{1B}\r", [.modified(.alt, .enter)]), ("\u{1B}\u{1B}[A", [.modified(.alt, .up)]),
    ("\u{1B}", [.escape]), ("\u{1B}\u{1B}", [.escape, .escape]), ("\u{1B}[", [.alt("[")]),
    ("\u{1B}P", [.alt("P")]), ("\u{1B}O", [.alt("O")]),
    ("\u{1B}[<0;11;6M", [.mouse(MouseEvent(.press, at: Position(row: 5, column: 10)))]),
    (
      "\u{1B}[<65;1;1M",
      [.mouse(MouseEvent(.wheelDown, button: .none, at: Position(row: 0, column: 0)))]
    ),
    (
      "\u{1B}[<34;2;2M",
      [.mouse(MouseEvent(.drag, button: .right, at: Position(row: 1, column: 1)))]
    ),
    (
      "\u{1B}[200~a\r\u{1B}[b\u{1B}[201~c",
      [.paste(Paste(Array("a\r\u{1B}[b".utf8))), .character("c")]
    ),
    // answers of the terminal, each with a key after it
    ("\u{1B}]11;rgb:1e1e/1e1e/2e2e\u{7}j", [.character("j")]),
    ("\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\j", [.character("j")]),
    ("\u{1B}P>|xterm(380)\u{1B}\\j", [.character("j")]), ("\u{1B}P1+r524742=38\u{1B}\\", []),
    ("\u{1B}_Gi=31;OK\u{1B}\\j", [.character("j")]), ("\u{1B}^pm\u{1B}\\\u{1B}Xsos\u{1B}\\", []),
    ("\u{1B}[?62;22c\u{1B}[>1;10;0c", []), ("\u{1B}[24;80R", []), ("\u{1B}[1;2R", []),
    ("\u{1B}[?2026;2$y", []), ("\u{1B}[8;24;80t", []), ("\u{1B}[0n", []), ("\u{1B}[I\u{1B}[O", []),
    ("\u{1B}[M !!j", [.character("j")]), ("\u{1B}[999999999999999999999~", []),
    ("\u{1B}[<99999999999999999999;1;1M", []), ("\u{1B}[<0;0;0M", []),
    // an answer that never ends, broken off by the next key
    ("\u{1B}]11;rgb:\u{1B}[Aj", [.up, .character("j")]),
  ]

  @Test(arguments: sequences)
  func whole(_ bytes: String, _ expected: [Key]) {
    #expect(keys(bytes) == expected)
  }

  @Test(arguments: sequences)
  func byteByByte(_ bytes: String, _ expected: [Key]) {
    #expect(keys(Array(bytes.utf8).map { [$0] }) == expected)
  }

  @Test(arguments: sequences)
  func cutOnceAnywhere(_ bytes: String, _ expected: [Key]) {
    let bytes = Array(bytes.utf8)
    for cut in 0...bytes.count {
      #expect(keys([bytes[..<cut], bytes[cut...]]) == expected, "cut at \(cut)")
    }
  }

  @Test func escapeWaitsForItsTime() {
    var decoder = InputDecoder(now: start)
    #expect(decoder.deadline == nil)
    #expect(decoder.feed([0x1B], now: start) == [])
    #expect(decoder.isEscapeOpen)
    #expect(decoder.deadline == start + .milliseconds(10))
    #expect(decoder.elapse(now: start + .milliseconds(9)) == [])
    #expect(decoder.elapse(now: start + .milliseconds(10)) == [.escape])
    #expect(decoder.deadline == nil && !decoder.isEscapeOpen)
  }

  /// A slow line cuts arrows behind their ESC: of the first one the ESC is a key, of the next none.
  @Test(arguments: ["[A", "OA", "[1;5A"])
  func aLineThatCutsSequencesIsWaitedFor(_ rest: String) {
    var decoder = InputDecoder(now: start)
    #expect(decoder.feed([0x1B], now: start) == [])
    #expect(decoder.elapse(now: start + .milliseconds(12)) == [.escape])
    let arrow = decoder.feed(Array(rest.utf8), now: start + .milliseconds(40))
    #expect(arrow.count == 1)
    let later = start + .seconds(5)
    #expect(decoder.feed([0x1B], now: later) == [])
    #expect(decoder.elapse(now: later + .milliseconds(40)) == [])
    #expect(decoder.feed(Array(rest.utf8), now: later + .milliseconds(40)) == arrow)
    #expect(decoder.feed([0x1B], now: later + .seconds(1)) == [])
    #expect(decoder.elapse(now: later + .milliseconds(1050)) == [.escape])
  }

  /// The program was busy for a second: what waited in the queue still belongs together.
  @Test func timeAloneDoesNotCutASequence() {
    var decoder = InputDecoder(now: start)
    #expect(decoder.feed([0x1B], now: start) == [])
    #expect(decoder.feed(Array("[A".utf8), now: start + .seconds(1)) == [.up])
  }

  /// An answer two seconds after it was asked for, its ESC so far ahead that it counted as a key.
  @Test(arguments: ["]11;rgb:1e1e/1e1e/2e2e\u{7}", "[?62;22c", "[24;80R"])
  func aLateAnswerIsNotTyped(_ rest: String) {
    var decoder = InputDecoder(now: start)
    let later = start + .seconds(2)
    #expect(decoder.feed([0x1B], now: later) == [])
    #expect(decoder.elapse(now: later + .milliseconds(30)) == [.escape])
    #expect(decoder.feed(Array(rest.utf8), now: later + .milliseconds(80)) == [])
    #expect(decoder.feed([0x6A], now: later + .milliseconds(90)) == [.character("j")])
  }

  private static let answers: [(String, UInt32?)] = [
    ("\u{1B}]11;rgb:1e1e/1e1e/2e2e\u{7}", 0x1E1E2E),
    ("\u{1B}]11;rgb:ffff/fafa/0\u{1B}\\", 0xFFFA00),
    ("\u{1B}]11;rgba:ff/ff/ff/80\u{7}", 0xFFFFFF), ("\u{1B}]11;#fdf6e3\u{7}", 0xFDF6E3),
    ("\u{1B}]11;rgb:/1/2\u{7}", nil), ("\u{1B}]11;rgb:12345/1/1\u{7}", nil),
    ("\u{1B}]10;rgb:1/1/1\u{7}", nil), ("\u{1B}]11;rgb:1/1/1\u{18}", nil),
    ("\u{1B}]11;rgb:1/1/1" + String(repeating: "1", count: 100) + "\u{7}", nil),
  ]

  /// What was asked is understood however it is cut, and is no key.
  @Test(arguments: answers) func theBackground(_ text: String, _ colour: UInt32?) {
    let bytes = Array(text.utf8)
    for cut in 0...bytes.count {
      var decoder = InputDecoder(now: start)
      #expect(decoder.feed(bytes[..<cut], now: start) == [])
      #expect(decoder.feed(bytes[cut...], now: start + .milliseconds(20)) == [])
      #expect(decoder.takeAnswers() == (colour.map { [.background($0)] } ?? []), "cut at \(cut)")
      #expect(decoder.takeAnswers() == [])
    }
  }

  /// Two seconds late, each byte by itself and its ESC taken for the key.
  @Test func anExpectedAnswerIsNeverTyped() {
    var decoder = InputDecoder(now: start)
    decoder.expectsAnswer = true
    var keys: [Key] = []
    for (index, byte) in "\u{1B}]11;rgb:1e1e/1e1e/2e2e\u{7}".utf8.enumerated() {
      let now = start + .seconds(2) + .milliseconds(index * 30)
      keys += decoder.elapse(now: now) + decoder.feed([byte], now: now)
    }
    #expect(keys == [.escape])
    #expect(decoder.takeAnswers() == [.background(0x1E1E2E)])
  }

  /// But a person who presses escape and a bracket meanwhile has pressed them.
  @Test(arguments: [("]", "j"), ("]", nil), ("]", "]")])
  func bracketsTypedWhileAnAnswerIsExpected(_ first: Character, _ second: Character?) {
    var decoder = InputDecoder(now: start)
    decoder.expectsAnswer = true
    var keys: [Key] = []
    var now = start
    for key in [Character("\u{1B}"), first, second].compactMap({ $0 }) {
      keys += decoder.feed(Array(String(key).utf8), now: now)
      now += .milliseconds(100)
      keys += decoder.elapse(now: now)
    }
    keys += decoder.elapse(now: now + .seconds(2))
    #expect(keys == [.escape, .character(first)] + (second.map { [.character($0)] } ?? []))
  }

  @Test func bracketsTypedAfterEscapeAreTyped() {
    var decoder = InputDecoder(now: start)
    _ = decoder.feed([0x1B], now: start)
    #expect(decoder.elapse(now: start + .milliseconds(30)) == [.escape])
    #expect(decoder.feed(Array("[".utf8), now: start + .milliseconds(90)) == [.character("[")])
    #expect(decoder.feed(Array("]x".utf8), now: start + .milliseconds(95)).count == 2)
  }

  @Test func anAnswerWithoutEndIsGivenUp() {
    var decoder = InputDecoder(now: start)
    #expect(decoder.feed(Array("\u{1B}]52;c;".utf8), now: start) == [])
    #expect(decoder.elapse(now: start + .milliseconds(999)) == [])
    #expect(decoder.elapse(now: start + .seconds(1)) == [])
    #expect(decoder.feed([0x6A], now: start + .seconds(2)) == [.character("j")])
  }

  @Test func aGiantAnswerNeitherLeaksNorHoldsTheKeyboard() {
    var decoder = InputDecoder(now: start)
    var bytes = Array("\u{1B}P".utf8)
    bytes += [UInt8](repeating: 0x64, count: 100_000)
    #expect(decoder.feed(bytes, now: start) == [])
    #expect(decoder.elapse(now: start + .milliseconds(30)) == [])
    #expect(decoder.feed([0x6A], now: start + .milliseconds(31)) == [.character("j")])
  }

  @Test func pastesAreBounded() {
    var limits = InputDecoder.Limits()
    limits.pasteBytes = 10
    var decoder = InputDecoder(limits: limits, now: start)
    let text = "\u{1B}[200~" + String(repeating: "x", count: 50) + "\u{1B}[201~"
    let paste = Paste(Array("xxxxxxxxxx".utf8), isTruncated: true)
    #expect(decoder.feed(Array(text.utf8), now: start) == [.paste(paste)])
    #expect(decoder.feed([0x6A], now: start) == [.character("j")])
  }

  @Test func aPasteWithoutEndIsDelivered() {
    var decoder = InputDecoder(now: start)
    #expect(decoder.feed(Array("\u{1B}[200~abc".utf8), now: start) == [])
    #expect(decoder.feed(Array("d".utf8), now: start + .milliseconds(1900)) == [])
    let end = start + .milliseconds(3900)
    #expect(decoder.elapse(now: end) == [.paste(Paste(Array("abcd".utf8), isTruncated: true))])
  }

  @Test func pastedLineEndsAreLines() {
    #expect(Paste(Array("a\rb\r\nc\nd".utf8)).text == "a\nb\nc\nd")
  }

  @Test func twoQuickPressesAreADoubleClick() {
    var decoder = InputDecoder(now: start)
    let press = Array("\u{1B}[<0;3;3M".utf8)
    func kinds(_ milliseconds: Int) -> [MouseEvent.Kind] {
      decoder.feed(press, now: start + .milliseconds(milliseconds)).compactMap {
        if case .mouse(let event) = $0 { event.kind } else { nil }
      }
    }
    #expect(kinds(0) == [.press] && kinds(399) == [.doubleClick] && kinds(500) == [.press])
    #expect(kinds(901) == [.press])
  }

  /// Random bytes, in pieces of random size: no trap, and what they leave behind is over soon.
  @Test func anythingIsSurvived() {
    let seed = LongRun.seed(.random(in: 0...(.max)), for: "InputDecoderTests")
    var generator = SeededRandom(seed: seed)
    var decoder = InputDecoder(now: start)
    let telling = Array("\u{1B}\u{1B}[]OP?<;0123M~\u{7}\\".utf8)
    for step in 0..<(20_000 * LongRun.factor) {
      let piece = (0..<Int.random(in: 0...9, using: &generator)).map { _ in
        Bool.random(using: &generator)
          ? UInt8.random(in: 0...255, using: &generator)
          : telling.randomElement(using: &generator) ?? 0
      }
      _ = decoder.feed(piece, now: start + .milliseconds(step))
    }
    let end = start + .milliseconds(20_000 * LongRun.factor)
    _ = decoder.elapse(now: end + .seconds(60))
    #expect(decoder.deadline == nil)
    #expect(decoder.feed([0x6A], now: end + .seconds(61)) == [.character("j")])
  }
}
