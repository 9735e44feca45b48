import Testing
import ValueDecoding

@Suite struct JSONReaderTests {
  private func problem(_ text: String) -> JSONSyntaxError? {
    var reader = JSONReader(Array(text.utf8))
    do {
      while try reader.next() != nil {}
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    "{}", "[]", "\"\"", "0", "-0", "1e400", "-1.5E+10", "true", " [1 , 2 ] \n", "NaN", "-Infinity",
    "{\"a\":{\"b\":[]},\"a\":null}", "\"\\u00e9\\n\\\\\"", "[[[[]]]]", "9223372036854775808",
    "\"\u{7F}é\u{1F600}\"",
  ])
  func accepts(_ text: String) {
    #expect(problem(text) == nil)
  }

  static let refused: [(text: String, offset: Int, problem: JSONSyntaxError.Problem)] = [
    ("", 0, .unexpectedEnd), ("[", 1, .unexpectedEnd), ("[1", 2, .unexpectedEnd),
    ("[1,", 3, .unexpectedEnd), ("{\"a\"", 4, .unexpectedEnd), ("{\"a\":", 5, .unexpectedEnd),
    ("\"abc", 4, .unexpectedEnd), ("\"a\\", 3, .unexpectedEnd), ("\"\\u12", 5, .unexpectedEnd),
    ("tru", 3, .unexpectedEnd), ("-", 1, .unexpectedEnd), ("1e", 2, .unexpectedEnd),
    ("[1,]", 3, .unexpectedByte), ("{,}", 1, .unexpectedByte), ("{\"a\":1,}", 7, .unexpectedByte),
    ("[1}", 2, .unexpectedByte), ("{\"a\" 1}", 5, .unexpectedByte), ("{1:2}", 1, .unexpectedByte),
    ("]", 0, .unexpectedByte), ("'a'", 0, .unexpectedByte), ("\"a\nb\"", 2, .unexpectedByte),
    ("tree", 0, .unexpectedByte), ("[,1]", 1, .unexpectedByte), ("+1", 0, .unexpectedByte),
    ("01", 0, .badNumber), ("1.x", 0, .badNumber), ("-a", 0, .badNumber), ("1ex", 0, .badNumber),
    ("\"\\x\"", 1, .badEscape), ("\"\\u12g4\"", 1, .badEscape),
    ("1 2", 2, .trailingBytes), ("{}{}", 2, .trailingBytes), ("[],", 2, .trailingBytes),
  ]

  @Test(arguments: refused.indices)
  func refuses(_ row: Int) {
    let (text, offset, expected) = Self.refused[row]
    #expect(problem(text) == JSONSyntaxError(offset: offset, problem: expected), "\(text)")
  }

  @Test func depthIsBounded() {
    let deep = { (depth: Int) in
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(problem(deep(512)) == nil)
    #expect(problem(deep(513)) == JSONSyntaxError(offset: 512, problem: .tooDeep))
    #expect(problem(String(repeating: "[", count: 1_000_000))?.problem == .tooDeep)
  }

  @Test func everyPrefixOfAValueEndsEarlyOrIsWhole() {
    let text = "{\"key\":[1.5e3,-2,true,null,\"a\\u00e9\\n\",{\"k\":{}}],\"z\":[]}"
    for count in 0..<text.utf8.count {
      let prefix = String(decoding: Array(text.utf8.prefix(count)), as: UTF8.self)
      #expect(problem(prefix)?.problem == .unexpectedEnd, "\(prefix)")
    }
  }

  @Test func randomBytesNeverTrap() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var state = seed
    func below(_ bound: UInt64) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % bound)
    }
    let alphabet = Array("{}[]\",:\\u0019.eE+-tfnul aINy\n\u{0}\u{E9}".utf8)
    var accepted = 0
    for _ in 0..<30_000 {
      let bytes = (0..<below(12)).map { _ in alphabet[below(UInt64(alphabet.count))] }
      var reader = JSONReader(bytes)
      do {
        while try reader.next() != nil {}
        accepted += 1
      } catch {
        #expect(error.offset <= bytes.count, "seed \(seed)")
      }
      for form in ValueForm.allCases {
        _ = ValueText(bytes, as: form, isComplete: below(2) == 0, lineLimit: below(4))
      }
      var writer = JSONWriter()
      _ = writer.copy(bytes)
    }
    #expect(accepted > 0, "seed \(seed)")
  }
}
