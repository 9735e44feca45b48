import KeyPattern
import TestSupport
import Testing

@Suite struct GlobPatternTests {
  @Test(arguments: RecordedGlobs.answers.indices)
  func matchesWhatRedisMatched(_ row: Int) {
    let (pattern, expected) = RecordedGlobs.answers[row]
    let glob = GlobPattern(bytes(pattern))
    let matched = RecordedGlobs.keys.indices.filter { glob.matches(bytes(RecordedGlobs.keys[$0])) }
    #expect(matched == expected, "pattern \(pattern.debugDescription)")
  }

  @Test func aLiteralMatchesItselfAlone() {
    for key in RecordedGlobs.keys where !key.isEmpty {
      let glob = GlobPattern.literal(bytes(key))
      let matched = RecordedGlobs.keys.filter { glob.matches(bytes($0)) }
      #expect(matched == [key])
    }
  }

  @Test func aPrefixNeverGlobs() {
    let glob = GlobPattern.prefix(bytes("user[1]"))
    #expect(glob.source == bytes("user\\[1\\]*"))
    #expect(glob.matches(bytes("user[1]:x")))
    #expect(!glob.matches(bytes("user1:x")))
  }

  @Test func knowsWhatHasAMeaning() {
    for text in ["a*", "?", "[", "]", "a\\b"] { #expect(GlobPattern.hasMeaning(bytes(text))) }
    for text in ["", "abc", "a-b", "^", "user:1"] { #expect(!GlobPattern.hasMeaning(bytes(text))) }
  }

  /// The naive recursion needs more steps here than there are atoms.
  @Test(.timeLimit(.minutes(5))) func manyRunsStayCheap() {
    let glob = GlobPattern(String(repeating: "a*", count: 500) + "b")
    #expect(!glob.matches([UInt8](repeating: 0x61, count: 5000)))
  }

  @Test func anyBytesAreAPattern() {
    var random = SeededRandom(seed: LongRun.seed(.random(in: 0...(.max)), for: "GlobPatternTests"))
    let alphabet = bytes("*?[]^-\\ab\u{0}\u{FF}")
    for _ in 0..<(20_000 * LongRun.factor) {
      let pattern = (0..<Int.random(in: 0...8, using: &random)).compactMap { _ in
        alphabet.randomElement(using: &random)
      }
      let key = (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in
        alphabet.randomElement(using: &random)
      }
      #expect(
        GlobPattern(pattern).matches(key) == reference(pattern, key),
        "pattern \(pattern), key \(key)")
    }
  }

  private func bytes(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }
}

/// Redis' `stringmatchlen`, line by line, with the shortcut of SCAN for `*`.
private func reference(_ pattern: [UInt8], _ key: [UInt8]) -> Bool {
  pattern == [0x2A] || recursion(pattern[...], key[...])
}

private func recursion(_ pattern: ArraySlice<UInt8>, _ key: ArraySlice<UInt8>) -> Bool {
  var p = pattern
  var s = key
  while let head = p.first, let byte = s.first {
    switch head {
    case 0x2A:
      while p.dropFirst().first == 0x2A { p.removeFirst() }
      if p.count == 1 { return true }
      return s.indices.contains { recursion(p.dropFirst(), s[$0...]) }
    case 0x3F: s.removeFirst()
    case 0x5B:
      p.removeFirst()
      let isNegated = p.first == 0x5E
      if isNegated { p.removeFirst() }
      var isIn = false
      while let member = p.first, member != 0x5D {
        if member == 0x5C, p.count >= 2 {
          p.removeFirst()
          if p.first == byte { isIn = true }
        } else if p.count >= 3, p[p.startIndex + 1] == 0x2D {
          let ends = [Int8(bitPattern: member), Int8(bitPattern: p[p.startIndex + 2])].sorted()
          if Int8(bitPattern: byte) >= ends[0], Int8(bitPattern: byte) <= ends[1] { isIn = true }
          p.removeFirst(2)
        } else if member == byte {
          isIn = true
        }
        p.removeFirst()
      }
      guard isIn != isNegated else { return false }
      s.removeFirst()
      if p.isEmpty { return s.isEmpty }
    default:
      if head == 0x5C, p.count >= 2 { p.removeFirst() }
      guard p.first == byte else { return false }
      s.removeFirst()
    }
    p.removeFirst()
    if s.isEmpty {
      p = p.drop { $0 == 0x2A }
      break
    }
  }
  return p.isEmpty && s.isEmpty
}
