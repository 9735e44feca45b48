import CacheBackends
import CacheModel
import RESP
import TestSupport
import Testing

/// Streams by time, with their groups; and what newer servers and modules tell, by transcript.
@Suite(.timeLimit(.minutes(5))) struct StreamTests {
  private let key = CacheKey("s")

  private func add(_ source: SourceUnderTest, _ count: Int) async throws {
    for number in 1...count {
      try await source.run("XADD", "s", "1700000000000-\(number)", "n", "\(number)", "n", "again")
    }
  }

  @Test(arguments: SourceKind.redis)
  func entriesComeByTimeAndOnce(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    try await add(source, 250)
    var ids: [StreamID] = []
    var sizes: [Int] = []
    var position: ValuePosition? = .start
    while let from = position, sizes.count < 50 {
      let page = try #require(
        try await source.backend.read(
          key, from: from, within: ValueBound(bytes: 1 << 20, elements: 100)))
      guard case .stream(let entries, let groups) = page.content else {
        Issue.record("no stream")
        break
      }
      #expect(groups.isEmpty && page.totalLength == 250)
      #expect(entries.allSatisfy { $0.fields.map(\.value).last == bytes("again") })
      ids += entries.map(\.id)
      sizes.append(entries.count)
      position = page.next
    }
    #expect(sizes == [100, 100, 50])
    #expect(ids == (1...250).map { StreamID(milliseconds: 1_700_000_000_000, sequence: $0) })
    // Exactly a page, and nothing behind it.
    try await source.run("XTRIM", "s", "MAXLEN", "100")
    let page = try await source.backend.read(
      key, within: ValueBound(bytes: 1 << 20, elements: 100))
    #expect(page?.content.count == 100 && page?.next == nil)
    await source.close()
  }

  @Test(arguments: SourceKind.redis)
  func groupsTellWhatWaits(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    try await add(source, 5)
    try await source.run("XGROUP", "CREATE", "s", "mail", "0")
    try await source.run("XGROUP", "CREATE", "s", "idle", "$")
    try await source.run("XREADGROUP", "GROUP", "mail", "ann", "COUNT", "3", "STREAMS", "s", ">")
    try await source.run("XACK", "s", "mail", "1700000000000-1")
    let page = try await source.backend.read(key, within: .standard)
    guard case .stream(let entries, let groups)? = page?.content else {
      Issue.record("no stream")
      return
    }
    #expect(entries.count == 5 && groups.count == 2)
    let mail = try #require(groups.first { $0.name == bytes("mail") })
    #expect(mail.pending == 2 && mail.consumerCount == 1 && mail.lag == 2)
    #expect(mail.lastDelivered == StreamID("1700000000000-3"))
    #expect(mail.consumers.map(\.name) == [bytes("ann")] && mail.consumers.first?.pending == 2)
    #expect(mail.oldest.map(\.id.sequence) == [2, 3])
    #expect(mail.oldest.allSatisfy { $0.consumer == bytes("ann") && $0.deliveries == 1 })
    let idle = try #require(groups.first { $0.name == bytes("idle") })
    #expect(idle.pending == 0 && idle.consumers.isEmpty && idle.oldest.isEmpty)
    // Further pages do not ask again.
    let rest = try await source.backend.read(
      key, from: .entry(StreamID(milliseconds: 1_700_000_000_000, sequence: 4)), within: .standard)
    guard case .stream(let later, let none)? = rest?.content else { return }
    #expect(later.map(\.id.sequence) == [4, 5] && none.isEmpty)
    await source.close()
  }

  @Test func aUserWhoMayNotAskForGroupsSeesTheEntries() async throws {
    let source = try SourceUnderTest(
      .redisRESP2, options: ["--rename-command", "XINFO", "", "--rename-command", "XPENDING", ""])
    _ = try await source.backend.open()
    try await add(source, 2)
    try await source.run("XGROUP", "CREATE", "s", "mail", "0")
    let page = try await source.backend.read(key, within: .standard)
    #expect(page?.content.count == 2)
    await source.close()
  }

  @Test func idsAreReadAndCounted() {
    #expect(StreamID("5-7") == StreamID(milliseconds: 5, sequence: 7))
    for text in ["", "5", "5-", "-7", "a-b", "5-7-9", "99999999999999999999-0", "-1-2"] {
      #expect(StreamID(text) == nil, "\(text)")
    }
    #expect(StreamID(milliseconds: 5, sequence: .max).next?.text == "6-0")
    #expect(StreamID(milliseconds: .max, sequence: .max).next == nil)
  }

  // MARK: By transcript

  /// A server that answers so, and does not know all other commands.
  private func server(
    _ version: String, _ answers: [String: RESPValue]
  ) -> (RedisBackend, ScriptedChannel) {
    let channel = ScriptedChannel { command in
      if command.verb == "INFO" {
        return .bulk(bytes("# Server\r\nredis_version:\(version)\r\nrun_id:a\r\n"))
      }
      return answers[command.verb] ?? .error(RESPError("ERR unknown command '\(command.verb)'"))
    }
    return (RedisBackend(over: channel, address: "scripted", database: 0), channel)
  }

  private func read(
    _ version: String, _ answers: [String: RESPValue]
  ) async throws -> (page: ValuePage?, verbs: [String]) {
    let (backend, channel) = server(version, answers)
    _ = try await backend.open()
    return (try await backend.read(key, within: .standard), channel.verbs)
  }

  /// As Redis 7.4 and 8 answer.
  @Test func fieldsOfHashesWithLivesOfTheirOwn() async throws {
    let pairs = ["city", "Oslo", "code", "1234"].map { RESPValue.bulk(bytes($0)) }
    let answers: [String: RESPValue] = [
      "TYPE": .simple(bytes("hash")), "PTTL": .integer(-1), "HLEN": .integer(2),
      "HSCAN": .array([.bulk(bytes("0")), .array(pairs)]),
      "HPTTL": .array([.integer(-1), .integer(61_000)]),
    ]
    let page = try await read("7.4.2", answers).page
    #expect(page?.fieldLives == [bytes("code"): TTL(milliseconds: 61_000)])
    // Older servers are not asked.
    let older = try await read("7.2.0", answers)
    #expect(older.page?.fieldLives.isEmpty == true && !older.verbs.contains("HPTTL"))
    // A user who may not ask sees the fields.
    var refused = answers
    refused["HPTTL"] = .error(
      RESPError("NOPERM this user has no permissions to run the 'hpttl' command"))
    let seen = try await read("8.0.0", refused).page
    #expect(seen?.content.count == 2 && seen?.fieldLives.isEmpty == true)
  }

  /// As the JSON module 2.6 answers, which Redis 8 has in it.
  @Test func documentsOfTheJSONModule() async throws {
    let text = #"{"name":"Lamp","tags":["a"]}"#
    var answers: [String: RESPValue] = [
      "TYPE": .simple(bytes("ReJSON-RL")), "PTTL": .integer(-1),
      "MEMORY": .integer(200), "JSON.GET": .bulk(bytes(text)),
    ]
    let page = try await read("7.2.0", answers).page
    #expect(page?.content == .string(bytes(text)) && page?.isComplete == true)
    #expect(page?.kind == .other("ReJSON-RL"))
    // What cannot be had in parts is not asked for when it is large.
    answers["MEMORY"] = .integer(100 << 20)
    let large = try await read("7.2.0", answers)
    #expect(large.page?.content == .unreadable && !large.verbs.contains("JSON.GET"))
    // A type of another module.
    answers["TYPE"] = .simple(bytes("MBbloom--"))
    let other = try await read("7.2.0", answers)
    #expect(other.page?.content == .unreadable && !other.verbs.contains("JSON.GET"))
    #expect(other.page?.kind.unshownWords.contains("MBbloom--") == true)
  }
}
