import RESP
import TestSupport
import Testing

@Suite struct RESPCommandParserTests {
  static let corpus: [(wire: String, arguments: [String])] = [
    ("*1\r\n$4\r\nPING\r\n", ["PING"]),
    ("*3\r\n$3\r\nSET\r\n$0\r\n\r\n$4\r\na\r\nb\r\n", ["SET", "", "a\r\nb"]),
    ("PING\r\n", ["PING"]),
    ("PING\n", ["PING"]),
    ("  set \t key  \"a b\"\r\n", ["set", "key", "a b"]),
    ("set k \"\\x41\\n\\\"\\q\\xZZ\"\r\n", ["set", "k", "A\n\"qxZZ"]),
    ("set k 'a\\'b\\n'\r\n", ["set", "k", "a'b\\n"]),
    ("set k \"\" ''\r\n", ["set", "k", "", ""]),
    ("set k ab\"c d\" e\r\n", ["set", "k", "abc d", "e"]),
    ("*0\r\n\r\n*-1\r\n   \r\nPING\r\n", ["PING"]),
  ]

  @Test(arguments: corpus.indices)
  func readsAnyCut(_ row: Int) throws {
    let (wire, arguments) = Self.corpus[row]
    let bytes = Array(wire.utf8)
    let expected = RESPCommand(arguments: arguments.map { Array($0.utf8) })
    for cut in 0..<bytes.count {
      var parser = RESPCommandParser()
      parser.append(contentsOf: bytes[..<cut])
      #expect(try parser.next() == nil)
      bytes[cut...].withUnsafeBytes { parser.append(contentsOf: $0) }
      #expect(try parser.next() == expected)
      #expect(try parser.next() == nil)
      #expect(parser.bufferedBytes == 0)
    }
  }

  /// Wire bytes and what Redis says before it closes the connection.
  static let violations: [(wire: String, message: String)] = [
    ("*x\r\n", "Protocol error: invalid multibulk length"),
    ("*1048577\r\n", "Protocol error: invalid multibulk length"),
    ("*99999999999999999999\r\n", "Protocol error: invalid multibulk length"),
    ("*1\r\nPING\r\n", "Protocol error: expected '$', got 'P'"),
    ("*1\r\n\r\n", "Protocol error: expected '$', got '\\x0d'"),
    ("*1\r\n$x\r\n", "Protocol error: invalid bulk length"),
    ("*1\r\n$-1\r\n", "Protocol error: invalid bulk length"),
    ("*1\r\n$536870913\r\n", "Protocol error: invalid bulk length"),
    ("set k \"a\r\n", "Protocol error: unbalanced quotes in request"),
    ("set k 'a\r\n", "Protocol error: unbalanced quotes in request"),
    ("set k \"a\"b\r\n", "Protocol error: unbalanced quotes in request"),
    (String(repeating: "a", count: 65_537), "Protocol error: too big inline request"),
    ("*" + String(repeating: "1", count: 65_536), "Protocol error: too big mbulk count string"),
    (
      "*1\r\n$" + String(repeating: "1", count: 65_536), "Protocol error: too big bulk count string"
    ),
  ]

  @Test(arguments: violations.indices)
  func refusesInRedisWords(_ row: Int) throws {
    let (wire, message) = Self.violations[row]
    var parser = RESPCommandParser()
    parser.append(contentsOf: Array(wire.utf8))
    let error = #expect(throws: RESPProtocolError.self) { try parser.next() }
    #expect(error?.message == message)
    parser.append(contentsOf: Array("PING\r\n".utf8))
    #expect(throws: RESPProtocolError.self) { try parser.next() }
  }

  @Test func strangersGetLittle() throws {
    var parser = RESPCommandParser(isAuthenticated: false)
    parser.append(contentsOf: Array("*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n".utf8))
    #expect(try parser.next() == RESPCommand("AUTH", "secret"))
    var many = parser
    many.append(contentsOf: Array("*11\r\n".utf8))
    #expect(throws: RESPProtocolError.unauthenticatedMultibulkLength) { try many.next() }
    var long = parser
    long.append(contentsOf: Array("*1\r\n$16385\r\n".utf8))
    #expect(throws: RESPProtocolError.unauthenticatedBulkLength) { try long.next() }
    parser.isAuthenticated = true
    parser.append(contentsOf: Array("*11\r\n".utf8))
    #expect(try parser.next() == nil)
  }

  @Test func theSumOfACommandIsBounded() throws {
    var parser = RESPCommandParser()
    parser.append(contentsOf: Array("*1000000\r\n$536870912\r\n".utf8))
    #expect(try parser.next() == nil)
    #expect(parser.bufferedBytes <= (512 << 20))
  }

  @Test func aPipelineComesOutInOrder() throws {
    let batch = (0..<5000).map {
      RESPCommand("SET", "key:\($0)", String(repeating: "v", count: $0 % 50))
    }
    let bytes = RESPEncoder.bytes(of: batch)
    var parser = RESPCommandParser()
    var read: [RESPCommand] = []
    for start in stride(from: 0, to: bytes.count, by: 777) {
      parser.append(contentsOf: bytes[start..<min(bytes.count, start + 777)])
      while let command = try parser.next() { read.append(command) }
    }
    #expect(read == batch)
  }

  @Test func randomBytesNeverTrap() {
    let seed = LongRun.seed(.random(in: 0...(.max)), for: "RESPCommandParserTests")
    var random = SplitMix(state: seed)
    let alphabet = Array("*$0123456789\r\n\r\n\"'\\x ab\u{0}".utf8)
    var outcomes = (commands: 0, errors: 0)
    for _ in 0..<(20_000 * LongRun.factor) {
      var parser = RESPCommandParser(isAuthenticated: random.below(2) == 0)
      for _ in 0..<random.below(6) {
        parser.append(
          contentsOf: (0..<random.below(12)).map { _ in alphabet[random.below(alphabet.count)] })
        do {
          while let command = try parser.next() {
            outcomes.commands += 1
            #expect(!command.arguments.isEmpty)
          }
        } catch {
          outcomes.errors += 1
        }
      }
    }
    #expect(outcomes.commands > 0 && outcomes.errors > 0, "seed \(seed)")
  }
}
