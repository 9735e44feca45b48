import DumpPayload
import TestSupport
import Testing

/// Payloads that somebody made to do harm: an error, and never a trap, a hang or all memory.
@Suite struct HostilePayloadTests {
  private static let models = DumpPayloadTests.samples.filter { $0.body.count < 2000 }

  /// Bytes changed, cut off and put in, under a right checksum.
  @Test(arguments: LongRun.seeds(1...3))
  func survivesAnyChange(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var read = 0
    for _ in 0..<4000 {
      var body = Self.models.randomElement(using: &random)?.body ?? []
      for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&body, &random) }
      let version = UInt64.random(in: 0...100, using: &random)
      let payload = PayloadFixture.sealed(body, version: version)
      guard let value = try? DumpPayload.decode(payload, mostBytes: 1 << 20) else { continue }
      read += 1
      let written = try DumpPayload.encode(value)
      #expect(DumpPayload.isSameValue(payload, written), "seed \(seed) \(body)")
    }
    #expect(read > 0, "seed \(seed)")
  }

  private func mutate(_ body: inout [UInt8], _ random: inout SeededRandom) {
    guard !body.isEmpty else { return }
    let place = Int.random(in: 0..<body.count, using: &random)
    let byte = UInt8.random(in: 0...255, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: body.removeSubrange(place...)
    case 1: body.insert(byte, at: place)
    case 2: body.remove(at: place)
    case 3:
      body[place] = [0, 0x7F, 0x80, 0x81, 0xC3, 0xFE, 0xFF].randomElement(using: &random) ?? 0
    default: body[place] = byte
    }
  }

  /// Every prefix of every sample.
  @Test func survivesEveryCut() {
    for sample in Self.models {
      for count in 1..<sample.body.count {
        let payload = PayloadFixture.sealed(Array(sample.body.prefix(count)), version: 9)
        #expect(throws: DumpPayloadError.self, "\(sample.name), \(count) bytes") {
          try DumpPayload.decode(payload)
        }
      }
    }
  }

  @Test func lengthsBeyondTheBytesReserveNothing() {
    let huge: [UInt8] = [0x81, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
    for type: UInt8 in [0, 1, 2, 3, 4, 5, 14, 18] {
      #expect(throws: DumpPayloadError.damaged(.content)) {
        try DumpPayload.decode(PayloadFixture.sealed([type] + huge, version: 10))
      }
    }
    for size in [huge, [0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]] {
      #expect(throws: DumpPayloadError.damaged(.content)) {
        try DumpPayload.decode(PayloadFixture.sealed([0, 0xC3, 2] + size + [0, 1], version: 10))
      }
    }
  }

  /// A few bytes that stand for many: 264 for each three.
  @Test func compressedBytesAreHeldToABound() throws {
    let rows = 4000
    let input: [UInt8] = [0, 0] + (0..<rows).flatMap { _ in [0xE0, 0xFF, 0] as [UInt8] }
    let size = 1 + rows * 264
    let bomb =
      [0xC3, 0x80] + big(input.count) + [0x80] + big(size) + input
    let one = PayloadFixture.sealed([0] + bomb, version: 10)
    #expect(try DumpPayload.decode(one) == .string(Array(repeating: 0, count: size)))
    #expect(throws: DumpPayloadError.damaged(.content)) {
      try DumpPayload.decode(one, mostBytes: 1000)
    }
    // Each alone is within the bound; together they are not.
    let list = PayloadFixture.sealed([1, 8] + (0..<8).flatMap { _ in bomb }, version: 10)
    #expect(throws: DumpPayloadError.damaged(.content)) {
      try DumpPayload.decode(list, mostBytes: 2 * size)
    }
  }

  /// Two bytes of a listpack make an array; from compressed ones it is thousands of times as many.
  @Test func elementsOfACompressedBlockAreHeldToABound() {
    let count = 100_000
    let block = PackedFixture.listpack(Array(repeating: [1], count: 0x7FFF))
    #expect(throws: Never.self) {
      try DumpPayload.decode(
        PayloadFixture.sealed([18, 1, 2] + PayloadFixture.string(block), version: 10),
        mostBytes: 0)
    }
    // "0101…" behind a head of which the count is not known.
    let head = PayloadFixture.little(UInt64(count * 2 + 7), 4) + [0xFF, 0xFF]
    var input: [UInt8] = [7] + head + [1, 1]
    var left = count * 2 - 2
    while left >= 264 {
      input += [0xE0, 0xFF, 1]
      left -= 264
    }
    while left > 0 {
      let run = min(left, 32)
      input += [UInt8(run - 1)] + Array(repeating: 1, count: run)
      left -= run
    }
    input += [0, 0xFF]
    let packed = [0xC3, 0x80] + big(input.count) + [0x80] + big(count * 2 + 7) + input
    let payload = PayloadFixture.sealed([18, 1, 2] + packed, version: 10)
    #expect(throws: Never.self) { try DumpPayload.decode(payload) }
    #expect(throws: DumpPayloadError.damaged(.content)) {
      try DumpPayload.decode(payload, mostBytes: count * 10)
    }
  }

  private func big(_ value: Int) -> [UInt8] {
    PayloadFixture.little(UInt64(value), 4).reversed()
  }
}
