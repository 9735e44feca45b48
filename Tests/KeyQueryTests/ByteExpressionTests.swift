import KeyQuery
import TestSupport
import Testing

@Suite struct ByteExpressionTests {
  private func found(_ pattern: String, _ text: String) throws -> String? {
    let bytes = Array(text.utf8)
    let expression = try ByteExpression(Array(pattern.utf8))
    let range = expression.range(in: bytes[...])
    #expect(expression.matches(bytes[...]) == (range != nil))
    return range.map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  private static let cases: [(pattern: String, text: String, found: String?)] = [
    ("abc", "xabcx", "abc"), ("abc", "xabx", nil), ("", "ab", ""), ("a|bc", "xbc", "bc"),
    ("a*", "baa", ""), ("a+", "baab", "aa"), ("ab?c", "xac", "ac"), ("(?:ab)+", "ababa", "abab"),
    ("^ab", "xab", nil), ("^ab$", "ab", "ab"), ("ab$", "abx", nil), ("a{3}", "aaaa", "aaa"),
    ("a{2,}", "baaa", "aaa"), ("a{1,2}b", "aaab", "aab"), ("a{2}", "a", nil),
    ("[a-c]+", "xabcx", "abc"),
    ("[^a-c]+", "abxyc", "xy"), ("[-a]+", "b-a-", "-a-"), ("[a-]+", "-a", "-a"),
    ("[\\d.]+", "v1.2x", "1.2"),
    ("\\d+", "ab12", "12"), ("\\D+", "12ab", "ab"), ("\\w+", ":a_1:", "a_1"), ("\\W", "a:b", ":"),
    ("\\s", "a b", " "), ("\\S+", " ab ", "ab"), ("\\buser\\b", "app:user:7", "user"),
    ("\\buser\\b", "users", nil), ("\\Bser", "user", "ser"), ("a.c", "abc", "abc"),
    ("a\\.c", "abc", nil),
    ("\\x41", "xA", "A"), ("é+", "xééx", "éé"), ("(é|ö)$", "xö", "ö"), ("a.*?b", "aabab", "aabab"),
    ("(a|ab)(c|bcd)", "abcd", "abcd"), ("]", "a]", "]"), ("a\\/b", "a/b", "a/b"),
    ("(|a)b", "b", "b"),
    ("\\n\\t", "\n\t", "\n\t"), ("[]", "", "error"), ("\\[\\]", "[]", "[]"), ("x*$", "ab", ""),
    ("()", "a", ""), ("(a*)*", "aa", "aa"), ("(^a)+b", "ab", "ab"), ("a$|b", "ab", "b"),
  ]

  @Test(arguments: cases.indices) func findsTheLeftmostAndLongest(_ row: Int) throws {
    let (pattern, text, expected) = Self.cases[row]
    guard expected != "error" else {
      #expect(throws: ExpressionError.self) { try found(pattern, text) }
      return
    }
    #expect(try found(pattern, text) == expected, "/\(pattern)/ in \(text)")
  }

  private static let wrong: [(String, ExpressionError.Problem, Int)] = [
    ("(ab", .groupNotClosed, 0), ("ab)", .groupNotOpened, 2), ("[ab", .classNotClosed, 0),
    ("[]", .emptyClass, 0), ("[z-a]", .rangeBackwards, 1), ("[ä]", .wideClass, 1),
    ("*a", .nothingToRepeat, 0), ("a**", .nothingToRepeat, 2), ("a{,3}", .badRepetition, 1),
    ("a{3,2}", .badRepetition, 1), ("a{2", .badRepetition, 1), ("{2}", .badRepetition, 0),
    ("a{1001}", .repetitionTooLarge, 1), ("a\\", .loneBackslash, 1),
    ("\\q", .unknownEscape("q"), 0),
    ("(a)\\1", .backreference, 3), ("(?=a)", .unknownGroup, 0), ("(?i)a", .unknownGroup, 0),
    ("((a{100}){100}){100}", .tooLarge, 0), ("((((){1000}){1000}){1000}){1000}", .tooLarge, 0),
    (String(repeating: "(", count: 5000), .tooDeep, 40), ("\\x4", .unknownEscape("x"), 0),
    ("a{99999999999999999999}", .repetitionTooLarge, 1),
  ]

  @Test(arguments: wrong.indices) func whatItIsNotIsSaid(_ row: Int) throws {
    let (pattern, problem, offset) = Self.wrong[row]
    let error = try #require(throws: ExpressionError.self) {
      try ByteExpression(Array(pattern.utf8))
    }
    #expect(error == ExpressionError(problem, at: offset))
    #expect(error.clause.contains { $0.isLetter })
  }

