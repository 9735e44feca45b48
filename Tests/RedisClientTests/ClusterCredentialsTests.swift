import RESP
import RedisClient
import Synchronization
import SystemIO
import TestSupport
import Testing
import Transport

/// Where a login goes: to the nodes that a person named and to those that these count among their
/// cluster, whatever a redirection says.
@Suite(.timeLimit(.minutes(5))) struct ClusterCredentialsTests {
  private let loop: EventLoop

  init() throws {
    loop = try EventLoop()
  }

  /// A node that serves all slots by its own word, and sends whoever asks for a key elsewhere.
  private final class Redirecting: Sendable {
    private let places = Mutex((own: UInt16(0), other: UInt16(0)))
    private let verb: String

    init(_ verb: String) {
      self.verb = verb
    }

    func know(own: UInt16, other: UInt16) { places.withLock { $0 = (own, other) } }

    func answer(_ command: RESPCommand) -> ScriptedServer.Act {
      let (own, other) = places.withLock { $0 }
      switch command.verb {
      case "CLUSTER" where command == RESPCommand("CLUSTER", "SLOTS"):
        let node = RESPValue.array([
          .bulk("127.0.0.1"), .integer(Int64(own)), .bulk("the-only-one"), .array([]),
        ])
        return .reply(.array([.array([.integer(0), .integer(16383), node])]))
      case "CLUSTER": return .reply(.error("ERR unknown subcommand"))
      case "MULTI", "DISCARD", "EXEC": return .reply(.ok)
      case "GET", "SET": return .reply(.error("\(verb) 866 127.0.0.1:\(other)"))
      default: return ScriptedServer.greeting(command) ?? .reply(.error("ERR unknown command"))
      }
    }
  }

  @Test(arguments: ["MOVED", "ASK"])
  func aRedirectionToAStrangerCarriesNothing(_ verb: String) async throws {
    let redirecting = Redirecting(verb)
    let seed = try ScriptedServer { redirecting.answer($1) }
    let stranger = try ScriptedServer { ScriptedServer.greeting($1) ?? .reply(.bulk("theirs")) }
    redirecting.know(own: seed.port, other: stranger.port)
    let configuration = ChannelConfiguration(
      endpoint: seed.endpoint, user: "anna", password: Array("secret".utf8))
    let channel = ClusterChannel(seeds: [seed.endpoint], configuration, on: loop)
    // What it says is the answer, in its own words.
    let reply = try await channel.send(RESPCommand("GET", "key"))
    #expect(reply.error?.text == "\(verb) 866 127.0.0.1:\(stranger.port)")
    let queued = try await channel.exclusively(for: nil) { connection throws(ChannelError) in
      try await connection.send([
        RESPCommand("MULTI"), RESPCommand("SET", "key", "mine"), RESPCommand("EXEC"),
      ])
    }
    #expect(queued.contains { $0.error != nil })
    #expect(seed.commands.contains { $0.verb == "AUTH" || $0.verb == "HELLO" })
    #expect(stranger.connections == 0 && stranger.commands.isEmpty)
    await channel.close()
    withExtendedLifetime((seed, stranger)) {}
  }

  /// One that the cluster counts among its nodes is followed to, with the login.
  @Test func aNodeThatTheSeedNamesGetsTheLogin() async throws {
    let cluster = try await RedisClusterProcess(password: "secret", on: loop)
    let configuration = ChannelConfiguration(
      endpoint: cluster.endpoint(0), password: Array("secret".utf8))
    let channel = ClusterChannel(seeds: [cluster.endpoint(0)], configuration, on: loop)
    _ = try await channel.send(RESPCommand("GET", "key"))
    let old = try #require(try await cluster.primary(of: "key"))
    try await cluster.move(HashSlot(of: Array("key".utf8)), from: old, to: (old + 1) % 3)
    #expect(try await channel.send(RESPCommand("SET", "key", "v")) == .ok)
    #expect(try await cluster.run((old + 1) % 3, "GET", "key").text == "v")
    await channel.close()
    await cluster.close()
  }
}
