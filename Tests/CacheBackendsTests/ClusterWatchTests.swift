import CacheBackends
import CacheModel
import RESP
import RedisClient
import Synchronization
import SystemIO
import TestSupport
import Testing

/// Changes that the nodes of a cluster tell unasked, while nodes come and go.
@Suite(.timeLimit(.minutes(5)), .serialized) struct ClusterWatchTests {
  private final class Told: Sendable {
    private let names = Mutex<Set<CacheKey>>([])

    func add(_ keys: [CacheKey]) { names.withLock { $0.formUnion(keys) } }
    func has(_ key: CacheKey) -> Bool { names.withLock { $0.contains(key) } }
  }

  private func with(
    replicas: Int, options: [String] = [],
    _ body: (RedisClusterProcess, RedisBackend) async throws -> Void
  ) async throws {
    let loop = try SourceUnderTest.loop.get()
    let cluster = try await RedisClusterProcess(replicas: replicas, options: options, on: loop)
    let channel = ClusterChannel(
      seeds: [cluster.endpoint(0)], ChannelConfiguration(endpoint: cluster.endpoint(0)), on: loop)
    let backend = RedisBackend(over: channel, address: "cluster", database: 0)
    do {
      _ = try await backend.open()
      try await body(cluster, backend)
    } catch {
      await backend.close()
      await cluster.close()
      throw error
    }
    await backend.close()
    await cluster.close()
  }

  /// One name for every node.
  private let keys = ["a", "b", "c"].map { CacheKey($0) }

  private func watch(
    _ backend: RedisBackend, _ keys: [CacheKey], _ told: Told
  ) -> (Task<WatchEnd, any Error>, AsyncStream<FollowedView>.Continuation) {
    let (following, follow) = AsyncStream.makeStream(of: FollowedView.self)
    let watch = Task { try await backend.watch(following) { told.add($0) } }
    follow.yield(FollowedView(keys: keys))
    return (watch, follow)
  }

  /// Writes until it is told.
  private func writeUntilTold(
    _ key: CacheKey, _ told: Told, _ cluster: RedisClusterProcess
  ) async throws {
    try await cluster.wait("\(key) is told") {
      for node in cluster.nodes.indices {
        _ = try? await cluster.run(node, ["INCR", String(decoding: key.bytes, as: UTF8.self)])
      }
      return told.has(key)
    }
  }

  /// Connections of a node that track anything.
  private func trackers(_ node: Int, of cluster: RedisClusterProcess) async throws -> Int {
    let list = try await cluster.run(node, "CLIENT", "LIST").text ?? ""
    return list.split(separator: "\n").count { line in
      line.split(separator: " ").contains {
        $0.hasPrefix("flags=") && $0.dropFirst(6).contains("t")
      }
    }
  }

  @Test func everyPrimaryHasAConnectionThatIsClosedInTheEnd() async throws {
    try await with(replicas: 0) { cluster, backend in
      let told = Told()
      let (watch, follow) = watch(backend, keys, told)
      for key in keys { try await writeUntilTold(key, told, cluster) }
      for node in 0..<3 { #expect(try await trackers(node, of: cluster) == 1) }
      watch.cancel()
      _ = await watch.result
      for node in 0..<3 {
        try await cluster.wait("no tracker") {
          (try? await trackers(node, of: cluster)) == 0
        }
      }
      withExtendedLifetime(follow) {}
    }
  }

  /// A node goes: the watch ends, so that what is in view is asked for, and begins anew with its replica.
  @Test func aNodeThatGoesEndsTheWatchAndItsReplicaTellsTheNextOne() async throws {
    try await with(replicas: 3) { cluster, backend in
      let told = Told()
      let (watch, follow) = watch(backend, keys, told)
      for key in keys { try await writeUntilTold(key, told, cluster) }
      let node = try #require(try await cluster.primary(of: "a"))
      cluster.nodes[node].end(removingFolder: true)
      await #expect(throws: BackendError.self) { try await watch.value }
      follow.finish()
      let end = ContinuousClock.now + .seconds(90)
      var tells = false
      while !tells, ContinuousClock.now < end {
        let later = Told()
        let (again, following) = self.watch(backend, keys, later)
        for _ in 0..<40 where !tells {
          for other in cluster.nodes.indices where other != node {
            for key in keys { _ = try? await cluster.run(other, ["INCR", key.text ?? ""]) }
          }
          try await Task.sleep(for: .milliseconds(25))
          tells = keys.allSatisfy(later.has)
        }
        following.finish()
        again.cancel()
        _ = await again.result
      }
      #expect(tells)
    }
  }

  /// A replica is made the primary while the old one lives on: nothing breaks, and all the same the watch
  /// ends, as others tell of the keys from now on.
  @Test func otherPrimariesEndTheWatch() async throws {
    try await with(replicas: 3) { cluster, backend in
      let told = Told()
      let (watch, follow) = watch(backend, keys, told)
      for key in keys { try await writeUntilTold(key, told, cluster) }
      try await cluster.run(3, "CLUSTER", "FAILOVER")
      let isOver = Flag()
      let asking = Task {
        // As the explorer does all the time.
        while !isOver.isSet {
          _ = try? await backend.statistics()
          try? await Task.sleep(for: .milliseconds(100))
        }
      }
      await #expect(throws: BackendError.self) { try await watch.value }
      isOver.set()
      await asking.value
      withExtendedLifetime(follow) {}
    }
  }

  /// Where nothing is tracked, events serve, if all nodes send them.
  @Test(arguments: [true, false])
  func eventsServeWhereAllNodesSendThem(_ doAll: Bool) async throws {
    let options = ["--notify-keyspace-events", "KA", "--rename-command", "HELLO", ""]
    try await with(replicas: 0, options: options) { cluster, backend in
      if !doAll { try await cluster.run(1, "CONFIG", "SET", "notify-keyspace-events", "") }
      let told = Told()
      let (watch, follow) = watch(backend, keys, told)
      if doAll {
        for key in keys { try await writeUntilTold(key, told, cluster) }
        follow.finish()
        #expect(try await watch.value == .stopped)
      } else {
        #expect(try await watch.value == .cannotTell)
      }
      withExtendedLifetime(follow) {}
    }
  }
}
