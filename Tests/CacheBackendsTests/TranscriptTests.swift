import CacheBackends
import CacheModel
import RESP
import TestSupport
import Testing

/// Servers that are not to be had here, by the replies that their documentation shows: KeyDB,
/// Dragonfly, and managed services that refuse some commands. Everything else goes on.
@Suite struct TranscriptTests {
  private struct Transcript {
    var information: [String]
    /// Commands that are refused, by their first words, with the reply.
    var refused: [String: String] = [:]

    func channel() -> ScriptedChannel {
      let (text, refused) = (information.joined(separator: "\r\n"), refused)
      return ScriptedChannel { command in
        let words = command.arguments.prefix(3).map { String(decoding: $0, as: UTF8.self) }
        for length in (1...max(1, words.count)).reversed() {
          let head = words.prefix(length).joined(separator: " ").uppercased()
          if let reply = refused[head] { return .error(reply) }
        }
        return Self.answer(words, text)
      }
    }

    private static func answer(_ words: [String], _ information: String) -> RESPValue {
      switch words[0] {
      case "INFO": .bulk(information)
      case "SCAN": .array([.bulk("0"), .array([.bulk("k")])])
      case "TYPE": .simple("string")
      case "PTTL": .integer(5000)
      case "MEMORY": .integer(64)
      case "OBJECT": words[1] == "ENCODING" ? .bulk("embstr") : .integer(3)
      case "STRLEN": .integer(1)
      case "DBSIZE": .integer(1)
      case "GETRANGE", "GET": .bulk("v")
      case "TIME": .array([.bulk("1700000000"), .bulk("0")])
      default: .ok
      }
    }
  }

  private static let keyDB = Transcript(
    information: [
      "# Server", "redis_version:6.3.4", "redis_git_sha1:7e7e5e57", "os:Linux 5.15 x86_64",
      "executable:/usr/local/bin/keydb-server", "uptime_in_seconds:5", "run_id:abc",
      "# Memory", "used_memory:1000", "maxmemory:0", "storage_provider:none",
      "available_system_memory:unavailable", "# Stats", "keyspace_hits:1", "keyspace_misses:2",
      "# Replication", "role:active-replica", "master_replid:feed", "# CPU", "server_threads:2",
      "long_lock_waits:0", "mvcc_depth:0", "# Keyspace",
      "db0:keys=1,expires=1,avg_ttl=0,cached_keys=1",
    ])

  private static let dragonfly = Transcript(
    information: [
      "# Server", "redis_version:7.4.0", "dragonfly_version:df-v1.27.1", "redis_mode:standalone",
      "os:Linux 5.15 x86_64", "thread_count:8", "run_id:def", "# Memory", "used_memory:1000",
      "maxmemory:12000000000", "maxmemory_policy:eviction", "# Stats", "keyspace_hits:1",
      "keyspace_misses:2", "total_commands_processed:10", "# Replication", "role:master",
      "master_replid:feed", "# Keyspace", "db0:keys=1,expires=1,avg_ttl=-1",
    ],
    refused: [
      "OBJECT FREQ":
        "ERR Unknown subcommand or wrong number of arguments for 'FREQ'. Try OBJECT HELP.",
      "CLIENT NO-TOUCH": "ERR unknown subcommand 'NO-TOUCH'. Try CLIENT HELP.",
    ])

  /// Amazon ElastiCache, Google Memorystore and Azure rename what administers a server.
  private static let managed = Transcript(
    information: [
      "# Server", "redis_version:7.1.0", "os:Amazon ElastiCache", "run_id:0", "# Memory",
      "used_memory:1000", "# Stats", "keyspace_hits:1", "keyspace_misses:2", "# Replication",
      "role:master", "# Keyspace", "db0:keys=1,expires=1,avg_ttl=0",
    ],
    refused: [
      "CONFIG": "ERR unknown command 'CONFIG', with args beginning with: 'GET' ",
      "CLIENT": "NOPERM this user has no permissions to run the 'client' command",
      "MEMORY": "ERR unknown command `MEMORY`, with args beginning with: `USAGE`, `k`, ",
    ])

  /// One that speaks the protocol and hardly anything of the server's own words.
  private static let frugal = Transcript(
    information: [],
    refused: [
      "INFO": "ERR unknown command 'INFO'", "MEMORY USAGE": "ERR unknown command 'MEMORY'",
      "OBJECT": "ERR unknown command 'OBJECT'", "HELLO": "ERR unknown command 'HELLO'",
      "TIME": "ERR unknown command 'TIME'",
    ])

  private func backend(_ transcript: Transcript) -> (RedisBackend, ScriptedChannel) {
    let channel = transcript.channel()
    return (RedisBackend(over: channel, address: "redis://there", database: 0), channel)
  }

  @Test func eachIsKnownByItsOwnNameAndVersion() async throws {
    let rows: [(Transcript, String, String)] = [
      (Self.keyDB, "keydb", "6.3.4"), (Self.dragonfly, "dragonfly", "df-v1.27.1"),
      (Self.managed, "redis", "7.1.0"), (Self.frugal, "redis", ""),
    ]
    for (transcript, product, version) in rows {
      let about = try await backend(transcript).0.open()
      #expect(about.product == product && about.version == version)
    }
  }

  @Test(arguments: [0, 1, 2, 3])
  func keysAreListedDescribedAndReadAllTheSame(_ place: Int) async throws {
    let transcript = [Self.keyDB, Self.dragonfly, Self.managed, Self.frugal][place]
    let (backend, channel) = backend(transcript)
    _ = try await backend.open()
    let page = try await backend.scan(from: .start, matching: nil, count: 10)
    #expect(page.keys == [CacheKey("k")])
    for _ in 0..<3 {
      let summary = try await backend.describe(page.keys, .everything)[0]
      #expect(summary?.kind == .string && summary?.length == 1)
      #expect(summary?.lifetime?.ttl?.milliseconds == 5000)
      let refusesMemory = transcript.refused.keys.contains { $0.hasPrefix("MEMORY") }
      #expect((summary?.bytes == nil) == refusesMemory)
      #expect((summary?.encoding == nil) == (transcript.refused["OBJECT"] != nil))
    }
    #expect(try await backend.statistics().keys == 1)
    // What was refused for good was asked once more at most.
    for head in transcript.refused.keys where head != "CLIENT" && head != "CONFIG" {
      let asked = channel.commands.count { command in
        command.arguments.prefix(head.split(separator: " ").count)
          .map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ") == head
      }
      #expect(asked <= 2, "\(head)")
    }
  }

  /// Whatever it refuses, it is asked whether it tells of changes, once, and says no.
  @Test(arguments: [0, 1, 2, 3])
  func nothingIsToldWhereNothingIsPushed(_ place: Int) async throws {
    let transcript = [Self.keyDB, Self.dragonfly, Self.managed, Self.frugal][place]
    let (backend, _) = backend(transcript)
    _ = try await backend.open()
    let (following, follow) = AsyncStream.makeStream(of: FollowedView.self)
    follow.yield(FollowedView(keys: [CacheKey("k")]))
    #expect(try await backend.watch(following) { _ in } == .cannotTell)
  }
}