  /// A machine that tries one way after the other needs more than 2^10000 steps for the first.
  @Test(arguments: ["(a*)*b", "(a|aa)+b", "(a?){50}a{50}b", "(.*)(.*)(.*)(.*)b", "(x+x+)+y|a*a*b"])
  func takesLinearTime(_ pattern: String) throws {
    let expression = try ByteExpression(Array(pattern.utf8))
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 10_000)
    let half = expression.work(on: text.prefix(5000)[...])
    let whole = expression.work(on: text[...])
    #expect(!expression.matches(text[...]))
    #expect(whole <= 2 * half + half / 100)
    #expect(whole <= 10_001 * 400)
  }

  @Test func agreesWithANaiveSearchOverRandomPatterns() throws {
    var random = SeededRandom(seed: LongRun.seed(3, for: "ByteExpressionTests"))
    for _ in 0..<(6000 * LongRun.factor) {
      let tree = NaiveExpression.random(depth: 3, &random)
      let expression = try ByteExpression(Array(tree.pattern.utf8))
      for _ in 0..<6 {
        let letters = Array("abc:".utf8)
        let text = (0..<Int.random(in: 0...7, using: &random)).compactMap { _ in
          letters.randomElement(using: &random)
        }
        let range = expression.range(in: text[...])
        #expect(range == tree.search(text), "/\(tree.pattern)/ in \(text)")
        #expect(expression.matches(text[...]) == (range != nil), "/\(tree.pattern)/ in \(text)")
      }
    }
  }
}

/// A search that tries every way, one after the other.
private indirect enum NaiveExpression {
  case letter(UInt8)
  case any
  case member([UInt8], isNegated: Bool)
  case start, end, edge
  case sequence([NaiveExpression])
  case choice([NaiveExpression])
  case repeated(NaiveExpression, Int, Int?)

  static func random(depth: Int, _ random: inout SeededRandom) -> NaiveExpression {
    let letters = Array("abc".utf8)
    func letter() -> UInt8 { letters.randomElement(using: &random) ?? 0x61 }
    let part = { (random: inout SeededRandom) in self.random(depth: depth - 1, &random) }
    switch Int.random(in: 0...(depth > 0 ? 11 : 5), using: &random) {
    case 0...2: return .letter(letter())
    case 3: return .any
    case 4:
      let members = [letter(), letter()]
      return .member(members, isNegated: Bool.random(using: &random))
    case 5: return [.start, .end, .edge].randomElement(using: &random) ?? .start
    case 6, 7, 8:
      return .sequence((0..<Int.random(in: 0...3, using: &random)).map { _ in part(&random) })
    case 9: return .choice([part(&random), part(&random)])
    default:
      let least = Int.random(in: 0...2, using: &random)
      let most = Bool.random(using: &random) ? nil : least + Int.random(in: 0...2, using: &random)
      return .repeated(part(&random), least, most)
    }
  }

  var pattern: String {
    switch self {
    case .letter(let byte): String(UnicodeScalar(byte))
    case .any: "."
    case .member(let bytes, let isNegated):
      "[" + (isNegated ? "^" : "") + String(decoding: bytes, as: UTF8.self) + "]"
    case .start: "^"
    case .end: "$"
    case .edge: "\\b"
    case .sequence(let parts): parts.map(\.pattern).joined()
    case .choice(let parts): "(" + parts.map(\.pattern).joined(separator: "|") + ")"
    case .repeated(let part, let least, let most): "(?:\(part.pattern))" + Self.sign(least, most)
    }
  }

  private static func sign(_ least: Int, _ most: Int?) -> String {
    switch (least, most) {
    case (0, nil): "*"
    case (1, nil): "+"
    case (0, 1): "?"
    case (_, nil): "{\(least),}"
    case (_, least): "{\(least)}"
    case (_, let most?): "{\(least),\(most)}"
    }
  }

  func search(_ text: [UInt8]) -> Range<Int>? {
    for start in 0...text.count {
      if let end = ends(text, [start]).max() { return start..<end }
    }
    return nil
  }

  /// Where a match can end that begins at one of the places.
  private func ends(_ text: [UInt8], _ starts: Set<Int>) -> Set<Int> {
    func step(_ accepts: (UInt8) -> Bool) -> Set<Int> {
      Set(starts.filter { $0 < text.count && accepts(text[$0]) }.map { $0 + 1 })
    }
    func isWord(_ place: Int) -> Bool {
      text.indices.contains(place) && text[place] != UInt8(ascii: ":")
    }
    switch self {
    case .letter(let byte): return step { $0 == byte }
    case .any: return step { _ in true }
    case .member(let bytes, let isNegated): return step { bytes.contains($0) != isNegated }
    case .start: return starts.filter { $0 == 0 }
    case .end: return starts.filter { $0 == text.count }
    case .edge: return starts.filter { isWord($0 - 1) != isWord($0) }
    case .sequence(let parts): return parts.reduce(starts) { $1.ends(text, $0) }
    case .choice(let parts): return parts.reduce(into: []) { $0.formUnion($1.ends(text, starts)) }
    case .repeated(let part, let least, let most):
      var reached = (0..<least).reduce(starts) { places, _ in part.ends(text, places) }
      var all = reached
      for _ in 0..<(most.map { $0 - least } ?? text.count + 1) {
        reached = part.ends(text, reached)
        all.formUnion(reached)
      }
      return all
    }
  }
}
