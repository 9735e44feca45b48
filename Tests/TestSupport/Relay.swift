import Glibc
import Synchronization
import SystemIO
package import Transport

/// A way to a server that a test can break: it passes bytes on, swallows them, or is cut. What it
/// swallows is acknowledged by the kernel and goes nowhere, as behind a proxy whose server has gone.
package final class Relay: Sendable {
  private struct Pair {
    var client: CInt
    var server: CInt
  }

  private struct State {
    var pairs: [Pair] = []
    var isSwallowing = false
    var isCutting = false
    var connections = 0
  }

  package let endpoint: Endpoint
  private let target: UInt16
  private let state = Mutex(State())
  private let thread = ServingThread()

  /// Leads to a port of this machine.
  package init(to port: UInt16) throws {
    target = port
    let listener = try Listener(.tcp(host: "127.0.0.1", port: 0))
    endpoint = listener.endpoint
    let acceptor = Acceptor(Mutex<Listener?>(listener))
    try thread.start { [weak self] in
      guard let self else { return usleepBriefly() }
      turn(acceptor)
    }
  }

  deinit {
    thread.end()
    for pair in state.withLock({ $0.pairs }) {
      close(pair.client)
      close(pair.server)
    }
  }

  /// How many connections were made.
  package var connections: Int { state.withLock { $0.connections } }

  /// From now on nothing gets through, either way, on any connection.
  package func swallow(_ swallows: Bool = true) {
    state.withLock { $0.isSwallowing = swallows }
  }

  /// Ends all connections, in a moment.
  package func cut() {
    state.withLock { $0.isCutting = true }
  }

  /// Descriptors are closed by this thread alone: another one may be given the same number.
  private func endWhatIsCut() {
    let pairs = state.withLock { state in
      guard state.isCutting else { return [Pair]() }
      defer { state.pairs = [] }
      state.isCutting = false
      return state.pairs
    }
    for pair in pairs {
      close(pair.client)
      close(pair.server)
    }
  }

  private func turn(_ acceptor: Acceptor) {
    endWhatIsCut()
    let pairs = state.withLock { $0.pairs }
    let ready = TestSocket.readable(
      [acceptor.raw] + pairs.flatMap { [$0.client, $0.server] })
    for descriptor in ready {
      if descriptor == acceptor.raw {
        accept(acceptor)
      } else if let pair = pairs.first(where: { $0.client == descriptor }) {
        move(from: pair.client, to: pair.server, pair)
      } else if let pair = pairs.first(where: { $0.server == descriptor }) {
        move(from: pair.server, to: pair.client, pair)
      }
    }
  }

  private func accept(_ acceptor: Acceptor) {
    guard let client = acceptor.accept() else { return }
    let addresses = try? SocketAddress.resolve(
      host: "127.0.0.1", port: target, for: .connecting, numericOnly: true)
    guard let address = addresses?.first,
      let server = try? StreamSocket.connect(to: address).taken().released()
    else {
      close(client)
      return
    }
    state.withLock { state in
      state.connections += 1
      state.pairs.append(Pair(client: client, server: server))
    }
  }

  private func move(from source: CInt, to target: CInt, _ pair: Pair) {
    let isKnown = state.withLock { state in state.pairs.contains { $0.client == pair.client } }
    guard isKnown else { return }
    guard let bytes = TestSocket.receive(source) else { return drop(pair) }
    guard !state.withLock({ $0.isSwallowing }), !bytes.isEmpty else { return }
    if !TestSocket.send(bytes, to: target) { drop(pair) }
  }

  private func drop(_ pair: Pair) {
    let wasThere = state.withLock { state in
      let count = state.pairs.count
      state.pairs.removeAll { $0.client == pair.client }
      return state.pairs.count < count
    }
    guard wasThere else { return }
    close(pair.client)
    close(pair.server)
  }
}
