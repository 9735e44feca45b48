import RESP
import RedisClient
import Synchronization
import SystemIO
import TestSupport
import Transport

/// Real clusters of three primaries and three replicas, which the tests of a run use one after the
/// other: to start one takes longer than most tests do.
private actor ClusterPool {
  static let shared = ClusterPool()

  private static let most = 2
  private var idle: [RedisClusterProcess] = []
  private var made = 0
  private var waiting: [CheckedContinuation<RedisClusterProcess, Never>] = []

  func take() async throws -> RedisClusterProcess {
    if let cluster = idle.popLast() { return cluster }
    guard made == Self.most else {
      made += 1
      return try await RedisClusterProcess(
        replicas: 3, on: try SourceUnderTest.loop.get())
    }
    return await withCheckedContinuation { waiting.append($0) }
  }

  func give(back cluster: RedisClusterProcess) {
    guard waiting.isEmpty else { return waiting.removeFirst().resume(returning: cluster) }
    idle.append(cluster)
  }
}

/// A cluster in the hands of one test: empty when the first command is sent, given back at the end.
final class PooledCluster: Sendable {
  private struct Taken: Sendable {
    var cluster: RedisClusterProcess
    var own: ClusterChannel
    var other: ClusterChannel
  }

  private let taking = Mutex<Task<Taken, any Error>?>(nil)

  /// The channel under test, and another client's.
  var channel: any RESPChannel { Channel(pooled: self, isOther: false) }
  var other: any RESPChannel { Channel(pooled: self, isOther: true) }

  var isTaken: Bool { taking.withLock { $0 != nil } }

  func end() async {
    let task = taking.withLock { $0 }
    guard let taken = try? await task?.value else { return }
    await taken.own.close()
    await taken.other.close()
    await ClusterPool.shared.give(back: taken.cluster)
  }

  private func taken() async throws(ChannelError) -> Taken {
    let task = taking.withLock { taking in
      let task = taking ?? Task { try await Self.take() }
      taking = task
      return task
    }
    do {
      return try await task.value
    } catch {
      throw .unreachable(endpoint: "a cluster for tests", reason: "\(error)")
    }
  }

  private static func take() async throws -> Taken {
    let cluster = try await ClusterPool.shared.take()
    let loop = try SourceUnderTest.loop.get()
    func channel() -> ClusterChannel {
      ClusterChannel(
        seeds: [cluster.endpoint(0)], ChannelConfiguration(endpoint: cluster.endpoint(0)), on: loop)
    }
    let taken = Taken(cluster: cluster, own: channel(), other: channel())
    for command in [
      RESPCommand("FLUSHALL"), RESPCommand("CONFIG", "RESETSTAT"),
      RESPCommand("CONFIG", "SET", "maxmemory", "0", "maxmemory-policy", "noeviction"),
    ] {
      let reply = try await taken.other.send(command)
      if let error = reply.error { throw error }
    }
    return taken
  }

  private struct Channel: RESPChannel, PushSource {
    let pooled: PooledCluster
    let isOther: Bool

    private func inner() async throws(ChannelError) -> ClusterChannel {
      let taken = try await pooled.taken()
      return isOther ? taken.other : taken.own
    }

    func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
      try await inner().send(batch)
    }

    func exclusively<Answer: Sendable>(
      for slot: HashSlot?,
      _ body: @Sendable (any RESPConnection) async throws(ChannelError) -> Answer
    ) async throws(ChannelError) -> Answer {
      try await inner().exclusively(for: slot, body)
    }

    func listening<Answer: Sendable>(
      for form: PushForm,
      _ body:
        @Sendable (any RESPConnection, AsyncStream<RESPValue>) async throws(ChannelError) ->
        Answer
    ) async throws(ChannelError) -> Answer? {
      try await inner().listening(for: form, body)
    }

    func close() async {
      guard pooled.isTaken, let channel = try? await inner() else { return }
      await channel.close()
    }
  }
}
