import Transport

/// Going with the primary of a group when it is another server.
extension SocketChannel {
  func watchPrimary() {
    resolver?.assumeIsolated { resolver in
      resolver.watch { [weak self] primary in self?.assumeIsolated { $0.follow(primary) } }
    }
  }

  /// The shared connection has logged in at a primary.
  func confirmPrimary() {
    guard let resolver, let shared else { return }
    let endpoint = shared.connection.assumeIsolated { $0.endpoint }
    resolver.assumeIsolated { $0.confirmed = endpoint }
  }

  /// The shared connection has ended. Where it never was one, the sentinel that named the server may
  /// be behind.
  func doubtPrimary() {
    guard let resolver, let shared, !shared.connection.assumeIsolated({ $0.wasReady }) else {
      return
    }
    resolver.assumeIsolated { $0.wasWrong() }
  }

  /// The primary is there: connections to another server are of no use, even where they hold. A
  /// server that the others cannot reach would take writes that are lost afterwards.
  private func follow(_ primary: Endpoint) {
    guard !isClosed else { return }
    if let shared, shared.connection.assumeIsolated({ $0.endpoint == primary }) { return }
    let reason = "the sentinels have another primary now, \(primary)"
    shared?.connection.assumeIsolated { $0.end(reason) }
    leaveOthers(reason)
    tryAgain()
  }

  /// Ends all connections but the shared one.
  func leaveOthers(_ reason: String = replicaNow) {
    for connection in lending.takeIdle() + lending.inUse + listeners {
      connection.assumeIsolated { $0.end(reason) }
    }
  }

  /// A lent connection has found that the server is a replica now.
  func leaveAll() {
    guard !isClosed else { return }
    shared?.connection.assumeIsolated { $0.end(Self.replicaNow) }
    leaveOthers()
  }

  static let replicaNow = "the server is a replica now"
}
