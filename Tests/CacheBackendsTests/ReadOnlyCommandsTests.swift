import CacheBackends
import CacheServer
import RESP
import TestSupport
import Testing

/// Every command that there is, through every way that a channel has, against the guard.
@Suite(.timeLimit(.minutes(5))) struct ReadOnlyCommandsTests {
  /// A command or subcommand of a server's table.
  struct Known: Sendable {
    var words: [String]
    var arity: Int
    var flags: Set<String>
    var categories: Set<String>

    /// As INFO commandstats has it.
    var name: String { words.joined(separator: "|").lowercased() }

    /// With as many arguments as it takes, and one more, each in three spellings.
    var commands: [RESPCommand] {
      let least = max(0, abs(arity) - words.count)
      return [least, least + 1].flatMap { count in
        Self.spellings(words).map { words in
          RESPCommand(
            words[0], (words.dropFirst() + Array(repeating: "x", count: count)).map(bytes))
        }
      }
    }

    static func spellings(_ words: [String]) -> [[String]] {
      [
        words.map { $0.uppercased() }, words.map { $0.lowercased() },
        words.map { word in
          String(
            word.enumerated().map { place, letter in
              Character(place.isMultiple(of: 2) ? letter.uppercased() : letter.lowercased())
            })
        },
      ]
    }

    /// A row of what COMMAND answers, with its subcommands.
    static func read(_ row: RESPValue) -> [Known] {
      guard let parts = row.elements, parts.count >= 7, let name = parts[0].text else { return [] }
      func names(_ value: RESPValue) -> Set<String> {
        Set((value.elements ?? []).compactMap(\.text))
      }
      let own = Known(
        words: name.split(separator: "|").map(String.init), arity: Int(parts[1].integer ?? 1),
        flags: names(parts[2]), categories: names(parts[6]))
      return [own] + (parts.count > 9 ? (parts[9].elements ?? []).flatMap(read) : [])
    }
  }

  /// What changes data, the server, another client or a subscriber, as a person would write it.
  static let harmful = [
    "CONFIG SET maxmemory 1", "CONFIG REWRITE", "CONFIG RESETSTAT", "CLIENT KILL TYPE normal",
    "CLIENT PAUSE 1000", "CLIENT UNBLOCK 1", "CLIENT REPLY OFF", "CLIENT NO-EVICT ON",
    "CLIENT TRACKING ON REDIRECT 3", "CLIENT TRACKING ON BCAST REDIRECT 3", "SHUTDOWN",
    "SHUTDOWN NOSAVE", "EVAL return(1) 0", "EVALSHA ab 0", "EVAL_RO return(1) 0", "FCALL f 0",
    "FCALL_RO f 0", "DEBUG SLEEP 1", "DEBUG RELOAD", "SCRIPT FLUSH", "SCRIPT LOAD x", "SCRIPT KILL",
    "FUNCTION LOAD x", "FUNCTION FLUSH", "FUNCTION RESTORE x", "FUNCTION DELETE x",
    "ACL SETUSER x on", "ACL DELUSER x", "ACL LOG RESET", "ACL LOAD", "ACL SAVE",
    "REPLICAOF NO ONE", "SLAVEOF NO ONE", "FAILOVER", "CLUSTER FAILOVER", "CLUSTER RESET",
    "MODULE LOAD x", "MODULE LOADEX x", "MODULE UNLOAD x", "SORT k STORE d", "SORT k",
    "GETEX k PERSIST", "GETDEL k", "GEORADIUS k 1 1 1 m STORE d",
    "GEORADIUSBYMEMBER k m 1 m STOREDIST d", "GEOSEARCHSTORE d k", "BITFIELD k SET u8 0 1",
    "BITFIELD k GET u8 0", "BITOP NOT d k", "XREADGROUP GROUP g c STREAMS k >", "XACK k g 1",
    "XCLAIM k g c 0 1", "PFCOUNT k", "PFADD k a", "PFMERGE d k", "MIGRATE h 1 k 0 1", "SWAPDB 0 1",
    "MOVE k 1", "COPY k d", "RENAME k d", "RESTORE k 0 x", "TOUCH k", "OBJECT HELP2",
    "MEMORY PURGE", "LATENCY RESET", "SLOWLOG RESET", "PUBLISH c m", "SPUBLISH c m", "MONITOR",
    "SYNC", "PSYNC x 1", "REPLCONF ACK 1", "SAVE", "BGSAVE", "BGREWRITEAOF", "FLUSHALL", "FLUSHDB",
    "WAIT 1 1", "BLPOP k 1", "LMPOP 1 k LEFT", "KEYS *", "LCS a b", "SET k v", "UNLINK k",
    "PEXPIRE k 1", "CACHESCOPE.TAG k t", "CACHESCOPE.INVALIDATE t", "NOTKNOWN", "CONFIG", "CLIENT",
  ].map { $0.split(separator: " ").map(String.init) }

  private func isRefused(
    _ commands: [RESPCommand], _ send: ([RESPCommand]) async throws(ChannelError) -> [RESPValue]
  ) async -> Bool {
    do throws(ChannelError) {
      _ = try await send(commands)
      return false
    } catch {
      guard case .readOnly = error else { return false }
      return true
    }
  }

  /// Sends each command in all ways; answers those that were not refused in one of them.
  private func send(
    _ commands: [RESPCommand], through channel: ReadOnlyChannel, listening: Bool
  ) async throws -> [RESPCommand] {
    var carried: [RESPCommand] = []
    for command in commands {
      for batch in [[command], [RESPCommand("PING"), command], [command, RESPCommand("PING")]] {
        if await !isRefused(batch, channel.send) { carried.append(command) }
      }
    }
    let lent = try await channel.exclusively(for: nil) {
      connection throws(ChannelError) -> [RESPCommand] in
      var carried: [RESPCommand] = []
      for command in commands {
        let whole = [RESPCommand("MULTI"), command, RESPCommand("EXEC")]
        for batch in [[command], whole] {
          if await !isRefused(batch, connection.send) { carried.append(command) }
        }
      }
      _ = try await connection.send([RESPCommand("multi")])
      for command in commands {
        if await !isRefused([command], connection.send) { carried.append(command) }
      }
      _ = try await connection.send([RESPCommand("EXEC")])
      return carried
    }
    guard listening else { return carried + lent }
    let heard = try await channel.listening(for: .pushes) {
      connection, _ throws(ChannelError) -> [RESPCommand] in
      var carried: [RESPCommand] = []
      for command in commands {
        if await !isRefused([command], connection.send) { carried.append(command) }
      }
      return carried
    }
    return carried + lent + (try #require(heard))
  }

  private func harmfulCommands() -> [RESPCommand] {
    Self.harmful.flatMap(Known.spellings).map { words in
      RESPCommand(words[0], words.dropFirst().map(bytes))
    }
  }

  // MARK: redis-server

  @Test(arguments: SourceKind.redis)
  func noCommandOfRedisThatIsNotKnownToReadArrives(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    let rows = try await source.other.send(RESPCommand("COMMAND")).elements ?? []
    let table = rows.flatMap(Known.read)
    #expect(table.count > 300)
    let refused = table.filter { known in
      known.commands.contains { !ReadingCommands.allow($0) }
    }
    for known in refused {
      #expect(known.commands.allSatisfy { !ReadingCommands.allow($0) }, "\(known.name)")
    }
    try await source.run("CONFIG", "RESETSTAT")
    let channel = ReadOnlyChannel(source.channel)
    let carried = try await send(
      refused.flatMap(\.commands) + harmfulCommands(), through: channel,
      listening: kind == .redisRESP3)
    #expect(carried.isEmpty, "\(carried.map(\.verb))")
    let arrived = Set(
      (try await source.run("INFO", "commandstats").text ?? "").split(whereSeparator: \.isNewline)
        .filter { $0.hasPrefix("cmdstat_") }
        .compactMap { $0.dropFirst(8).split(separator: ":").first.map(String.init) })
    // The other client's own.
    let names = Set(refused.map(\.name)).subtracting(["config|resetstat"])
    #expect(arrived.intersection(names).isEmpty)
    #expect(arrived.contains("multi"), "the way to the server was open")
    await source.close()
  }

  /// What is allowed changes nothing by the server's own table; those that it calls dangerous or
  /// administrative are each known here.
  @Test func whatIsAllowedReadsByTheTableOfTheServer() async throws {
    let source = try SourceUnderTest(.redisRESP3)
    let rows = try await source.other.send(RESPCommand("COMMAND")).elements ?? []
    let table = rows.flatMap(Known.read)
    let allowed = table.filter { $0.commands.allSatisfy(ReadingCommands.allow) }
    #expect(allowed.count > 100)
    for known in allowed {
      #expect(known.flags.isDisjoint(with: ["write", "may_replicate", "module"]), "\(known.name)")
    }
    let reviewed: Set = [
      "info", "lastsave", "role", "sort_ro", "config|get", "client|list", "slowlog|get",
      "slowlog|len", "latency|doctor", "latency|graph", "latency|histogram", "latency|history",
      "latency|latest", "acl|dryrun",
    ]
    let watched = allowed.filter { !$0.categories.isDisjoint(with: ["@dangerous", "@admin"]) }
    #expect(Set(watched.map(\.name)).subtracting(reviewed).isEmpty)
    await source.close()
  }

  // MARK: The engine

  @Test func noCommandOfTheEngineThatIsNotKnownToReadArrives() async throws {
    var refused: [RESPCommand] = []
    for row in CommandTable.specifications {
      let known = Known(
        words: [row.name], arity: row.arity, flags: Set(row.flags.names), categories: [])
      let isAllowed = known.commands.contains(where: ReadingCommands.allow)
      if isAllowed { #expect(!known.flags.contains("write"), "\(row.name)") }
      if !isAllowed { refused += known.commands }
      if known.flags.contains("write") {
        #expect(!known.commands.contains(where: ReadingCommands.allow), "\(row.name)")
      }
    }
    #expect(refused.count > 300)
    let script = ScriptedChannel { _ in .ok }
    let channel = ReadOnlyChannel(script)
    let carried = try await send(
      refused + harmfulCommands(), through: channel, listening: false)
    #expect(carried.isEmpty, "\(carried.map(\.verb))")
    #expect(Set(script.verbs) == ["MULTI", "EXEC"])
  }
}
