import RESP
import TestSupport
import Testing

@Suite struct RESPParserTests {
  /// Wire bytes and the value they mean.
  static let corpus: [(wire: String, value: RESPValue)] = [
    ("+OK\r\n", .ok),
    ("+\r\n", .simple("")),
    ("+a\rb\nc\r\n", .simple("a\rb\nc")),
    ("-WRONGTYPE Operation\r\n", .error("WRONGTYPE Operation")),
    (":0\r\n", .integer(0)),
    (":+7\r\n", .integer(7)),
    (":9223372036854775807\r\n", .integer(.max)),
    (":-9223372036854775808\r\n", .integer(.min)),
    ("$0\r\n\r\n", .bulk("")),
    ("$7\r\na\r\n$1\r\n\r\n", .bulk("a\r\n$1\r\n")),
    ("$-1\r\n", .null),
    ("*-1\r\n", .null),
    ("_\r\n", .null),
    ("*0\r\n", .array([])),
    (
      "*3\r\n:1\r\n*1\r\n$1\r\nx\r\n*0\r\n",
      .array([.integer(1), .array([.bulk("x")]), .array([])])
    ),
    (",3.25\r\n", .double(3.25)),
    (",-1e-7\r\n", .double(-1e-7)),
    (",10\r\n", .double(10)),
    (",inf\r\n", .double(.infinity)),
    (",-inf\r\n", .double(-.infinity)),
    ("#t\r\n", .boolean(true)),
    ("#f\r\n", .boolean(false)),
    (
      "(-3492890328409238509324850943850943825024385\r\n",
      .bigNumber(Array("-3492890328409238509324850943850943825024385".utf8))
    ),
    ("!21\r\nSYNTAX invalid syntax\r\n", .error("SYNTAX invalid syntax")),
    ("=8\r\ntxt:a\r\nb\r\n", .verbatim(format: Array("txt".utf8), text: Array("a\r\nb".utf8))),
    (
      "%2\r\n+a\r\n:1\r\n$1\r\nb\r\n%0\r\n",
      .map([RESPPair(.simple("a"), .integer(1)), RESPPair(.bulk("b"), .map([]))])
    ),
    ("~2\r\n+a\r\n_\r\n", .set([.simple("a"), .null])),
    (">2\r\n+message\r\n$1\r\nx\r\n", .push([.simple("message"), .bulk("x")])),
    ("|1\r\n+ttl\r\n:3600\r\n:5\r\n", .integer(5)),
    ("*2\r\n|1\r\n+a\r\n*1\r\n:1\r\n:7\r\n|0\r\n:8\r\n", .array([.integer(7), .integer(8)])),
  ]

  @Test(arguments: corpus.indices)
  func readsAnyCut(_ row: Int) throws {
    let (wire, value) = Self.corpus[row]
    let bytes = Array(wire.utf8)
    for cut in 0...bytes.count {
      var parser = RESPParser()
      parser.append(contentsOf: bytes[..<cut])
      let early = try parser.next()
      #expect(early == (cut == bytes.count ? value : nil))
      parser.append(contentsOf: Array(bytes[cut...]))
      if cut < bytes.count { #expect(try parser.next() == value) }
      #expect(try parser.next() == nil)
      #expect(parser.isIdle)
    }
  }

  @Test(arguments: [1, 2, 3, 7, 4096])
  func readsThemAllInPieces(of size: Int) throws {
    let bytes = Self.corpus.flatMap { Array($0.wire.utf8) }
    var parser = RESPParser()
    var values: [RESPValue] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      bytes[start..<min(bytes.count, start + size)].withUnsafeBytes {
        parser.append(contentsOf: $0)
      }
      while let value = try parser.next() { values.append(value) }
    }
    #expect(values == Self.corpus.map(\.value))
  }

  static let violations: [(wire: String, error: RESPProtocolError)] = [
    ("HTTP/1.1 400 Bad Request\r\n", .unknownType(0x48)),
    ("\r\n", .unknownType(0x0D)),
    (":\r\n", .malformed("integer")),
    (":1a\r\n", .malformed("integer")),
    (":9223372036854775808\r\n", .malformed("integer")),
    (":99999999999999999999999999\r\n", .malformed("integer")),
    ("$x\r\n", .malformed("bulk length")),
    ("$-2\r\n", .malformed("bulk length")),
    ("!-1\r\n", .malformed("bulk length")),
    ("$9223372036854775807\r\n", .bulkTooLong(limit: 512 << 20)),
    ("$536870913\r\n", .bulkTooLong(limit: 512 << 20)),
    ("$1\r\nabc", .missingLineEnd),
    ("*9223372036854775807\r\n", .tooManyElements(limit: 1 << 24)),
    ("%9223372036854775807\r\n", .tooManyElements(limit: 1 << 24)),
    ("%9000000\r\n", .tooManyElements(limit: 1 << 24)),
    ("%-1\r\n", .malformed("aggregate length")),
    ("*?\r\n", .streamedAggregate),
    ("$?\r\n", .streamedAggregate),
    (",\r\n", .malformed("double")),
    (",0x1p3\r\n", .malformed("double")),
    (",infinity\r\n", .malformed("double")),
    (",1e\r\n", .malformed("double")),
    ("(12a\r\n", .malformed("big number")),
    ("#x\r\n", .malformed("boolean")),
    ("_1\r\n", .malformed("null")),
    ("=3\r\ntxt\r\n", .malformed("verbatim string")),
    ("=4\r\ntxtx\r\n", .malformed("verbatim string")),
  ]

