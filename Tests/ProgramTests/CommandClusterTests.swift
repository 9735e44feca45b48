import Glibc
import RESP
import RedisClient
import SystemIO
import TestSupport
import Testing

/// Scripts on a real cluster, and behind real sentinels.
@Suite(.timeLimit(.minutes(5)), .serialized) struct CommandClusterTests {
  @Test func scriptsSeeOneKeyspace() async throws {
    try await ClusterSource.with { source in
      try await source.fill(["user:": 200, "page:": 100])
      let names = try source.run("keys", "--names").lines
      #expect(names.count == 300 && Set(names).count == 300)
      #expect(try source.run("keys", "--match", "page:*", "--names").lines.count == 100)
      let deleted = try source.run("del", "user:1", "user:2", "user:3")
      #expect(deleted.status == 0)
      #expect(try await source.ask("DBSIZE") == .integer(297))
      #expect(try source.run("undo").text.contains("3 of 3 keys"))
      let done = try source.run("invalidate", "--match", "page:*", "--confirm", "page:")
      #expect(done.status == 0, "\(done.errors)")
      #expect(try await source.ask("DBSIZE") == .integer(200))
      #expect(try source.run("undo").text.contains("100 of 100 keys"))
      #expect(try await source.ask("DBSIZE") == .integer(300))
      #expect(try await source.ask("GET", "page:7").text == "value 7")
      #expect(try await source.ask("PTTL", "page:7").integer ?? 0 > 80_000_000)
      // Any node leads to all of it, by a plain address too.
      let plain = "redis://\(source.address(2))"
      #expect(try source.run("keys", "--names", "-u", plain).lines.count == 300)
      let other = try source.run("keys", "-n", "3")
      #expect(other.status != 0 && other.errors.contains("database"), "\(other.errors)")
    }
  }

  /// Slots go round the nodes with their keys while all names are listed, again and again: none is
  /// missing, none is told twice.
  @Test func noKeyIsMissingWhileSlotsAreOnTheirWay() async throws {
    try await ClusterSource.with { source in
      try await source.fill(["key:": 400, "{a}:": 80, "{b}:": 80])
      let isOver = Flag()
      let cluster = source.cluster
      let moving = Task {
        var moves = 0
        while !isOver.isSet {
          for tag in ["a", "b"] {
            let key = "{\(tag)}:0"
            let old = try #require(try await cluster.primary(of: key))
            try await cluster.move(
              HashSlot(of: Array(key.utf8)), from: old, to: (old + 1) % 3)
            moves += 1
          }
        }
        return moves
      }
      for round in 0..<(LongRun.factor > 1 ? 40 : 6) {
        let listed = try await source.runAside("keys", "--names")
        #expect(listed.status == 0, "round \(round): \(listed.errors)")
        let names = listed.lines
        #expect(Set(names).count == 560, "round \(round)")
        #expect(names.count == 560, "round \(round): \(names.count)")
      }
      isOver.set()
      let moves = try await moving.value
      print("keys listed while \(moves) slots moved")
      #expect(moves > 2)
    }
  }

  @Test func withoutANodeTheOthersAreListedAndTheStatusSaysSo() async throws {
    try await ClusterSource.with(options: ["--cluster-require-full-coverage", "no"]) { source in
      try await source.fill(["key:": 90])
      source.cluster.nodes[2].end()
      let listed = try source.run("keys", "--names")
      #expect(listed.status == 1 && (20..<90).contains(listed.lines.count))
      #expect(listed.errors.contains("does not answer"), "\(listed.errors)")
    }
  }

  private func configured(_ program: CommandProgram, _ profile: String) throws -> [String] {
    let path = "\(program.folder)/config.json5"
    let text = "{ profiles: { cache: { \(profile) } } }"
    try FileBytes.writeOwnerOnly(path: path, Array(text.utf8), replacing: true)
    return ["-u", "cache", "--config", path]
  }

  /// Nodes that only the tunnel can find: it is told the host and port of each.
  @Test func everyNodeHasATunnelOfItsOwn() async throws {
    let hidden = [
      "--cluster-announce-hostname", "node.invalid", "--cluster-preferred-endpoint-type",
      "hostname",
    ]
    try await ClusterSource.with(options: hidden) { source in
      try await source.fill(["key:": 60])
      let folder = source.program.folder
      let script = """
        #!/bin/bash
        echo "$1 $2" >>"\(folder)/tunnels"
        exec 3<>"/dev/tcp/127.0.0.1/$2"
        cat <&3 & cat >&3; kill $!
        """
      try source.program.write(Array(script.utf8), to: "\(folder)/tunnel")
      #expect(chmod("\(folder)/tunnel", 0o700) == 0)
      let port = source.cluster.nodes[0].port
      let way = try configured(
        source.program,
        "source: 'redis+cluster://gate.invalid:\(port)', tunnel: '\(folder)/tunnel %h %p'")
      let listed = try source.program.run(["keys", "--names"] + way)
      #expect(listed.status == 0 && Set(listed.lines).count == 60, "\(listed.errors)")
      #expect(try source.program.run(["set", "key:7", "new"] + way).status == 0)
      #expect(try await source.ask("GET", "key:7").text == "new")
      let told = String(
        decoding: try FileBytes.read(path: "\(folder)/tunnels", limit: 1 << 16), as: UTF8.self)
      let tunnels = Set(told.split(separator: "\n").map(String.init))
      #expect(tunnels.contains("gate.invalid \(port)"))
      for node in source.cluster.nodes { #expect(tunnels.contains("node.invalid \(node.port)")) }
    }
  }

  /// Sentinels with a password that a command of the profile prints.
  @Test func aCommandPrintsThePasswordOfSentinels() async throws {
    var options = RedisSentinelGroup.Options()
    options.replicas = 0
    options.sentinelPassword = "of-the-sentinels"
    let group = try RedisSentinelGroup(unawaited: options, on: try EventLoop(name: "sentinels"))
    let program = try CommandProgram()
    let places = group.sentinels.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")
    let source = "source: 'redis+sentinel://\(places)/shop/2'"
    let way = try configured(
      program, source + ", 'sentinel-password-command': 'echo of-the-sentinels; echo x'")
    #expect(try program.run(["set", "k", "v"] + way).status == 0)
    #expect(try program.run(["get", "k"] + way).text == "v\n")
    // What is given by hand takes its place.
    let refused = try program.run(["get", "k", "--sentinel-pass", "wrong"] + way)
    #expect(refused.status == 4 && refused.errors.contains("WRONGPASS"), "\(refused.errors)")
    let broken = try configured(program, source + ", 'sentinel-password-command': 'exit 7'")
    let finished = try program.run(["get", "k"] + broken)
    #expect(finished.status == 4)
    #expect(finished.errors.contains("password-command ended with status 7"), "\(finished.errors)")
    await group.close()
  }
}
