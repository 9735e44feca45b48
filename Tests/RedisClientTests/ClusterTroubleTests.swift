import RESP
import RedisClient
import SystemIO
import TestSupport
import Testing
import Transport

/// What goes wrong in a real cluster: nodes that die, slots that move under load, slots without an
/// owner, addresses that lead nowhere.
@Suite(.timeLimit(.minutes(5)), .serialized) struct ClusterTroubleTests {
  private static let loop = Result { try EventLoop() }
  private static let partly = ["--cluster-require-full-coverage", "no"]

  private func with(
    replicas: Int = 0, options: [String] = [], password: String? = nil,
    tls: RedisServerProcess.Encryption? = nil,
    _ configure: @escaping @Sendable (inout ChannelConfiguration) -> Void = { _ in },
    mapped: @escaping @Sendable (Endpoint) -> Endpoint = { $0 },
    _ body: (RedisClusterProcess, ClusterChannel) async throws -> Void
  ) async throws {
    let loop = try Self.loop.get()
    let cluster = try await RedisClusterProcess(
      replicas: replicas, options: options, password: password, tls: tls, on: loop)
    var configuration = ChannelConfiguration(endpoint: cluster.endpoint(0))
    configure(&configuration)
    let channel = ClusterChannel(
      seeds: [cluster.endpoint(0)], configuration, mapped: mapped, on: loop)
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

  private func walk(_ channel: ClusterChannel) async throws -> (names: [String], missing: [String])
  {
    var (names, missing, cursor): ([String], [String], String) = ([], [], "0")
    repeat {
      let reply = try await channel.send(RESPCommand("SCAN", cursor, "COUNT", "20"))
      if let error = reply.error { throw error }
      let parts = try #require(reply.elements)
      names += (parts[1].elements ?? []).compactMap(\.text)
      if parts.count > 2, let reason = parts[2].text { missing.append(reason) }
      cursor = try #require(parts[0].text)
    } while cursor != "0"
    return (names, missing)
  }

  private func fill(_ channel: ClusterChannel, _ count: Int) async throws -> [String] {
    let names = (0..<count).map { "key:\($0)" }
    let replies = try await channel.send(names.map { RESPCommand("SET", $0, "value of \($0)") })
    #expect(replies.allSatisfy { $0 == .ok })
    return names
  }

  /// A slot goes round all nodes while somebody writes into it and others walk over all names.
  @Test func aSlotMovesUnderLoad() async throws {
    try await with { cluster, channel in
      var names = try await fill(channel, 200)
      let inSlot = (0..<150).map { "{s}:\($0)" }
      names += inSlot
      _ = try await channel.send(inSlot.map { RESPCommand("SET", $0, "1") })
      let slot = HashSlot(of: Array("s".utf8))
      let isOver = Flag()
      async let written = write(channel, until: isOver)
      async let walks = walks(channel, over: names, until: isOver)
      var place = try #require(try await cluster.primary(of: "{s}"))
      for _ in 0..<6 {
        let next = (place + 1) % 3
        try await cluster.move(slot, from: place, to: next)
        place = next
      }
      isOver.set()
      let (count, walked) = try await (written, walks)
      #expect(count > 20 && walked > 1)
      let told = try await channel.send([
        RESPCommand("GET", "n{s}"), RESPCommand("LRANGE", "l{s}", "0", "-1"),
      ])
      #expect(told[0].text == String(count))
      #expect(told[1].elements?.compactMap(\.text) == (0..<count).map(String.init))
    }
  }

  /// Writes one after the other; answers how many.
  private func write(
    _ channel: ClusterChannel, until isOver: Flag
  ) async throws -> Int {
    var count = 0
    while !isOver.isSet {
      let replies = try await channel.send([
        RESPCommand("INCR", "n{s}"), RESPCommand("RPUSH", "l{s}", String(count)),
      ])
      count += 1
      #expect(replies.map(\.integer) == [Int64(count), Int64(count)])
      if replies.contains(where: { $0.error != nil }) { return count }
    }
    return count
  }

  /// Every walk finds all names that are there throughout; answers how many there were.
  private func walks(
    _ channel: ClusterChannel, over names: [String], until isOver: Flag
  ) async throws -> Int {
    var count = 0
    while !isOver.isSet {
      let found = try await walk(channel)
      let lost = Set(names).subtracting(found.names)
      #expect(lost.isEmpty && found.missing.isEmpty, "\(lost.count) lost in walk \(count)")
      count += 1
    }
    return count
  }

  @Test func withoutOneNodeTheOthersGoOn() async throws {
    try await with(options: Self.partly) { cluster, channel in
      let names = try await fill(channel, 120)
      var owners: [Int] = []
      for name in names { owners.append(try await cluster.primary(of: name) ?? -1) }
      cluster.nodes[1].end()
      let replies = try await channel.send(names.map { RESPCommand("GET", $0) })
      for (owner, reply) in zip(owners, replies) {
        #expect(owner == 1 ? reply.error?.code == "CLUSTERDOWN" : reply.text != nil)
      }
      // One command for the node alone is told too, and at once by now.
      let lost = try #require(zip(names, owners).first { $1 == 1 }?.0)
      let start = SystemClock.monotonicMilliseconds
      let reply = try await channel.send(RESPCommand("SET", lost, "x"))
      #expect(reply.error?.text.contains("does not answer") == true)
      #expect(SystemClock.monotonicMilliseconds - start < 2_500)
      // The walk goes by the node and says so; the figures name it.
      let walk = try await walk(channel)
      #expect(Set(walk.names) == Set(zip(names, owners).filter { $1 != 1 }.map(\.0)))
      #expect(walk.missing.count == 1 && walk.missing[0].contains("does not answer"))
      let info = try #require(try await channel.send(RESPCommand("INFO")).text)
      #expect(info.contains(",role=primary,state=away,slots=5461,reason=CLUSTERDOWN"))
      // When it is back, all is well again.
      try cluster.nodes[1].start()
      try await cluster.wait("all slots are served") {
        await channel.reconnect()
        let replies = try? await channel.send(names.map { RESPCommand("SET", $0, "again") })
        return replies?.allSatisfy { $0 == .ok } == true
      }
    }
  }

  /// Nodes that want all slots to be served say so, and nothing waits for ever.
  @Test func aClusterThatIsDownSaysSo() async throws {
    try await with { cluster, channel in
      let names = try await fill(channel, 30)
      cluster.nodes[2].end()
      try await cluster.wait("the cluster is down") {
        let told = try? await cluster.run(0, "CLUSTER", "INFO").text
        return told?.contains("cluster_state:fail") == true
      }
      for _ in 0..<2 {
        let replies = try await channel.send(names.map { RESPCommand("GET", $0) })
        #expect(replies.allSatisfy { $0.error?.code == "CLUSTERDOWN" })
      }
      let start = SystemClock.monotonicMilliseconds
      _ = try await channel.send(RESPCommand("GET", names[0]))
      #expect(SystemClock.monotonicMilliseconds - start < 2_500)
      try cluster.nodes[2].start()
      try await cluster.wait("all is well") {
        await channel.reconnect()
        let replies = try? await channel.send(names.map { RESPCommand("SET", $0, "again") })
        return replies?.allSatisfy { $0 == .ok } == true
      }
    }
  }

  @Test func aSlotWithoutAnOwnerIsNamed() async throws {
    try await with(options: Self.partly) { cluster, channel in
      _ = try await fill(channel, 5)
      let slot = HashSlot(of: Array("lonely".utf8))
      for node in 0..<3 {
        _ = try? await cluster.run(node, "CLUSTER", "DELSLOTS", "\(slot.number)")
      }
      let replies = try await channel.send([
        RESPCommand("GET", "lonely"), RESPCommand("GET", "key:1"),
      ])
      #expect(replies[0].error?.code == "CLUSTERDOWN")
      #expect(replies[1].text == "value of key:1")
      let info = try #require(try await channel.send(RESPCommand("INFO")).text)
      #expect(info.contains("cluster_open_slots:1\r\n"))
    }
  }

  /// A write that may have been carried out is not sent again, and its answer says so.
  @Test func aWriteOfUnknownFateIsNotSentAgain() async throws {
    try await with(options: Self.partly) { cluster, channel in
      _ = try await fill(channel, 5)
      let node = try #require(try await cluster.primary(of: "slow"))
      cluster.nodes[node].suspend()
      async let answer = channel.send([
        RESPCommand("INCR", "slow"), RESPCommand("GET", "key:1"), RESPCommand("GET", "key:2"),
        RESPCommand("GET", "key:3"),
      ])
      try await Task.sleep(for: .milliseconds(300))
      cluster.nodes[node].end()
      let replies = try await answer
      #expect(replies[0].error?.code == ClusterChannel.unknownCode)
      #expect(replies.dropFirst().contains { $0.text != nil })
    }
  }

  /// Names of nodes that lead nowhere: they are found at the host of the seed, or where a person says.
  @Test(arguments: [true, false]) func nodesAreFoundBehindATranslation(_ isNamed: Bool) async throws
  {
    let options = [
      "--cluster-announce-hostname", "node.invalid", "--cluster-preferred-endpoint-type",
      "hostname",
    ]
    try await with(
      options: options,
      mapped: { endpoint in
        guard isNamed, case .tcp("node.invalid", let port) = endpoint else { return endpoint }
        return .tcp(host: "localhost", port: port)
      }
    ) { cluster, channel in
      let names = try await fill(channel, 60)
      #expect(Set(try await walk(channel).names) == Set(names))
      let map = try #require(await channel.slotMap)
      for node in map.primaries {
        guard case .tcp(let host, _) = node.endpoint else { continue }
        #expect(host == (isNamed ? "localhost" : "127.0.0.1"))
      }
      let slot = HashSlot(of: Array("key:1".utf8))
      let old = try #require(try await cluster.primary(of: "key:1"))
      try await cluster.move(slot, from: old, to: (old + 1) % 3)
      #expect(try await channel.send(RESPCommand("GET", "key:1")).text == "value of key:1")
    }
  }

  /// Every node wants TLS and the password; a redirection drops neither.
  @Test func tlsAndLoginHoldForEveryNode() async throws {
    let certificates = try TestCertificates.shared()
    try await with(
      options: ["--tls-cluster", "yes"], password: "secret", tls: .init(),
      { configuration in
        var settings = TLSSettings(name: "127.0.0.1")
        settings.authorityFile = certificates.authority
        configuration.tls = TLSClient(settings)
        configuration.password = Array("secret".utf8)
      }
    ) { cluster, channel in
      let names = try await fill(channel, 60)
      #expect(Set(try await walk(channel).names) == Set(names))
      let slot = HashSlot(of: Array("key:1".utf8))
      let old = try #require(try await cluster.primary(of: "key:1"))
      try await cluster.giveAway(slot, from: old, to: (old + 1) % 3)
      #expect(try await channel.send(RESPCommand("SET", "key:1", "there")).text == "OK")
      #expect(try await cluster.run((old + 1) % 3, "GET", "key:1").text == "there")
    }
  }

  /// The pushes of all nodes come in one stream.
  @Test func everyNodeTellsOfItsKeys() async throws {
    try await with { cluster, channel in
      let names = try await fill(channel, 30)
      let other = ClusterChannel(
        seeds: [cluster.endpoint(1)], ChannelConfiguration(endpoint: cluster.endpoint(1)),
        on: try Self.loop.get())
      let told = try await channel.listening(for: .pushes) {
        connection, pushes throws(ChannelError) in
        let begun = try await connection.send([
          RESPCommand("HELLO"), RESPCommand("CLIENT", "TRACKING", "ON"),
          RESPCommand("EXISTS", names.map { Array($0.utf8) }),
        ])
        #expect(begun[1] == .ok && begun[2] == .integer(30))
        _ = try await other.send(names.map { RESPCommand("SET", $0, "new") })
        var told: Set<String> = []
        for await push in pushes {
          for name in push.elements?.last?.elements ?? [] { told.insert(name.text ?? "") }
          if told.count == names.count { break }
        }
        return told
      }
      #expect(told == Set(names))
      await other.close()
    }
  }
}
