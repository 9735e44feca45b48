import DumpPayload
import RESP
import TestSupport
import Testing

/// Values move between a redis-server and the engine by DUMP and RESTORE, in both directions, and
/// are the same afterwards: content, order and encoding.
struct PayloadExchangeTests {
  @Test func everyEncodingGoesBothWays() throws {
    let pair = try ServerPair()
    for command in Self.samples() + Self.streams() {
      let (expected, found) = try pair.run(command)
      #expect(expected == found && expected.error == nil, "\(command[0])")
    }
    let keys = Set((Self.samples() + Self.streams()).map { String(decoding: $0[1], as: UTF8.self) })
    for key in keys.sorted() {
      let (fromRedis, fromEngine) = try pair.run(["DUMP", key])
      let payloads = [fromRedis, fromEngine].map { $0.bytes ?? [] }
      for (name, payload) in zip(["redis", "engine"], payloads) {
        let words = ["RESTORE", "from:\(name):\(key)", "0"].map { Array($0.utf8) }
        let (onRedis, onEngine) = try pair.run(words + [payload])
        #expect(onRedis == .ok && onEngine == .ok, "\(name) \(key)")
        try compare("from:\(name):\(key)", with: key, pair)
      }
    }
  }

  /// Payloads of servers of all ages, put together by hand: Redis takes them, the engine reads the
  /// same, and so do both when the payload is written anew.
  @Test func oldEncodingsAreReadAsRedisReadsThem() throws {
    let pair = try ServerPair()
    for sample in PayloadFixture.oldSamples {
      let anew = try DumpPayload.encode(try DumpPayload.decode(sample.payload))
      for (key, payload) in [("old", sample.payload), ("anew", anew)] {
        let words = ["RESTORE", key, "0"].map { Array($0.utf8) }
        let (onRedis, onEngine) = try pair.run(words + [payload, Array("REPLACE".utf8)])
        #expect(onRedis == .ok && onEngine == .ok, "\(sample) \(key)")
      }
      try compare("old", with: "old", pair, comparingEncoding: false)
      try compare("anew", with: "old", pair, comparingEncoding: false)
      let dump = try pair.run(["DUMP", "old"])
      for payload in [dump.redis.bytes, dump.engine.bytes] {
        #expect(DumpPayload.isSameValue(payload ?? [], sample.payload), "\(sample)")
      }
    }
  }

  /// Elements that Redis keeps outside of packed nodes.
  @Test func plainNodesAreRead() throws {
    let pair = try ServerPair(["--enable-debug-command", "yes"])
    try pair.redis.send("DEBUG QUICKLIST-PACKED-THRESHOLD 50b\r\n")
    #expect(try pair.redis.reply() == .ok)
    for index in 0..<20 {
      _ = try pair.run([
        Array("RPUSH".utf8), Array("l".utf8), Array(repeating: UInt8(index), count: index * 10),
      ])
    }
    try pair.redis.send("DUMP l\r\n")
    let payload = try pair.redis.reply().bytes ?? []
    let words = ["RESTORE", "copy", "0"].map { Array($0.utf8) }
    #expect(try pair.run(words + [payload]).engine == .ok)
    try compare("copy", with: "l", pair)
  }

  private func compare(
    _ copy: String, with key: String, _ pair: ServerPair, comparingEncoding: Bool = true
  ) throws {
    let readings = [
      ["TYPE"], ["OBJECT", "ENCODING"], ["GET"], ["LRANGE", "0", "-1"], ["SMEMBERS"],
      ["ZRANGE", "0", "-1", "WITHSCORES"], ["HGETALL"], ["XRANGE", "-", "+"],
    ]
    let kind = try pair.run(["TYPE", key]).redis.text ?? ""
    let reading = ["string": 2, "list": 3, "set": 4, "zset": 5, "hash": 6, "stream": 7][kind] ?? 0
    let encoding = comparingEncoding ? [readings[1]] : []
    for words in [readings[0]] + encoding + [readings[reading]] {
      let place = words[0] == "OBJECT" ? 2 : 1
      let original = try pair.run(words.inserted(key, at: place)).redis
      let (onRedis, onEngine) = try pair.run(words.inserted(copy, at: place))
      for reply in [onRedis, onEngine] {
        #expect(sorted(reply, kind) == sorted(original, kind), "\(words[0]) \(copy)")
      }
    }
  }

