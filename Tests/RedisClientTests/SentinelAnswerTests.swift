import RESP
import RedisClient
import Testing
import Transport

/// What sentinels say, and what hostile ones may.
@Suite struct SentinelAnswerTests {
  private static func address(_ host: RESPValue, _ port: RESPValue) -> RESPValue {
    .array([host, port])
  }

  static let replies: [(reply: RESPValue, answer: SentinelAnswer)] = [
    (address(.bulk("10.0.0.1"), .bulk("6379")), .primary(.tcp(host: "10.0.0.1", port: 6379))),
    (address(.bulk("::1"), .bulk("65535")), .primary(.tcp(host: "::1", port: 65535))),
    (address(.bulk("cache.example"), .bulk("1")), .primary(.tcp(host: "cache.example", port: 1))),
    (.null, .unknownName),
    (address(.bulk("h"), .bulk("0")), .useless("its answer names no server")),
    (address(.bulk("h"), .bulk("65536")), .useless("its answer names no server")),
    (address(.bulk("h"), .bulk("99999999999999999999")), .useless("its answer names no server")),
    (address(.bulk("h"), .bulk("-1")), .useless("its answer names no server")),
    (address(.bulk(""), .bulk("1")), .useless("its answer names no server")),
    (address(.bulk("a\u{1B}[31mb"), .bulk("1")), .useless("its answer names no server")),
    (
      address(.bulk(String(repeating: "h", count: 256)), .bulk("1")),
      .useless("its answer names no server")
    ),
    (address(.null, .bulk("1")), .useless("its answer names no server")),
    (.array([]), .useless("its answer names no server")),
    (.array([.bulk("h")]), .useless("its answer names no server")),
    (.ok, .useless("its answer names no server")),
    (.integer(5), .useless("its answer names no server")),
    (
      .error("ERR unknown command 'SENTINEL', with args beginning with: "),
      .useless("it is no sentinel; sentinels mostly listen on port 26379")
    ),
    (.error("NOPERM no"), .useless("NOPERM no")),
  ]

  @Test(arguments: replies.indices)
  func isTakenAtItsMeaning(_ row: Int) {
    #expect(SentinelAnswer(Self.replies[row].reply) == Self.replies[row].answer)
  }

  @Test func namesComeInBothDialects() {
    let flat = RESPValue.array([.bulk("name"), .bulk("shop"), .bulk("ip"), .bulk("h")])
    let map = RESPValue.map([
      RESPPair(.bulk("ip"), .bulk("h")), RESPPair(.bulk("name"), .bulk("a")),
    ])
    #expect(SentinelAnswer.names(.array([flat, map])) == ["a", "shop"])
    let senseless: [RESPValue] = [
      .null, .array([.null, .array([.bulk("name")]), .map([]), .integer(1)]), .error("ERR no"),
    ]
    for reply in senseless { #expect(SentinelAnswer.names(reply).isEmpty) }
  }

  @Test func othersComeInBothDialects() {
    let flat = RESPValue.array([
      .bulk("name"), .bulk("port"), .bulk("ip"), .bulk("10.0.0.1"), .bulk("port"), .bulk("26379"),
    ])
    let map = RESPValue.map([
      RESPPair(.bulk("port"), .bulk("5000")), RESPPair(.bulk("ip"), .bulk("::1")),
    ])
    #expect(
      SentinelAnswer.sentinels(.array([flat, map])) == [
        .tcp(host: "10.0.0.1", port: 26379), .tcp(host: "::1", port: 5000),
      ])
    let portless = RESPValue.array([.bulk("ip"), .bulk("h"), .bulk("port"), .bulk("0")])
    let senseless: [RESPValue] = [
      .null, .ok, .error("NOPERM no"), .array([portless, .null, .map([]), .array([.bulk("ip")])]),
    ]
    for reply in senseless { #expect(SentinelAnswer.sentinels(reply).isEmpty) }
  }

  @Test func aSwitchIsThatOfTheGroup() {
    func push(_ words: String...) -> RESPValue { .push(words.map { .bulk($0) }) }
    let told = push("message", "+switch-master", "shop 10.0.0.1 6379 10.0.0.2 6380")
    #expect(SentinelAnswer.switched(told, of: "shop") == .tcp(host: "10.0.0.2", port: 6380))
    #expect(SentinelAnswer.switched(told, of: "shops") == nil)
    let others = [
      push("subscribe", "+switch-master", "1"), push("message", "+sdown", "shop a 1 b 2"),
      push("message", "+switch-master", "shop a 1 b"), push("message", "+switch-master"),
      push("message", "+switch-master", "shop a 1 b 99999"), .bulk("message"),
    ]
    for other in others { #expect(SentinelAnswer.switched(other, of: "shop") == nil) }
  }
}
