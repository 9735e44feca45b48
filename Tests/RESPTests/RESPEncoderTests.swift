import RESP
import Testing

@Suite struct RESPEncoderTests {
  @Test func writesACommand() {
    var bytes: [UInt8] = []
    RESPEncoder.append(RESPCommand("SET", [[0, 13, 10], []]), to: &bytes)
    #expect(bytes == Array("*3\r\n$3\r\nSET\r\n$3\r\n\u{0}\r\n\r\n$0\r\n\r\n".utf8))
  }

  @Test(arguments: RESPParserTests.corpus.indices)
  func version3ReadsBackTheSame(_ row: Int) throws {
    let value = RESPParserTests.corpus[row].value
    var parser = RESPParser()
    parser.append(contentsOf: RESPEncoder.bytes(of: value, version: .three))
    let expected: RESPValue =
      if case .simple(let text) = value {
        .simple(text.map { $0 == 10 || $0 == 13 ? 32 : $0 })
      } else { value }
    #expect(try parser.next() == expected)
    #expect(parser.isIdle)
  }

  static let downgrades: [(value: RESPValue, wire: String)] = [
    (.null, "$-1\r\n"),
    (.boolean(true), ":1\r\n"),
    (.boolean(false), ":0\r\n"),
    (.double(0.1), "$3\r\n0.1\r\n"),
    (.double(3), "$1\r\n3\r\n"),
    (.double(-.infinity), "$4\r\n-inf\r\n"),
    (.double(.nan), "$3\r\nnan\r\n"),
    (.bigNumber(Array("123".utf8)), "$3\r\n123\r\n"),
    (.verbatim(format: Array("txt".utf8), text: Array("ab".utf8)), "$2\r\nab\r\n"),
    (.set([.integer(1)]), "*1\r\n:1\r\n"),
    (.push([.integer(1)]), "*1\r\n:1\r\n"),
    (
      .map([RESPPair(.bulk("a"), .map([RESPPair(.bulk("b"), .null)]))]),
      "*2\r\n$1\r\na\r\n*2\r\n$1\r\nb\r\n$-1\r\n"
    ),
    (.array([.ok, .error("ERR a\r\n+forged")]), "*2\r\n+OK\r\n-ERR a  +forged\r\n"),
  ]

  @Test(arguments: downgrades.indices)
  func version2IsADowngrade(_ row: Int) {
    let (value, wire) = Self.downgrades[row]
    #expect(RESPEncoder.bytes(of: value, version: .two) == Array(wire.utf8))
  }

  @Test func aVerbatimFormatIsAlwaysThreeLetters() throws {
    let wire = RESPEncoder.bytes(of: .verbatim(format: [0x61], text: [0x62]), version: .three)
    #expect(wire == Array("=5\r\na  :b\r\n".utf8))
  }
}
