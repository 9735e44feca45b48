import Configuration
import TestSupport
import Testing

@Suite struct JSON5ReaderTests {
  private func read(_ text: String) throws -> JSON5Node { try JSON5Reader.read(text) }

  private func words(_ text: String) -> String {
    do throws(JSON5SyntaxError) {
      _ = try JSON5Reader.read(text)
      return "no error"
    } catch {
      return "\(error.position.line):\(error.position.column) \(error.words)"
    }
  }

  @Test func readsWhatPeopleWrite() throws {
    let text = """
      // a comment
      { /* another
           one */
        name: 'it''s',
      }
      """
    #expect(words(text).hasPrefix("4:13 expected , or }"))
    let right = try read(
      """
      // a comment
      {
        plain: "a\\u00e9\\n\\x41", /* one */ 'quoted-name': 'it\\'s \\
      one line',
        list: [1, -2.5, +3, .5, 0x1F, 1e3,], flags: [true, false, null,],
        "": {}, hyphened-name: [],
      }
      """)
    guard case .object(let members) = right.value else { return #expect(Bool(false)) }
    #expect(
      members.map(\.name) == ["plain", "quoted-name", "list", "flags", "", "hyphened-name"])
    #expect(members[0].node.value == .string("aé\nA"))
    #expect(members[1].node.value == .string("it's one line"))
    guard case .array(let numbers) = members[2].node.value else { return #expect(Bool(false)) }
    #expect(
      numbers.map(\.value)
        == ["1", "-2.5", "3", ".5", "0x1F", "1e3"].map(JSON5Node.Value.number))
    #expect(members[2].position == TextPosition(line: 5, column: 3))
    #expect(members[2].node.position == TextPosition(line: 5, column: 9))
  }

  @Test func readsAPairOfHalves() throws {
    #expect(try read("'\\ud83d\\ude00'").value == .string("😀"))
    #expect(words("'\\ud83d'") == "1:2 this escape is half of a pair")
  }

  static let wrong = [
    ("", "1:1 the text ends where a value is expected"),
    ("{", "1:2 the text ends before }"),
    ("{a 1}", "1:4 expected : behind the name \"a\""),
    ("{a: 1 b: 2}", "1:7 expected , or }, and found \"b\""),
    ("{a: 1, a: 2}", "1:8 \"a\" stands twice in this object"),
    ("{a: yes}", "1:5 \"yes\" is no value; a text stands in quotes"),
    ("{a: }", "1:5 expected a value, and found \"}\""),
    ("{,}", "1:2 expected a name or }, and found \",\""),
    ("[1,,2]", "1:4 expected a value, and found \",\""),
    ("{a: 'x\n'}", "1:5 this text has no end"),
    ("{a: 01}", "1:5 this is no number"),
    ("{a: 1x}", "1:5 this is no number"),
    ("{a: 0x}", "1:5 this is no number"),
    ("{a: -}", "1:5 this is no number"),
    ("{a: NaN}", "1:5 \"NaN\" is no value"),
    ("{a: '\\u12'}", "1:6 this escape needs 4 hexadecimal digits"),
    ("{} {}", "1:4 \"{\" stands behind the end of the whole"),
    ("/* x", "1:1 this comment has no end"),
    ("{}\r\n\r\n#", "3:1 \"#\" stands behind"),
    (String(repeating: "[", count: 1000), "1:33 nested deeper than 32"),
  ]

  @Test(arguments: wrong.indices)
  func saysWhereItIsWrong(_ row: Int) {
    let (text, expected) = Self.wrong[row]
    #expect(words(text).hasPrefix(expected), "\(words(text))")
  }

  /// Texts that are cut, and texts with random changes, are read or refused and never trap.
  @Test func survivesAnything() {
    let pieces = Array("{}[],:'\"\\/*u0x1-+.eaé\n\r\u{0}\u{7F}true// ".unicodeScalars)
    var random = SeededRandom(seed: LongRun.seed(7, for: "JSON5ReaderTests"))
    var refused = 0
    for _ in 0..<(2000 * LongRun.factor) {
      let count = Int.random(in: 0...60, using: &random)
      var text = "{ a: ['x', {\"b\": 1}], /* c */ d: '\\u0041' }".unicodeScalars.map { $0 }
      for _ in 0..<count {
        let place = Int.random(in: 0...text.count, using: &random)
        let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
        if Bool.random(using: &random) || place == text.count {
          text.insert(piece, at: place)
        } else {
          text.remove(at: place)
        }
      }
      var scalars = String.UnicodeScalarView()
      scalars.append(contentsOf: text)
      if words(String(scalars)) != "no error" { refused += 1 }
    }
    #expect(refused > 1000)
  }
}
