import RESP
import RedisClient
import SystemIO
import TerminalCanvas
import TestSupport
import Testing
import Transport

/// A real cluster of three primaries, and the program that is to be shown to it.
struct ClusterSource: Sendable {
  let cluster: RedisClusterProcess
  let program: CommandProgram
  private let channel: ClusterChannel

  private static let loop = Result { try EventLoop(name: "cluster") }

  static func with(
    replicas: Int = 0, options: [String] = [], _ body: (ClusterSource) async throws -> Void
  ) async throws {
    let loop = try loop.get()
    let cluster = try await RedisClusterProcess(replicas: replicas, options: options, on: loop)
    let source = ClusterSource(
      cluster: cluster,
      program: try CommandProgram([
        "CACHESCOPE_URL": "redis+cluster://127.0.0.1:\(cluster.nodes[0].port)"
      ]),
      // Wherever the nodes say that they are, they are here.
      channel: ClusterChannel(
        seeds: [cluster.endpoint(1)], ChannelConfiguration(endpoint: cluster.endpoint(1)),
        mapped: { endpoint in
          guard case .tcp(_, let port) = endpoint else { return endpoint }
          return .tcp(host: "127.0.0.1", port: port)
        }, on: loop))
    do {
      try await body(source)
    } catch {
      await source.close()
      throw error
    }
    await source.close()
  }

  private func close() async {
    await channel.close()
    await cluster.close()
  }

  func run(_ arguments: String...) throws -> Finished { try program.run(arguments) }

  /// The same beside other work of the test: what waits for a program holds up none of its threads.
  func runAside(_ arguments: String...) async throws -> Finished {
    try await withCheckedThrowingContinuation { continuation in
      do throws(Errno) {
        try SystemThread.start(name: "program") {
          continuation.resume(with: Result { try program.run(arguments) })
        }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  /// Where a node listens, as the screen writes it.
  func address(_ node: Int) -> String { "127.0.0.1:\(cluster.nodes[node].port)" }

  /// What another client is answered by the whole; an error reply fails.
  @discardableResult
  func ask(_ words: String...) async throws -> RESPValue {
    let command = RESPCommand(arguments: words.map { Array($0.utf8) })
    let reply = try await channel.send(command)
    if let error = reply.error { throw error }
    return reply
  }

  /// Strings that live for a day, as many of each prefix.
  func fill(_ prefixes: [String: Int]) async throws {
    for (prefix, count) in prefixes {
      let batch = (0..<count).map {
        RESPCommand("SET", "\(prefix)\($0)", "value \($0)", "PX", "86399000")
      }
      for reply in try await channel.send(batch) {
        if let error = reply.error { throw error }
      }
    }
  }

  func open(columns: Int = 120, rows: Int = 36) throws -> PseudoTerminal {
    try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["redis+cluster://127.0.0.1:\(cluster.nodes[0].port)"],
      environment: program.environment.merging(["TERM": "xterm-256color"]) { $1 },
      size: ScreenSize(columns: columns, rows: rows))
  }
}
