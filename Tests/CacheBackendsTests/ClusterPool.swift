import RESP
import RedisClient
import Synchronization
import SystemIO
import TestSupport
import Transport

/// A few real clusters of three primaries and three replicas, which the tests of a run use one after
/// the other: to start one takes longer than most tests do.
private actor ClusterPool {
  static let shared = ClusterPool(most: 3)
  /// For the second cluster of a test: one that waited in line for it would wait for ever where all
  /// others do the same.
  static let strangers = ClusterPool(most: 1)

  private var most: Int
  private var started = 0
  private var idle: [RedisClusterProcess] = []
  private var waiting: [(number: Int, continuation: CheckedContinuation<Void, Never>)] = []
  private var lastNumber = 0

  private init(most: Int) {
    self.most = most
  }

  func take() async throws -> RedisClusterProcess {
    while true {
      if let cluster = idle.popLast() { return cluster }
      if started < most { return try await start() }
      await waitInLine()
    }
  }

  func give(back cluster: RedisClusterProcess) {
    idle.append(cluster)
    callNext()
  }

  private func start() async throws -> RedisClusterProcess {
    started += 1
    do {
      return try await RedisClusterProcess(replicas: 3, on: try SourceUnderTest.loop.get())
    } catch {
      started -= 1
      callNext()
      throw error
    }
  }

  private func callNext() {
    if !waiting.isEmpty { waiting.removeFirst().continuation.resume() }
  }

  /// A test that has failed may keep its cluster for good: who has waited long gets another one.
  private func waitInLine() async {
    lastNumber += 1
    let number = lastNumber
    await withCheckedContinuation { continuation in
      waiting.append((number, continuation))
      Task {
        try? await Task.sleep(for: .seconds(60))
        self.endWait(number)
      }
    }
  }

  private func endWait(_ number: Int) {
    guard let place = waiting.firstIndex(where: { $0.number == number }) else { return }
    most += 1
    waiting.remove(at: place).continuation.resume()
  }
}

/// A cluster in the hands of one test: empty and with its settings of the beginning when the first
/// command is sent, given back at the end, or when nobody holds it any more.
final class PooledCluster: Sendable {
  private struct Taken: Sendable {
    var cluster: RedisClusterProcess
    var own: ClusterChannel
    var other: ClusterChannel
  }

  private typealias Taking = Task<Taken, any Error>

  private let pool: ClusterPool
  private let taking = Mutex<Taking?>(nil)

  /// `isSecond` where the test holds another one already.
  init(isSecond: Bool) {
    pool = isSecond ? .strangers : .shared
  }

  deinit {
    guard let task = taking.withLock({ $0 }) else { return }
    Task { [pool] in await Self.give(back: task, to: pool) }
  }

  /// The channel under test, and another client's.
  var channel: any RESPChannel { Channel(pooled: self, isOther: false) }
  var other: any RESPChannel { Channel(pooled: self, isOther: true) }

  func end() async {
    let task = taking.withLock { taking in
      defer { taking = nil }
      return taking
    }
    if let task { await Self.give(back: task, to: pool) }
  }

  /// A command to every node, the replicas too, by a client of its own.
  func runEverywhere(_ words: String...) async throws {
    let cluster = try await taken().cluster
    for node in cluster.nodes.indices { try await cluster.run(node, words) }
  }

  private static func give(back task: Taking, to pool: ClusterPool) async {
    guard let taken = try? await task.value else { return }
    await taken.own.close()
    await taken.other.close()
    await pool.give(back: taken.cluster)
  }

  private func taken() async throws(ChannelError) -> Taken {
    let task = taking.withLock { taking in
      let task = taking ?? Task { [pool] in try await Self.take(from: pool) }
      taking = task
      return task
    }
    do {
      return try await task.value
    } catch {
      throw .unreachable(endpoint: "a cluster for tests", reason: "\(error)")
    }
  }

  private static func take(from pool: ClusterPool) async throws -> Taken {
    let cluster = try await pool.take()
    let loop = try SourceUnderTest.loop.get()
    func channel() -> ClusterChannel {
      ClusterChannel(
        seeds: [cluster.endpoint(0)], ChannelConfiguration(endpoint: cluster.endpoint(0)), on: loop)
    }
    let taken = Taken(cluster: cluster, own: channel(), other: channel())
    let asNew = [
      RESPCommand("FLUSHALL"),
      RESPCommand(
        "CONFIG", "SET", "maxmemory", "0", "maxmemory-policy", "noeviction",
        "notify-keyspace-events", ""),
      RESPCommand("CONFIG", "RESETSTAT"),
    ]
    for reply in try await taken.other.send(asNew) {
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
      guard pooled.taking.withLock({ $0 != nil }), let channel = try? await inner() else { return }
      await channel.close()
    }
  }
}
