import Synchronization
import TestSupport
import Testing
import ValueDecoding

/// Bytes that were made to hurt: each ends as a value or as a code, soon and in little memory.
@Suite struct HostileValueTests {
  private func text(_ decoding: Decoding) -> String {
    String(decoding: decoding.json, as: UTF8.self)
  }

  @Test func deepNestingIsCutInItsPlace() {
    let open = [UInt8](repeating: 0x5D, count: 100_000)
    let close = [UInt8](repeating: 0x61, count: 99_999)
    let pickle = ValueDecoder().decode([0x80, 4] + open + close + [0x2E])
    let expected = cut(at: 100)
    #expect(pickle.outcome == "ok" && text(pickle) == expected)
    let packed = ValueDecoder().decode([UInt8](repeating: 0x91, count: 100_000) + [0xC0])
    #expect(packed.codecs == ["msgpack"] && text(packed) == expected)
    let json = ValueDecoder().decode(nested(512))
    #expect(json.codecs == ["json"] && text(json) == expected)
    #expect(ValueDecoder().decode(nested(513)).codecs == ["text"])
    #expect(
      text(ValueDecoder().decode(nested(100))) == String(decoding: nested(100), as: UTF8.self))
  }

  private func nested(_ depth: Int) -> [UInt8] {
    Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
  }

  private func cut(at depth: Int) -> String {
    String(repeating: "[", count: depth) + "{\"$limit\":\"depth\"}"
      + String(repeating: "]", count: depth)
  }

  @Test func aFewBytesThatMeanManyNodesStop() {
    // Each list holds the one before it twice.
    var bytes: [UInt8] = [0x80, 4, 0x5D, 0x94]
    for index in 0..<40 as Range<UInt8> {
      bytes += [0x5D, 0x94, 0x28, 0x68, index, 0x68, index, 0x65]
    }
    let decoding = ValueDecoder().decode(bytes + [0x2E])
    #expect(decoding.codecs == ["pickle:4"] && decoding.outcome == "limit:nodes")
  }

  @Test func aLongTextManyTimesOverStops() {
    let long = [UInt8](repeating: 0x61, count: 1 << 16)
    var bytes: [UInt8] = [0x80, 4, 0x5D, 0x28, 0x58, 0, 0, 1, 0] + long + [0x94]
    for _ in 0..<100_000 { bytes += [0x68, 0] }
    var budget = DecodingBudget()
    budget.limits.memory = 8 << 20
    #expect(ValueDecoder(budget).decode(bytes + [0x65, 0x2E]).outcome == "limit:memory")
  }

  @Test func anEndlessPickleStopsAtItsOpcodes() {
    var budget = DecodingBudget()
    budget.limits.opcodes = 1000
    let head: [UInt8] = [0x80, 4]
    let steps = (0..<499).flatMap { _ in [0x4E, 0x30] as [UInt8] }
    #expect(ValueDecoder(budget).decode(head + steps + [0x4E, 0x2E]).outcome == "limit:ops")
    #expect(ValueDecoder(budget).decode(head + steps.dropLast(2) + [0x4E, 0x2E]).outcome == "ok")
  }

  @Test func manyNodesOfAnyFormatStop() {
    let decoder = ValueDecoder()
    #expect(
      decoder.decode([0x5B] + [UInt8](repeating: 0x5B, count: 0) + list(199_999)).outcome == "ok")
    #expect(decoder.decode([0x5B] + list(200_000)).outcome == "limit:nodes")
    let packed: [UInt8] = [0xDD, 0, 3, 0x0D, 0x40] + [UInt8](repeating: 0, count: 200_000)
    #expect(decoder.decode(packed).outcome == "limit:nodes")
  }

  private func list(_ count: Int) -> [UInt8] {
    Array(([UInt8](repeating: 0x31, count: count)).map { [$0] }.joined(separator: [0x2C])) + [0x5D]
  }

  @Test func lengthsThatLieAreFoundOutFirst() {
    let lies: [(bytes: [UInt8], outcome: String)] = [
      ([0x80, 4, 0x42, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E], "pickle:truncated"),
      ([0x80, 4, 0x8E] + [UInt8](repeating: 0xFF, count: 8) + [0x2E], "pickle:truncated"),
      ([0x80, 4, 0x8D] + [UInt8](repeating: 0x7F, count: 8) + [0x2E], "pickle:truncated"),
      ([0x80, 4, 0x96] + [UInt8](repeating: 0x80, count: 8) + [0x2E], "pickle:truncated"),
      ([0x80, 4, 0x8B, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E], "pickle:bad-value"),
      ([0x80, 4, 0x54, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E], "pickle:bad-value"),
      ([0x80, 4, 0x95, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x4E, 0x2E], "ok"),
      ([0x80, 4, 0x72, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E], "pickle:bad-op"),
      ([0x80, 4, 0x4E, 0x72, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E], "ok"),
      ([0x80, 4, 0x4E, 0x70] + Array("99999999999999999999999\n.".utf8), "pickle:bad-value"),
    ]
    for (bytes, outcome) in lies {
      #expect(ValueDecoder().decode(bytes).outcome == outcome, "\(bytes)")
    }
    for lead in [0xDB, 0xDD, 0xDF] as [UInt8] {
      let decoding = ValueDecoder().decode([lead, 0xFF, 0xFF, 0xFF, 0xFF, 0xC0])
      #expect(decoding.codecs == ["binary"])
    }
  }

  static let wrongSteps: [String] = [
    "a", "e", "s", "u", "b", "R", "Q", "0", "1", "2", ".", "(.", "t", "h\u{9}", "]K\u{1}s",
    "NK\u{1}b",
    "K\u{1}K\u{2}a", "(K\u{1}d", "](K\u{1}u", ")K\u{1}\u{81}", "NN\u{93}", "]]R", "\u{85}",
    "\u{86}", "\u{90}",
    "](K\u{1}\u{90}", "\u{98}", "cm\nC\n)K\u{1}\u{92}", "(]a.", "(o",
  ]

  @Test(arguments: wrongSteps)
  func aStepThatCannotBeIsSaidSo(_ steps: String) {
    let bytes: [UInt8] = [0x80, 4] + steps.unicodeScalars.map { UInt8($0.value) } + [0x2E]
    #expect(ValueDecoder().decode(bytes).outcome == "pickle:bad-op")
  }

  @Test func nothingIsRunAndWhatIsDangerousIsNamed() {
    let old = ValueDecoder().decode(Array("cos\nsystem\n(S'echo hi'\ntR.".utf8))
    #expect(text(old) == "{\"$call\":\"os.system\",\"$args\":[\"echo hi\"]}")
    #expect(old.suspicious == ["os.system"] && old.outcome == "ok")
    let old2 = ValueDecoder().decode(Array("c__builtin__\neval\n(S'1'\ntR.".utf8))
    #expect(old2.suspicious == ["builtins.eval"])
    let plain = ValueDecoder().decode(Array("cosmetics\nsystem\n(tR.".utf8))
    #expect(plain.suspicious.isEmpty && plain.codecs == ["pickle:0-1"])
  }

  @Test func theClockEndsIt() {
    let left = Mutex(3)
    let budget = DecodingBudget {
      left.withLock {
        $0 -= 1
        return $0 < 0
      }
    }
    let steps = (0..<50_000).flatMap { _ in [0x4E, 0x30] as [UInt8] }
    #expect(ValueDecoder(budget).decode([0x80, 4] + steps + [0x4E, 0x2E]).outcome == "limit:time")
    let expired = ValueDecoder(DecodingBudget { true })
    #expect(expired.decode([0x30]).outcome == "limit:time")
  }

  @Test func aSharedListMayGrowWithoutItsSet() {
    // l = [1]; s = set(l); l.append(2); s.add(3); (l, s)
    let bytes: [UInt8] =
      [0x80, 2, 0x5D, 0x71, 0, 0x4B, 1, 0x61] + Array("c__builtin__\nset\n".utf8)
      + [
        0x68, 0, 0x85, 0x52, 0x71, 1, 0x28, 0x4B, 3, 0x90, 0x68, 0, 0x4B, 2, 0x61, 0x68, 1, 0x86,
        0x2E,
      ]
    #expect(text(ValueDecoder().decode(bytes)) == "{\"$tuple\":[[1,2],{\"$set\":[1,3]}]}")
  }
}
