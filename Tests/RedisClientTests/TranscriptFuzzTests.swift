import RESP
import RedisClient
import SystemIO
import TestSupport
import Testing
import Transport

/// What a real server says, damaged in every way that chance finds: nothing traps, nothing hangs,
/// memory follows the bytes that came, and what is read does not depend on how it was cut.
@Suite(.timeLimit(.minutes(30))) struct TranscriptFuzzTests {
  /// Replies of every type of both protocols, and pushes between them.
  private static let questions: [RESPCommand] = [
    "HELLO 3", "CLIENT TRACKING ON", "SET k v", "GET k", "SET k w", "GET nothing", "INCR n",
    "HSET h a 1 b 2", "HGETALL h", "RPUSH l a b c", "LRANGE l 0 -1", "SADD s x y z", "SMEMBERS s",
    "ZADD z 1.5 a 2.5 b", "ZRANGE z 0 -1 WITHSCORES", "ZSCORE z a", "XADD x 1-1 f v",
    "XRANGE x - +", "XINFO STREAM x FULL", "INFO", "COMMAND INFO get set", "MEMORY STATS", "WRONG",
    "LPUSH k x", "MULTI", "INCR n", "LPUSH k x", "HGETALL h", "EXEC", "SUBSCRIBE c", "PUBLISH c m",
    "SLOWLOG GET", "CLIENT LIST", "SCAN 0 COUNT 100", "OBJECT ENCODING h", "DEBUG PROTOCOL string",
    "DEBUG PROTOCOL integer", "DEBUG PROTOCOL double", "DEBUG PROTOCOL null",
    "DEBUG PROTOCOL array",
    "DEBUG PROTOCOL set", "DEBUG PROTOCOL map", "DEBUG PROTOCOL attrib", "DEBUG PROTOCOL push",
    "DEBUG PROTOCOL verbatim", "DEBUG PROTOCOL true", "DEBUG PROTOCOL bignum", "HELLO 2",
    "HGETALL h", "ZRANGE z 0 -1 WITHSCORES", "GET nothing", "DEBUG PROTOCOL double",
  ].map { words in
    RESPCommand(arguments: words.split(separator: " ").map { Array($0.utf8) })
  }

  /// Pieces that parsers have stumbled over elsewhere.
  private static let hostile: [[UInt8]] = [
    "$9223372036854775807\r\n", "$-2\r\n", "*2147483647\r\n", "*-1\r\n", "%1000000000\r\n",
    "$?\r\n;4\r\nabcd\r\n;0\r\n", "*?\r\n:1\r\n.\r\n", "|1\r\n+a\r\n+b\r\n", ">0\r\n",
    ">1\r\n*0\r\n",
    ",nan\r\n", ",-inf\r\n", "(-\r\n", "#x\r\n", "=3\r\nab\r\n", "!0\r\n\r\n", "_x\r\n", ":\r\n",
    "+\r\r\n",
    ":99999999999999999999\r\n", "$18446744073709551616\r\n", "\r\n", "\n", "\0",
    "HTTP/1.1 400\r\n",
    "-\r\n", "$00000000000000000000003\r\nabc\r\n", "%1\r\n%1\r\n%1\r\n", "~5\r\n",
    "*1\r\n*1\r\n*1\r\n",
  ].map { Array($0.utf8) }

  private static var limits: RESPLimits {
    var limits = RESPLimits()
    (limits.replyBytes, limits.bulkBytes, limits.elements) = (1 << 20, 1 << 20, 1 << 16)
    limits.lineBytes = 1 << 16
    return limits
  }

  private struct Read {
    var replies: [RESPValue] = []
    /// The same for comparing: what is no number is not equal to itself.
    var bytes: [UInt8] { replies.flatMap { RESPEncoder.bytes(of: $0, version: .three) } }
    var error: RESPProtocolError?

    func isSame(as other: Read) -> Bool {
      error == other.error && replies.count == other.replies.count && bytes == other.bytes
    }
  }

  /// All that a parser makes of bytes that come in pieces.
  private func read(_ bytes: [UInt8], cut: (Int) -> Int) -> Read {
    var parser = RESPParser(limits: Self.limits)
    var result = Read()
    var place = 0
    while place < bytes.count {
      let end = min(bytes.count, place + max(1, cut(place)))
      parser.append(contentsOf: bytes[place..<end])
      place = end
      do throws(RESPProtocolError) {
        while let reply = try parser.next() { result.replies.append(reply) }
      } catch {
        result.error = error
        return result
      }
    }
    return result
  }

  private func damage(
    _ original: [UInt8], _ random: inout SeededRandom
  ) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      let length = min(bytes.count - place, Int.random(in: 1...40, using: &random))
      switch Int.random(in: 0..<7, using: &random) {
      case 0 where place < bytes.count: bytes[place] = .random(in: 0...255, using: &random)
      case 1: bytes.removeSubrange(place..<(place + length))
      case 2: bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
      case 3: bytes.insert(contentsOf: Self.hostile.randomElement(using: &random) ?? [], at: place)
      case 4: bytes.removeSubrange(place...)
      case 5 where place < bytes.count:
        // Digits above all: lengths are where harm is done.
        let digit = bytes[place...].firstIndex { $0 >= 0x30 && $0 <= 0x39 } ?? place
        bytes[digit] = .random(in: 0x2D...0x39, using: &random)
      default: bytes.swapAt(min(place, bytes.count - 1), 0)
      }
      if bytes.isEmpty { return [0x2A] }
    }
    return bytes
  }

  private func transcript() throws -> [UInt8] {
    let server = try RedisServerProcess(["--enable-debug-command", "yes"])
    defer { withExtendedLifetime(server) {} }
    return try server.transcript(of: Self.questions)
  }

  /// Which byte ends each whole reply.
  private func pieces(of bytes: [UInt8]) throws -> [[UInt8]] {
    var parser = RESPParser()
    var (pieces, start) = ([[UInt8]](), 0)
    for place in bytes.indices {
      parser.append(contentsOf: bytes[place...place])
      guard try parser.next() != nil else { continue }
      pieces.append(Array(bytes[start...place]))
      start = place + 1
    }
    return pieces
  }

  @Test func everyCutReadsTheSame() throws {
    let bytes = try transcript()
    let whole = read(bytes) { _ in bytes.count }
    #expect(whole.error == nil && whole.replies.count > Self.questions.count)
    #expect(whole.replies.contains { if case .push = $0 { true } else { false } })
    #expect(whole.replies.contains { if case .map = $0 { true } else { false } })
    for size in [1, 2, 3, 5, 7, 64] { #expect(read(bytes) { _ in size }.isSame(as: whole)) }
    for place in stride(from: 1, to: bytes.count, by: max(1, bytes.count / 4000)) {
      let halves = read(bytes) { $0 == 0 ? place : bytes.count }
      #expect(halves.isSame(as: whole), "cut at \(place)")
    }
  }

  @Test func damagedTranscriptsAreReadOrRefused() throws {
    let seed = LongRun.seed(.random(in: 0...(.max)), for: "TranscriptFuzzTests")
    print("TranscriptFuzzTests, parser: CACHESCOPE_SEED=\(seed)")
    var random = SeededRandom(seed: seed)
    let pieces = try pieces(of: try transcript())
    let before = ProcessFigures.residentBytes
    var (rounds, refused, replies) = (0, 0, 0)
    let end = SystemClock.monotonicMilliseconds + Int64(LongRun.seconds(2, long: 600)) * 1000
    repeat {
      let first = Int.random(in: 0..<pieces.count, using: &random)
      let count = Int.random(in: 1...8, using: &random)
      let bytes = damage(Array(pieces[first...].prefix(count).joined()), &random)
      let whole = read(bytes) { _ in bytes.count }
      var cuts = random
      let cut = read(bytes) { _ in Int.random(in: 1...9, using: &cuts) }
      guard whole.isSame(as: cut) else {
        Issue.record("seed \(seed), round \(rounds): the cut matters")
        return
      }
      rounds += 1
      replies += whole.replies.count
      if whole.error != nil { refused += 1 }
    } while SystemClock.monotonicMilliseconds < end
    let grown = ProcessFigures.residentBytes - before
    print(
      "parser: \(rounds) transcripts, \(replies) replies, \(refused) refused, "
        + "\(grown >> 20) MiB more than before")
    #expect(rounds > 10 && refused > 0)
    // In a usual run others take memory meanwhile.
    if LongRun.factor > 1 { #expect(grown < 1 << 30) }
  }
}