  private func sorted(_ reply: RESPValue, _ kind: String) -> [RESPValue] {
    guard let elements = reply.elements else { return [reply] }
    guard kind == "set" || kind == "hash" else { return elements }
    return elements.sorted { ($0.bytes ?? []).lexicographicallyPrecedes($1.bytes ?? []) }
  }

  /// Commands that make streams: of several nodes, with removed entries, with none left.
  private static func streams() -> [[[UInt8]]] {
    var lines = (1...250).map { "XADD stream \($0 / 3 + 1)-\($0) field \($0) n \($0 * 1000)" }
    lines += ["XDEL stream 1-1 20-58 20-59", "XADD stream 18446744073709551614-7 other last"]
    lines += ["XADD stream:empty 5-5 f v", "XTRIM stream:empty MAXLEN 0"]
    return lines.map { $0.split(separator: " ").map { Array($0.utf8) } }
  }

  /// Commands that make one key of every encoding.
  private static func samples() -> [[[UInt8]]] {
    func numbers(_ range: Range<Int>, _ text: (Int) -> String) -> [String] { range.map(text) }
    func scored(_ count: Int, _ score: (Int) -> String) -> [String] {
      (0..<count).flatMap { [score($0), "m\($0)"] }
    }
    let long = String(repeating: "abc ", count: 5000)
    let integers = [0, 127, 128, -1, 4095, -4096, 4096, 32_767, -32_769, 8_388_607, -8_388_609]
    let samples: [(String, String, [String])] = [
      ("SET", "text", ["some text"]), ("SET", "number", ["-12345"]), ("SET", "long", [long]),
      ("RPUSH", "list", ["a", "", "7", "-70000", "007"]),
      ("RPUSH", "list:integers", integers.map(String.init) + ["\(Int64.max)", "\(Int64.min)"]),
      ("RPUSH", "list:nodes", numbers(0..<5000) { "element number \($0)" }),
      ("RPUSH", "list:large", ["x", long, long, "y"]),
      (
        "RPUSH", "list:sizes",
        [63, 64, 126, 127, 128, 4095, 4096].map { String(repeating: "s", count: $0) }
      ),
      ("SADD", "set:16", ["1", "-2", "300"]), ("SADD", "set:32", ["1", "-70000"]),
      ("SADD", "set:64", ["1", "\(Int64.max)", "\(Int64.min)"]),
      ("SADD", "set:512", numbers(0..<512, String.init)),
      ("SADD", "set:513", numbers(0..<513, String.init)),
      ("SADD", "set:words", ["a", "b", "1", "007", ""]),
      ("ZADD", "zset", ["1", "one", "0.1", "tenth", "inf", "all", "-inf", "none", "1e20", "much"]),
      ("ZADD", "zset:128", scored(128) { "\($0 - 60)" }),
      ("ZADD", "zset:129", scored(129) { "\(Double($0) / 7)" }),
      ("ZADD", "zset:long", ["1", String(repeating: "m", count: 65), "-inf", "n"]),
      ("HSET", "hash", ["f", "v", "n", "12"]), ("HSET", "hash:large", ["f", long]),
      ("HSET", "hash:513", numbers(0..<1026) { "field \($0)" }),
    ]
    return samples.map { ([$0.0, $0.1] + $0.2).map { Array($0.utf8) } }
  }
}

extension [String] {
  fileprivate func inserted(_ element: String, at index: Int) -> [String] {
    var copy = self
    copy.insert(element, at: index)
    return copy
  }
}
