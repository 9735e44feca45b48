package import RESP
import Synchronization

extension SocketChannel {
  package func exclusively<Result: Sendable>(
    for slot: HashSlot?,
    _ body: @Sendable (any RESPConnection) async throws(ChannelError) -> Result
  ) async throws(ChannelError) -> Result {
    let lease = try await lend()
    do throws(ChannelError) {
      let result = try await body(lease)
      await takeBack(lease)
      return result
    } catch {
      await takeBack(lease)
      throw error
    }
  }

  /// A connection until `takeBack`, which must follow.
  func lend() async throws(ChannelError) -> Lease {
    try refuseInPause()
    try refuseWhileBusy()
    await waitForTurn()
    do throws(ChannelError) {
      let connection = try await readyConnection()
      lending.inUse.append(connection)
      return Lease(connection)
    } catch {
      endTurn()
      throw error
    }
  }

  private func readyConnection() async throws(ChannelError) -> Connection {
    while let idle = lending.idle.popLast() {
      if await idle.isFresh { return idle }
      await idle.close()
    }
    try refuseInPause()
    let fresh = makeLentConnection()
    try await fresh.waitUntilReady()
    return fresh
  }

  private func makeLentConnection() -> Connection {
    var isDemoted: @Sendable (Connection.Change) -> Void = { _ in }
    if resolver != nil {
      isDemoted = { change in
        guard case .demoted = change else { return }
        self.assumeIsolated { $0.leaveAll() }
      }
    }
    return makeConnection(onChange: isDemoted)
  }

  func takeBack(_ lease: Lease) async {
    defer { endTurn() }
    let connection = lease.connection
    lending.inUse.removeAll { $0 === connection }
    switch lease.end() {
    case .close:
      await connection.close()
    case .nothing:
      await keepOrClose(connection)
    case .send(let command):
      let reply = try? await connection.send(command)
      reply == .ok ? await keepOrClose(connection) : await connection.close()
    }
  }

  private func keepOrClose(_ connection: Connection) async {
    guard await connection.isReady, lending.mayKeep(limit: configuration.limits.idle) else {
      return await connection.close()
    }
    lending.idle.append(connection)
  }

  // MARK: Turns

  private func waitForTurn() async {
    guard lending.lent >= configuration.limits.lent else {
      lending.lent += 1
      return
    }
    await withCheckedContinuation { lending.waiting.append($0) }
  }

  /// Gives the turn to the first who waits.
  private func endTurn() {
    guard !lending.waiting.isEmpty else {
      lending.lent -= 1
      return
    }
    lending.waiting.removeFirst().resume()
  }
}

/// The connections that a channel lends, and who waits for one.
struct Lending {
  var lent = 0
  var idle: [Connection] = []
  /// Those in borrowers' hands.
  var inUse: [Connection] = []
  var waiting: [CheckedContinuation<Void, Never>] = []
  private var isOver = false

  func mayKeep(limit: Int) -> Bool {
    !isOver && idle.count < limit
  }

  /// The idle connections, of no use any more.
  mutating func takeIdle() -> [Connection] {
    defer { idle = [] }
    return idle
  }

  /// The idle connections, to be closed; none is kept from now on.
  mutating func takeAll() -> [Connection] {
    isOver = true
    defer { idle = [] }
    return idle
  }
}

/// A connection in a borrower's hands. After its end it carries nothing more.
final class Lease: RESPConnection {
  let connection: Connection
  private let state = Mutex<LeaseState?>(LeaseState())

  init(_ connection: Connection) {
    self.connection = connection
  }

  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    let isLent = state.withLock { state in
      for command in batch { state?.sending(command) }
      return state != nil
    }
    guard isLent else { throw .closed }
    let replies = try await connection.send(batch)
    state.withLock { state in
      for (command, reply) in zip(batch, replies) { state?.answered(command, reply) }
    }
    return replies
  }

  func end() -> LeaseState.Cleaning {
    state.withLock { state in
      defer { state = nil }
      return state?.cleaning ?? .close
    }
  }
}