  @Test(arguments: violations.indices)
  func refuses(_ row: Int) {
    let (wire, error) = Self.violations[row]
    var parser = RESPParser()
    parser.append(contentsOf: Array(wire.utf8))
    #expect(throws: error) { try parser.next() }
    parser.append(contentsOf: Array("+OK\r\n".utf8))
    #expect(throws: error) { try parser.next() }
    #expect(error.message.hasPrefix("Protocol error: "))
  }

  @Test func depthIsBounded() throws {
    let deep = { (depth: Int) in Array((String(repeating: "*1\r\n", count: depth) + ":1\r\n").utf8)
    }
    var parser = RESPParser()
    parser.append(contentsOf: deep(64))
    #expect(try parser.next() != nil)
    parser.append(contentsOf: deep(65))
    #expect(throws: RESPProtocolError.nestedTooDeep(limit: 64)) { try parser.next() }
  }

  @Test func aLineWithoutEndIsBounded() throws {
    var limits = RESPLimits()
    limits.lineBytes = 1000
    var parser = RESPParser(limits: limits)
    parser.append(contentsOf: Array("+".utf8) + [UInt8](repeating: 0x61, count: 999))
    #expect(try parser.next() == nil)
    parser.append(contentsOf: [0x61])
    #expect(throws: RESPProtocolError.lineTooLong(limit: 1000)) { try parser.next() }
  }

  @Test func theSumOfAReplyIsBounded() throws {
    var limits = RESPLimits()
    limits.replyBytes = 100
    limits.elements = 10
    var parser = RESPParser(limits: limits)
    let small = Array("*2\r\n$20\r\n01234567890123456789\r\n:1\r\n".utf8)
    for _ in 0..<20 {
      parser.append(contentsOf: small)
      #expect(try parser.next() != nil)
    }
    parser.append(contentsOf: Array("*2\r\n$60\r\n".utf8) + [UInt8](repeating: 0, count: 60))
    parser.append(contentsOf: Array("\r\n$60\r\n".utf8))
    #expect(throws: RESPProtocolError.replyTooBig(limit: 100)) { try parser.next() }

    var wide = RESPParser(limits: limits)
    wide.append(contentsOf: Array("*2\r\n*5\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n*4\r\n".utf8))
    #expect(throws: RESPProtocolError.tooManyElements(limit: 10)) { try wide.next() }
  }

  /// Lengths that promise gigabytes and deliver nothing must not cost memory: 64 open aggregates
  /// of the largest count, in each of many parsers.
  @Test func lyingLengthsAllocateNothing() throws {
    var parsers: [RESPParser] = []
    for _ in 0..<1000 {
      var parser = RESPParser()
      parser.append(contentsOf: Array("*2\r\n*16000000\r\n$536870912\r\n".utf8))
      #expect(try parser.next() == nil)
      parsers.append(parser)
    }
    #expect(parsers.count == 1000)
  }

  /// A parser that looked at a long reply again with each piece would need hours here.
  @Test(.timeLimit(.minutes(5))) func longRepliesCostLinearTime() throws {
    let piece = [UInt8](repeating: 0x78, count: 16 << 10)
    var parser = RESPParser()
    parser.append(contentsOf: Array("$\(piece.count * 6400)\r\n".utf8))
    for _ in 0..<6400 {
      parser.append(contentsOf: piece)
      #expect(try parser.next() == nil)
    }
    parser.append(contentsOf: Array("\r\n".utf8))
    #expect(try parser.next()?.bytes?.count == piece.count * 6400)

    let count = 100_000
    var many = Array("*\(count)\r\n".utf8)
    for _ in 0..<count { many.append(contentsOf: Array("$3\r\nabc\r\n".utf8)) }
    for start in stride(from: 0, to: many.count, by: 100) {
      #expect(try parser.next() == nil)
      parser.append(contentsOf: many[start..<min(many.count, start + 100)])
    }
    #expect(try parser.next()?.elements?.count == count)
  }

  @Test func randomBytesNeverTrap() {
    let seed = LongRun.seed(.random(in: 0...(.max)), for: "RESPParserTests")
    var random = SplitMix(state: seed)
    let alphabet = Array("+-:$*%~>|#_,(!=?0123456789\r\n\r\n\r\nabtf".utf8)
    var outcomes = (values: 0, errors: 0)
    for _ in 0..<(20_000 * LongRun.factor) {
      var parser = RESPParser()
      for _ in 0..<random.below(6) {
        parser.append(
          contentsOf: (0..<random.below(12)).map { _ in alphabet[random.below(alphabet.count)] })
        do {
          while try parser.next() != nil { outcomes.values += 1 }
        } catch {
          outcomes.errors += 1
        }
      }
    }
    #expect(outcomes.values > 0 && outcomes.errors > 0, "seed \(seed)")
  }
}

/// A small generator that a seed repeats.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int {
    Int.random(in: 0..<bound, using: &self)
  }
}
