import RESP
import RedisClient
import Synchronization
import SystemIO
import TestSupport
import Testing
import Transport

/// Real failovers, with a channel that goes on.
@Suite(.timeLimit(.minutes(10)), .serialized) struct SentinelFailoverTests {
  private let loop: EventLoop

  init() throws {
    loop = try EventLoop()
  }

  /// How a primary comes to be one no longer.
  enum Way: CaseIterable, Sendable {
    /// The sentinels are asked to have another one.
    case ordered
    case killed
    /// It stops, and its kernel goes on to acknowledge.
    case stopped
  }

  @Test(arguments: Way.allCases)
  func isFollowed(_ way: Way) async throws {
    var options = RedisSentinelGroup.Options()
    if way == .killed {
      options.isEncrypted = true
      options.password = "of-the-servers"
      options.sentinelPassword = "of-the-sentinels"
    }
    let group = try await RedisSentinelGroup(options, on: loop)
    var configuration = try group.configuration()
    configuration.database = 2
    let reached = EndpointList(Mutex([]))
    configuration.reached = { reached.add($0) }
    let channel = SocketChannel(configuration, on: loop)
    let counts = IncrementCounts()
    let writing = Task { await Self.write(over: channel, counts) }
    try await counts.wait(forAcknowledged: 50)
    switch way {
    case .ordered: try await group.failOver()
    case .killed: group.nodes[0].end()
    case .stopped: group.nodes[0].suspend()
    }
    let began = SystemClock.monotonicMilliseconds
    let new = try await group.waitForPrimary(otherThan: 0)
    let known = SystemClock.monotonicMilliseconds
    try await counts.wait { reached.all.last == group.endpoint(new) }
    let before = counts.acknowledged
    try await counts.wait(forAcknowledged: before + 50)
    let live = SystemClock.monotonicMilliseconds
    print(
      "failover \(way): another primary after \(known - began) ms, writes there after "
        + "\(live - known) ms more, \(counts.unknown) unknown, \(counts.refused) refused")
    writing.cancel()
    _ = await writing.value
    #expect(reached.all.last == group.endpoint(new))
    // In the same database, and none of them twice: what was unknown was not sent again.
    let total = try await channel.send(RESPCommand("GET", "count")).text.flatMap { Int($0) } ?? -1
    #expect(total <= counts.acknowledged + counts.unknown)
    #expect(total > 50)
    let size = try await group.run(new, "DBSIZE")
    #expect(size == .integer(0))
    if way == .stopped { group.nodes[0].resume() }
    await channel.close()
    await group.close()
  }

  /// Each write is sent once and its fate noted.
  private static func write(over channel: SocketChannel, _ counts: IncrementCounts) async {
    while !Task.isCancelled {
      do throws(ChannelError) {
        let reply = try await channel.send(RESPCommand("INCR", "count"))
        reply.error == nil ? counts.noteAcknowledged() : counts.noteRefused()
      } catch {
        switch error {
        case .commandsUnanswered, .timedOut(_, outcomeUnknown: true): counts.noteUnknown()
        default: counts.noteRefused()
        }
      }
      try? await Task.sleep(for: .milliseconds(2))
    }
  }
}

private final class IncrementCounts: Sendable {
  private let numbers = Mutex((acknowledged: 0, unknown: 0, refused: 0))

  var acknowledged: Int { numbers.withLock { $0.acknowledged } }
  var unknown: Int { numbers.withLock { $0.unknown } }
  var refused: Int { numbers.withLock { $0.refused } }

  func noteAcknowledged() { numbers.withLock { $0.acknowledged += 1 } }
  func noteUnknown() { numbers.withLock { $0.unknown += 1 } }
  func noteRefused() { numbers.withLock { $0.refused += 1 } }

  func wait(forAcknowledged count: Int) async throws {
    try await wait { acknowledged >= count }
  }

  func wait(_ isSo: () -> Bool) async throws {
    for _ in 0..<6000 {
      if isSo() { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw RedisServerError(words: "writes are not acknowledged")
  }
}
