import Synchronization
import Transport

/// What the connections to all nodes are doing, told as one: connected while one of them is.
final class NodeStatuses: Sendable {
  private struct State {
    var nodes: [Endpoint: ConnectionStatus] = [:]
    var overall = ConnectionStatus.idle
  }

  private let state = Mutex(State())
  private let onStatus: @Sendable (ConnectionStatus) -> Void

  init(_ onStatus: @escaping @Sendable (ConnectionStatus) -> Void) {
    self.onStatus = onStatus
  }

  var overall: ConnectionStatus { state.withLock { $0.overall } }

  func tell(_ status: ConnectionStatus, of node: Endpoint) {
    change { $0[node] = status }
  }

  /// The node is not of the cluster any more.
  func forget(_ node: Endpoint) {
    change { $0[node] = nil }
  }

  private func change(_ change: (inout [Endpoint: ConnectionStatus]) -> Void) {
    let changed = state.withLock { state -> ConnectionStatus? in
      change(&state.nodes)
      let best = state.nodes.values.min { Self.rank($0) < Self.rank($1) } ?? .idle
      guard best != state.overall else { return nil }
      state.overall = best
      return best
    }
    if let changed { onStatus(changed) }
  }

  private static func rank(_ status: ConnectionStatus) -> Int {
    switch status {
    case .connected: 0
    case .busy: 1
    case .connecting: 2
    case .waiting: 3
    case .refused: 4
    case .idle: 5
    case .closed: 6
    }
  }
}
