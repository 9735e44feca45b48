import RESP
import TerminalCanvas
import TestSupport
import Testing

/// A cluster in the whole program: one keyspace on the screen, changed and taken back, while a node is
/// lost and its replica takes over.
@Suite(.timeLimit(.minutes(5)), .serialized) struct ClusterStoryTests {
  private func dbsize(_ source: ClusterSource) async throws -> Int64? {
    try await source.ask("DBSIZE").integer
  }

  @Test func itIsOneKeyspaceOnTheScreen() async throws {
    try await ClusterSource.with { source in
      try await source.fill(["app:user:": 240, "app:page:": 60])
      try await source.ask("SET", "!edited", "v", "PX", "86399000")
      let terminal = try source.open()
      try terminal.wait(for: "301 keys")
      try terminal.wait(for: "cluster 3/3")
      // One key by hand: bytes and TTL.
      try terminal.press("G", until: "slot 11460")
      try terminal.press("e", until: "Edit !edited")
      try terminal.press("ctrl-u")
      terminal.send("anew")
      try terminal.wait(for: "anew")
      try terminal.press("enter")
      try terminal.wait(for: "done: edit !edited")
      #expect(try await source.ask("GET", "!edited").text == "anew")
      #expect(try await source.ask("PTTL", "!edited").integer ?? 0 > 80_000_000)
      // Many by a plan, over all nodes.
      try terminal.press("g", until: "folder · 300 keys")
      try terminal.press("d", until: "Delete 300 keys in app:*?")
      terminal.waitUntilRead()
      try terminal.press("y")
      try terminal.wait(for: "Type db0")
      terminal.send("db0")
      terminal.waitUntilRead()
      try terminal.press("enter")
      try terminal.wait(for: "300  deleted")
      #expect(try await dbsize(source) == 1)
      terminal.waitUntilRead()
      try terminal.press("u", until: "300 of 300 taken back: delete 300 keys in app:*")
      #expect(try await dbsize(source) == 301)
      #expect(try await source.ask("GET", "app:user:77").text == "value 77")
      try terminal.press("q")
      #expect(try terminal.waitForEnd() == .exited(0))
      #expect(terminal.leftovers.isEmpty && terminal.emulator.failures.isEmpty)
    }
  }

  /// The screen names the node and what waits for it, goes on with the others, and is whole again by
  /// itself when the replica has taken over.
  @Test func aNodeIsLostWhileSomebodyBrowses() async throws {
    try await ClusterSource.with(replicas: 3) { source in
      try await source.fill(["key:": 300])
      let terminal = try source.open()
      try terminal.wait(for: "300 keys")
      try terminal.wait(for: "cluster 3/3")
      try await source.cluster.wait("replicas have all") {
        for node in 0..<3 {
          let own = try? await source.cluster.run(node, "DBSIZE")
          guard own == (try? await source.cluster.run(node + 3, "DBSIZE")) else { return false }
        }
        return true
      }
      let lost = source.address(1)
      source.cluster.nodes[1].end(removingFolder: true)
      try terminal.wait(timeout: .seconds(60), "the node named, or its failover") { screen in
        screen.text.contains("\(lost) does not answer")
          || screen.text.contains("\(lost) is failing")
          || screen.text.contains("cluster 2/3") || screen.text.contains("failover:")
      }
      terminal.send("jjkj")
      try terminal.wait(timeout: .seconds(60), "all slots served again") { screen in
        let text = screen.text
        return text.contains("cluster 3/3") && screen.lines.first?.contains(" ● ") == true
          && !text.contains("does not answer: ")
      }
      // Live again, over all nodes: what comes in is seen, also where the replica serves.
      for number in 0..<12 { try await source.ask("SET", "key:new\(number)", "1") }
      try terminal.wait(for: "312 keys", timeout: .seconds(60))
      try terminal.press("2", until: "of 3 primaries serve")
      let successor = source.address(4)
      try terminal.wait(timeout: .seconds(60), "the replica as a primary") { screen in
        screen.lines.contains { $0.contains(successor) && $0.contains(" up") }
      }
      try terminal.press("q")
      #expect(try terminal.waitForEnd() == .exited(0))
    }
  }
}
