import RESP
import RedisClient
import SystemIO
import TestSupport
import Testing
import Transport

/// A real cluster behind the words of one server.
@Suite(.timeLimit(.minutes(5)), .serialized) struct ClusterChannelTests {
  private static let loop = Result { try EventLoop() }

  private func with(
    primaries: Int = 3, replicas: Int = 0, options: [String] = [],
    _ body: (RedisClusterProcess, ClusterChannel) async throws -> Void
  ) async throws {
    let loop = try Self.loop.get()
    let cluster = try await RedisClusterProcess(
      primaries: primaries, replicas: replicas, options: options, on: loop)
    let channel = ClusterChannel(
      seeds: [cluster.endpoint(0)], ChannelConfiguration(endpoint: cluster.endpoint(0)), on: loop)
    do {
      try await body(cluster, channel)
    } catch {
      await channel.close()
      await cluster.close()
      throw error
    }
    await channel.close()
    await cluster.close()
  }

  private func names(_ count: Int) -> [String] { (0..<count).map { "key:\($0)" } }

  private func fill(_ channel: ClusterChannel, _ names: [String]) async throws {
    let replies = try await channel.send(names.map { RESPCommand("SET", $0, "value of \($0)") })
    #expect(replies.allSatisfy { $0 == .ok })
  }

  private func scan(_ channel: ClusterChannel) async throws -> [String] {
    var names: [String] = []
    var cursor = "0"
    repeat {
      let reply = try await channel.send(RESPCommand("SCAN", cursor, "COUNT", "20"))
      if let error = reply.error { throw error }
      let parts = try #require(reply.elements)
      names += (parts[1].elements ?? []).compactMap(\.text)
      cursor = try #require(parts[0].text)
    } while cursor != "0"
    return names
  }

  @Test func itIsOneServer() async throws {
    try await with { cluster, channel in
      let names = names(400)
      try await fill(channel, names)
      for node in 0..<3 {
        let own = try await cluster.run(node, "DBSIZE").integer ?? 0
        #expect(own > 60 && own < 260)
      }
      let replies = try await channel.send(names.map { RESPCommand("GET", $0) })
      #expect(replies.map(\.text) == names.map { "value of \($0)" })
      let all = try await channel.send(RESPCommand("MGET", names.map { Array($0.utf8) }))
      #expect(all.elements?.map(\.text) == names.map { "value of \($0)" })
      #expect(try await channel.send(RESPCommand("DBSIZE")) == .integer(400))
      #expect(try await scan(channel).sorted() == names.sorted())
      let info = try #require(try await channel.send(RESPCommand("INFO")).text)
      #expect(info.contains("db0:keys=400,"))
      let ids = try await [cluster.id(0), cluster.id(1), cluster.id(2)].sorted()
      #expect(info.contains("cluster_node_ids:\(ids.joined(separator: ","))\r\n"))
      let gone = RESPCommand("UNLINK", (names.prefix(100) + ["none"]).map { Array($0.utf8) })
      #expect(try await channel.send(gone) == .integer(100))
      #expect(try await channel.send(RESPCommand("FLUSHDB")) == .ok)
      for node in 0..<3 { #expect(try await cluster.run(node, "DBSIZE") == .integer(0)) }
    }
  }

  @Test func transactionsHoldWithinASlot() async throws {
    try await with { cluster, channel in
      try await fill(channel, ["a", "b", "c"])
      let done = try await channel.exclusively(for: nil) { connection throws(ChannelError) in
        let look = try await connection.send([
          RESPCommand("WATCH", "a"), RESPCommand("GET", "a"), RESPCommand("MULTI"),
        ])
        let end = try await connection.send([
          RESPCommand("SET", "a", "2"), RESPCommand("GET", "a"), RESPCommand("EXEC"),
        ])
        return look + end
      }
      #expect(done[1].text == "value of a" && done[2] == .ok && done[3].text == "QUEUED")
      #expect(done[5] == .array([.ok, .bulk("2")]))
      // Somebody writes the watched key.
      let lost = try await channel.exclusively(for: nil) { connection throws(ChannelError) in
        _ = try await connection.send(RESPCommand("WATCH", "a"))
        _ = try await channel.send(RESPCommand("SET", "a", "theirs"))
        return try await connection.send([
          RESPCommand("MULTI"), RESPCommand("SET", "a", "3"), RESPCommand("EXEC"),
        ])
      }
      #expect(lost[2] == .null)
      #expect(try await channel.send(RESPCommand("GET", "a")).text == "theirs")
      // Nothing is watched: every slot has a transaction of its own.
      let many = try await channel.exclusively(for: nil) { connection throws(ChannelError) in
        try await connection.send([
          RESPCommand("MULTI"), RESPCommand("SET", "a", "1"), RESPCommand("DBSIZE"),
          RESPCommand("SET", "b", "2"), RESPCommand("TIME"), RESPCommand("INCR", "b"),
          RESPCommand("UNLINK", "a", "c"), RESPCommand("EXEC"),
        ])
      }
      let results = try #require(many[7].elements)
      #expect(results.count == 6)
      // Between the slots there is no order, so the number of keys may be that of any moment.
      #expect(results[0] == .ok && results[1].integer != nil && results[2] == .ok)
      #expect(results[3].elements?.count == 2)
      #expect(results[4] == .integer(3) && results[5] == .integer(2))
      // A command that is refused when it is to be queued.
      let refused = try await channel.exclusively(for: nil) { connection throws(ChannelError) in
        try await connection.send([
          RESPCommand("MULTI"), RESPCommand("SET", "b", "9"), RESPCommand("GETRANGE", "b"),
          RESPCommand("EXEC"), RESPCommand("GET", "b"),
        ])
      }
      #expect(refused[2].error != nil && refused[3].error?.code == "EXECABORT")
      #expect(refused[4].text == "3")
      // Of several slots, watched: nothing is done, so that it is tried one by one.
      let several = try await channel.exclusively(for: nil) { connection throws(ChannelError) in
        try await connection.send([
          RESPCommand("WATCH", "a", "b"), RESPCommand("MULTI"), RESPCommand("SET", "a", "1"),
          RESPCommand("SET", "b", "1"), RESPCommand("EXEC"),
        ])
      }
      #expect(several[4] == .null)
      #expect(try await channel.send(RESPCommand("GET", "b")).text == "3")
    }
  }

  @Test func aSlotThatHasMovedIsFollowed() async throws {
    try await with { cluster, channel in
      try await fill(channel, ["key"])
      let slot = HashSlot(of: Array("key".utf8))
      let old = try #require(try await cluster.primary(of: "key"))
      let new = (old + 1) % 3
      try await cluster.move(slot, from: old, to: new)
      #expect(try await channel.send(RESPCommand("GET", "key")).text == "value of key")
      try await cluster.move(slot, from: new, to: old)
      let done = try await channel.exclusively(for: nil) { connection throws(ChannelError) in
        try await connection.send([
          RESPCommand("MULTI"), RESPCommand("SET", "key", "2"), RESPCommand("EXEC"),
        ])
      }
      #expect(done[2] == .array([.ok]))
      try await cluster.move(slot, from: old, to: new)
      // What was watched elsewhere is watched anew.
      let ends = try await channel.exclusively(for: nil) { connection throws(ChannelError) in
        var ends: [RESPValue] = []
        for _ in 0..<2 {
          let replies = try await connection.send([
            RESPCommand("WATCH", "key"), RESPCommand("GET", "key"), RESPCommand("MULTI"),
            RESPCommand("SET", "key", "3"), RESPCommand("EXEC"),
          ])
          ends.append(replies[4])
        }
        return ends
      }
      #expect(ends.last == .array([.ok]))
      #expect(try await cluster.run(new, "GET", "key").text == "3")
    }
  }

  @Test func aSlotOnItsWayIsAskedOnBothSides() async throws {
    try await with { cluster, channel in
      let (here, there) = ("here{s}", "there{s}")
      try await fill(channel, [here, there])
      let slot = HashSlot(of: Array(here.utf8))
      let old = try #require(try await cluster.primary(of: here))
      let new = (old + 1) % 3
      try await cluster.beginMove(slot, from: old, to: new)
      try await cluster.moveKey(there, from: old, to: new)
      let replies = try await channel.send([
        RESPCommand("GET", here), RESPCommand("GET", there), RESPCommand("SET", there, "2"),
        RESPCommand("GET", there),
      ])
      #expect(replies.map(\.text) == ["value of \(here)", "value of \(there)", "OK", "2"])
      // Keys on both sides at once have to wait until the slot has arrived.
      async let both = channel.send(RESPCommand("MGET", here, there))
      try await cluster.moveKey(here, from: old, to: new)
      try await cluster.move(slot, from: old, to: new)
      #expect(try await both.elements?.map(\.text) == ["value of \(here)", "2"])
    }
  }

  @Test func aNodeThatDiesIsReplaced() async throws {
    try await with(replicas: 3) { cluster, channel in
      let names = names(300)
      try await fill(channel, names)
      try await cluster.wait("replicas have all") {
        for node in 0..<3 {
          let own = try? await cluster.run(node, "DBSIZE"),
            copy = try? await cluster.run(node + 3, "DBSIZE")
          guard own == copy else { return false }
        }
        return true
      }
      let before = try await channel.send(RESPCommand("SCAN", "0", "COUNT", "10"))
      cluster.nodes[1].end(removingFolder: true)
      // The others answer meanwhile.
      let replies = try await channel.send(names.map { RESPCommand("GET", $0) })
      #expect(replies.count { $0.text != nil } > 100)
      #expect(replies.allSatisfy { $0.text != nil || $0.error?.code == "CLUSTERDOWN" })
      try await cluster.wait("all keys again") {
        let replies = try? await channel.send(names.map { RESPCommand("GET", $0) })
        return replies?.allSatisfy { $0.text != nil } == true
      }
      // A cursor of before begins anew; nothing is left out.
      var found: Set<String> = []
      var cursor = try #require(before.elements?[0].text)
      repeat {
        let page = try #require(try await channel.send(RESPCommand("SCAN", cursor)).elements)
        found.formUnion((page[1].elements ?? []).compactMap(\.text))
        cursor = page[0].text ?? "0"
      } while cursor != "0"
      #expect(found.count == 300)
    }
  }

  @Test func aServerThatIsNoClusterIsNamed() async throws {
    let server = try RedisServerProcess()
    let endpoint = Endpoint.tcp(host: "127.0.0.1", port: server.port)
    let channel = ClusterChannel(
      seeds: [endpoint], ChannelConfiguration(endpoint: endpoint), on: try Self.loop.get())
    await #expect {
      try await channel.send(RESPCommand("GET", "a"))
    } throws: { error in
      guard case .unreachable(_, let reason) = error as? ChannelError else { return false }
      return reason.contains("cluster support disabled")
    }
    await channel.close()
    withExtendedLifetime(server) {}
  }
}
