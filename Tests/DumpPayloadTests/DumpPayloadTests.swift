import CacheModel
import DumpPayload
import TestSupport
import Testing

/// Payloads of every encoding are read, written anew and compared.
@Suite struct DumpPayloadTests {
  static let samples = PayloadFixture.oldSamples + PayloadFixture.newSamples

  @Test(arguments: samples)
  func readsEveryEncoding(_ sample: PayloadFixture) throws {
    let value = try DumpPayload.decode(sample.payload)
    #expect(value.kind == ValueKind(redisName: sample.kind))
    #expect(sorted(value.parts, sample.kind) == sorted(sample.parts, sample.kind))
  }

  @Test(arguments: samples)
  func isTheSameAfterItWasWrittenAnew(_ sample: PayloadFixture) throws {
    let written = try DumpPayload.encode(try DumpPayload.decode(sample.payload))
    #expect(DumpPayload.isSameValue(written, sample.payload))
    let again = try DumpPayload.encode(try DumpPayload.decode(written))
    #expect(again == written)
  }

  @Test func theChecksumIsThatOfTheDefinition() {
    let digits = Array("123456789".utf8)
    #expect(CRC64.checksum(digits[...]) == 0xE9C6_D914_C4B8_D9CA)
    #expect(CRC64.checksum(digits[2..<2]) == 0)
    for count in 0..<40 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      let sealed = PayloadFixture.sealed(bytes, version: 9)
      let told = sealed.suffix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      #expect(CRC64.checksum(sealed.dropLast(8)) == told)
    }
  }

  // MARK: Fields that expire

  @Test func fieldsKeepTheirDeadlines() throws {
    let word = PackedFixture.listpackEntry
    let deadline: [UInt8] = [0xF4] + PayloadFixture.signed(Int64(1_800_000_000_000), 8)
    let first = PayloadFixture.signed(Int64(1_700_000_000_000), 8)
    let expected = DumpedValue.hash(
      [HashField("a", "1"), HashField("b", "2")],
      deadlines: [Array("b".utf8): WallTime(milliseconds: 1_800_000_000_000)])
    let fields = PayloadFixture.string("a") + PayloadFixture.string("1")
    let field = PayloadFixture.string("b") + PayloadFixture.string("2")
    let later = [0x81] + PayloadFixture.signed(Int64(100_000_000_001), 8).reversed()
    let whole = [0x81] + PayloadFixture.signed(Int64(1_800_000_000_000), 8).reversed()
    let packed = PayloadFixture.string(
      PackedFixture.listpack([word("a"), word("1"), [0], word("b"), word("2"), deadline]))
    let bodies: [([UInt8], UInt64)] = [
      ([24] + first + [2, 0] + fields + later + field, 12),
      ([22, 2, 0] + fields + whole + field, 12),
      ([25] + first + packed, 12), ([23] + packed, 12),
      (
        [22, 2] + fields + Array(repeating: 0xFF, count: 8) + field
          + PayloadFixture.signed(Int64(1_800_000_000_000), 8), 80
      ),
    ]
    for (body, version) in bodies {
      let payload = PayloadFixture.sealed(body, version: version)
      #expect(try DumpPayload.decode(payload) == expected, "type \(body[0])")
    }
    #expect(try DumpPayload.decode(try DumpPayload.encode(expected)) == expected)
    let without = try DumpPayload.encode(.hash([HashField("a", "1"), HashField("b", "2")]))
    #expect(!DumpPayload.isSameValue(without, try DumpPayload.encode(expected)))
  }

  // MARK: What is not read

  @Test func streamsAndModulesAreNamedAndKept() throws {
    for type: UInt8 in [15, 19, 21, 26, 27] {
      let payload = PayloadFixture.sealed([type, 1, 2, 3], version: 13)
      let value = try DumpPayload.decode(payload)
      #expect(value.kind == .stream)
      #expect(value.newValue == nil)
      #expect(try DumpPayload.encode(value) == payload)
    }
    // "ReJSON-RL" in six bits for each letter, and a version of 3.
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    let id = "ReJSON-RL".reduce(UInt64(0)) {
      $0 << 6 | UInt64(letters.firstIndex(of: $1) ?? 0)
    }
    let number = [0x81] + PayloadFixture.little(id << 10 | 3, 8).reversed()
    let module = PayloadFixture.sealed([7] + number + [5, 1, 0x61, 0], version: 10)
    #expect(try DumpPayload.decode(module).kind == .other("ReJSON-RL"))
    #expect(try DumpPayload.encode(try DumpPayload.decode(module)) == module)
    let empty = PayloadFixture.sealed([7], version: 10)
    #expect(try DumpPayload.decode(empty).kind == .other("module"))
  }

  @Test func saysWhyAPayloadIsNotRead() {
    func error(_ payload: [UInt8], newest: UInt64? = nil) -> DumpPayloadError? {
      do throws(DumpPayloadError) {
        _ = try DumpPayload.decode(payload, newest: newest)
        return nil
      } catch {
        return error
      }
    }
    let hello = PayloadFixture.sealed([0, 1, 0x61], version: 99)
    #expect(error([]) == .damaged(.tooShort))
    #expect(error(Array(repeating: 0, count: 10)) == .damaged(.tooShort))
    #expect(error(Array(hello.dropLast()) + [1]) == .damaged(.checksum))
    #expect(error(hello, newest: 10) == .newerVersion(99))
    // The form of a string has not changed since there are payloads.
    #expect(error(hello) == nil)
    #expect(error(PayloadFixture.sealed([22, 1, 0], version: 99)) == .newerVersion(99))
    #expect(error(PayloadFixture.sealed([90, 1], version: 99)) == .newerVersion(99))
    #expect(
      error(PayloadFixture.sealed([90, 1], version: 10)) == .unsupported(type: "RDB type 90"))
    #expect(error(PayloadFixture.sealed([8, 1], version: 10)) == .unsupported(type: "RDB type 8"))
  }

  @Test(arguments: [
    [0, 5, 0x61], [1, 0], [2, 2, 1, 0x61, 1, 0x61], [4, 2, 1, 0x61, 0, 1, 0x61, 1, 0x62],
    [5, 1, 1, 0x61, 0, 0, 0, 0, 0, 0, 0xF8, 0x7F], [3, 1, 1, 0x61, 253], [18, 1, 1, 0],
    [18, 1, 3, 1, 0x61], [11, 12, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 1, 0], [0, 1, 0x61, 0],
    [9, 4, 1, 1, 0x66, 0xFF], [10, 11, 11, 0, 0, 0, 10, 0, 0, 0, 1, 0, 0xFF],
    [24, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x81, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0],
    [13, 14, 14, 0, 0, 0, 10, 0, 0, 0, 1, 0, 0, 1, 0x61, 0xFF],
    [16, 10, 10, 0, 0, 0, 1, 0, 0x81, 0x61, 2, 0xFF],
  ])
  func refusesContentThatIsNotWhole(_ body: [UInt8]) {
    #expect(throws: DumpPayloadError.damaged(.content)) {
      try DumpPayload.decode(PayloadFixture.sealed(body, version: 12))
    }
  }

  @Test func comparesContentAndNotForm() throws {
    func dump(_ value: DumpedValue) throws -> [UInt8] { try DumpPayload.encode(value) }
    let (a, b): ([UInt8], [UInt8]) = ([0x61], [0x62])
    #expect(DumpPayload.isSameValue(try dump(.set([a, b])), try dump(.set([b, a]))))
    #expect(!DumpPayload.isSameValue(try dump(.list([a, b])), try dump(.list([b, a]))))
    #expect(!DumpPayload.isSameValue(try dump(.list([a, b])), try dump(.set([a, b]))))
    let hash = [HashField("a", "1"), HashField("b", "2")]
    #expect(DumpPayload.isSameValue(try dump(.hash(hash)), try dump(.hash(hash.reversed()))))
    #expect(
      !DumpPayload.isSameValue(try dump(.hash(hash)), try dump(.hash([hash[0], hash[0]]))))
    let scored = { (score: Double) in DumpedValue.sortedSet([ScoredMember(member: a, score: score)])
    }
    #expect(DumpPayload.isSameValue(try dump(scored(0)), try dump(scored(-0.0))))
    #expect(!DumpPayload.isSameValue(try dump(scored(0)), try dump(scored(1))))
    let stream = PayloadFixture.sealed([19, 1], version: 10)
    #expect(DumpPayload.isSameValue(stream, PayloadFixture.sealed([19, 1], version: 11)))
    #expect(!DumpPayload.isSameValue(stream, PayloadFixture.sealed([19, 2], version: 10)))
    #expect(!DumpPayload.isSameValue([1], [2]))
    #expect(DumpPayload.isSameValue([1], [1]))
  }

  @Test func writesNothingThatNoServerKeeps() {
    #expect(throws: DumpPayloadError.unsupported(type: "empty collection")) {
      try DumpPayload.encode(.list([]))
    }
    #expect(throws: DumpPayloadError.unsupported(type: "score that is no number")) {
      try DumpPayload.encode(.sortedSet([ScoredMember(member: [1], score: .nan)]))
    }
  }

  private func sorted(_ parts: [[UInt8]], _ kind: String) -> [[UInt8]] {
    guard kind == "set" else { return kind == "zset" ? sortedPairs(parts) : parts }
    return parts.sorted { $0.lexicographicallyPrecedes($1) }
  }

  private func sortedPairs(_ parts: [[UInt8]]) -> [[UInt8]] {
    stride(from: 0, to: parts.count, by: 2).map { parts[$0] + [0] + parts[$0 + 1] }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }
}

extension DumpedValue {
  /// Fields and values, members and scores in turn.
  fileprivate var parts: [[UInt8]] {
    switch self {
    case .string(let bytes): [bytes]
    case .list(let elements), .set(let elements): elements
    case .sortedSet(let members): members.flatMap { [$0.member, Self.text($0.score)] }
    case .hash(let fields, _): fields.flatMap { [$0.field, $0.value] }
    case .opaque: []
    }
  }

  private static func text(_ score: Double) -> [UInt8] {
    if score == 2e20 { return Array("2e20".utf8) }
    let text = "\(score)"
    return Array((text.hasSuffix(".0") ? String(text.dropLast(2)) : text).utf8)
  }
}

extension HashField {
  fileprivate init(_ field: String, _ value: String) {
    self.init(field: Array(field.utf8), value: Array(value.utf8))
  }
}
