import CacheServer
import RESP
import Testing

struct PayloadTests {
  /// As redis-server 7.0.15 wrote them.
  @Test(arguments: [
    ("00c07b0a00", "\"123\""), ("000568656c6c6f0a00", "\"hello\""), ("00c1d2040a00", "\"1234\""),
    ("00c2a08601000a00", "\"100000\""),
  ])
  func readsStrings(body: String, reply: String) async throws {
    let engine = try EngineUnderTest()
    #expect(try await restore(sealed(hex(body)), engine) == .ok)
    try await engine.expect("GET k => \(reply)")
  }

  @Test func readsLZF() async throws {
    // Literal run "ab", then a match of 18 bytes at distance 2.
    let body: [UInt8] = [0x00, 0xC3, 0x06, 0x14, 0x01, 0x61, 0x62, 0xE0, 0x09, 0x01, 0x0A, 0x00]
    let engine = try EngineUnderTest()
    #expect(try await restore(sealed(body), engine) == .ok)
    try await engine.expect("GET k => \"abababababababababab\"")
  }

  @Test func readsAPackedHash() async throws {
    let engine = try EngineUnderTest()
    // Listpack of f v n 300, in a string.
    let listpack: [UInt8] =
      [0x14, 0, 0, 0, 4, 0, 0x81, 0x66, 2, 0x81, 0x76, 2, 0x81, 0x6E, 2, 0xC1, 0x2C, 2, 0xFF]
    var fixed = listpack
    fixed[0] = UInt8(listpack.count)
    let body = [0x10, UInt8(fixed.count)] + fixed + [0x0A, 0x00]
    #expect(try await restore(sealed(body), engine) == .ok)
    try await engine.expect("HGETALL k => {\"f\": \"v\", \"n\": \"300\"}")
  }

  @Test func comesBackFromItsOwnDump() async throws {
    let engine = try EngineUnderTest()
    for size in [0, 1, 63, 64, 16_383, 16_384, 70_000] {
      let value = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      _ = try await engine.run([Array("SET".utf8), Array("s".utf8), value])
      let dump = try await engine.run("DUMP s").bytes ?? []
      #expect(try await restore(dump, engine) == .ok)
      #expect(try await engine.run("GET k") == .bulk(value))
    }
    _ = try await engine.run("HSET h a 1 b 2")
    #expect(try await restore(try await engine.run("DUMP h").bytes ?? [], engine) == .ok)
    try await engine.expect("HGETALL k => {\"a\": \"1\", \"b\": \"2\"}\nDUMP none => nil")
  }

  @Test func deadlinesAndOptions() async throws {
    let engine = try EngineUnderTest()
    let dump = sealed(hex("00c07b0a00"))
    #expect(try await restore(dump, engine, "5000") == .ok)
    try await engine.expect("PTTL k => 5000")
    let busy = try await run(["RESTORE", "k", "0"], dump, [], engine)
    #expect(short(busy) == "(error) BUSYKEY Target key name already exists.")
    let negative = try await run(["RESTORE", "k", "-1"], dump, ["REPLACE"], engine)
    #expect(short(negative) == "(error) ERR Invalid TTL value, must be >= 0")
    let idle = try await run(["RESTORE", "k", "0"], dump, ["REPLACE", "IDLETIME", "90"], engine)
    #expect(idle == .ok)
    try await engine.expect("OBJECT IDLETIME k => 90")
    // A deadline in the past: OK, and no key.
    let past = try await run(["RESTORE", "k", "1"], dump, ["REPLACE", "ABSTTL"], engine)
    #expect(past == .ok)
    try await engine.expect("EXISTS k => 0")
  }

  @Test func refusesAWrongEnvelope() async throws {
    let engine = try EngineUnderTest()
    var flipped = sealed(hex("00c07b0a00"))
    flipped[1] ^= 1
    for payload in [[], [0], Array(repeating: 0, count: 10), flipped, sealed(hex("00c07b0b00"))] {
      let reply = short(try await restore(payload, engine))
      #expect(reply == "(error) ERR DUMP payload version or checksum are wrong")
    }
  }

  /// Contents of any kind under a right checksum: an answer, no trap, no large allocation.
  @Test(arguments: [1, 2, UInt64.random(in: 3 ... .max)])
  func survivesAnyContent(seed: UInt64) async throws {
    let engine = try EngineUnderTest()
    var random = SplitMixGenerator(state: seed)
    let models = [
      hex("00c3061401 6162e00901"), hex("0402016101310162 0132"), hex("00c2a0860100"),
      [0x10, 19] + hex("1300000004008166028176028 16e02c12c02ff"), hex("0081ffffffffffffffff"),
      hex("0480ffffffff"), hex("00c380ffffffff80ffffffff"), hex("10c0ff"),
      hex("0102016103626364"), hex("120102 0d0d000000 0200 816102 0702ff"), hex("1201010161"),
      hex("0202016101 62"), hex("0b0c 02000000 02000000 0100 0200"),
      hex("0501 0161 000000000000f03f"), hex("03010161 0131"), hex("0301 0161 ff"),
      hex("110d0d000000 0200 816102 0702ff"),
      hex(
        """
        1301 10 0000000000000005 0000000000000001
        1b 1b000000 0a00 0101 0001 0001 0001 0001 0001 0001 0101 816602 0701 0501 ff
        01 05 01 05 01 00 00 01 00
        """),
    ]
    for _ in 0..<3000 {
      var body = models[Int.random(in: 0..<models.count, using: &random)]
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        body[Int.random(in: 0..<body.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      body.removeLast(Int.random(in: 0...2, using: &random))
      let reply = short(try await restore(sealed(body + [0x0A, 0x00]), engine))
      #expect(["OK", "(error) ERR Bad data format"].contains(reply), "seed \(seed) \(body)")
    }
    #expect(try await engine.run("PING") == .simple("PONG"))
  }

  private func restore(
    _ payload: [UInt8], _ engine: EngineUnderTest, _ time: String = "0"
  ) async throws -> RESPValue {
    try await run(["RESTORE", "k", time], payload, ["REPLACE"], engine)
  }

  private func run(
    _ before: [String], _ payload: [UInt8], _ after: [String], _ engine: EngineUnderTest
  ) async throws -> RESPValue {
    try await engine.run(before.map { Array($0.utf8) } + [payload] + after.map { Array($0.utf8) })
  }

  private func hex(_ text: String) -> [UInt8] {
    let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
  }

  /// The content with its checksum, computed bit by bit from the definition.
  private func sealed(_ content: [UInt8]) -> [UInt8] {
    var value: UInt64 = 0
    for byte in content {
      value ^= UInt64(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x95AC_9329_AC4B_C9B5 : value >> 1 }
    }
    return content + (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }
}
