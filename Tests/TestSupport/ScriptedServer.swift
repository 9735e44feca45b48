import Glibc
package import RESP
import Synchronization
import SystemIO
package import Transport

/// A server on a real socket that answers each command as a test says: with a reply, with any bytes,
/// with nothing, by going.
package final class ScriptedServer: Sendable {
  package enum Act: Sendable {
    case reply(RESPValue)
    case bytes([UInt8])
    case nothing
    case close
    case bytesAndClose([UInt8])
  }

  /// What came in: the number of the connection, from 1, and the command.
  package typealias Script = @Sendable (_ connection: Int, _ command: RESPCommand) -> Act

  private struct Client {
    var number: Int
    var descriptor: CInt
    var parser = RESPCommandParser()
  }

  private struct State {
    var clients: [Client] = []
    var connections = 0
    var commands: [RESPCommand] = []
  }

  package let endpoint: Endpoint
  package let port: UInt16
  private let script: Script
  private let state = Mutex(State())
  private let thread = ServingThread()

  package init(_ script: @escaping Script) throws {
    self.script = script
    let listener = try Listener(.tcp(host: "127.0.0.1", port: 0))
    endpoint = listener.endpoint
    if case .tcp(_, let port) = listener.endpoint { self.port = port } else { port = 0 }
    let serving = Mutex<Listener?>(listener)
    let acceptor = Acceptor(serving)
    try thread.start { [weak self] in
      guard let self else { return usleepBriefly() }
      turn(acceptor)
    }
  }

  deinit {
    thread.end()
    for client in state.withLock({ $0.clients }) { close(client.descriptor) }
  }

  /// Every command that came in, in order.
  package var commands: [RESPCommand] { state.withLock { $0.commands } }

  package var connections: Int { state.withLock { $0.connections } }

  /// The answers of a server without a login that knows no HELLO; nil for any other command.
  package static func greeting(_ command: RESPCommand) -> Act? {
    switch command.verb {
    case "HELLO": .reply(.error("ERR unknown command 'HELLO'"))
    case "CLIENT", "SELECT", "AUTH": .reply(.ok)
    case "PING": .reply(.simple("PONG"))
    case "ROLE": .reply(.array([.bulk("master"), .integer(0), .array([])]))
    default: nil
    }
  }

  // MARK: Serving

  private func turn(_ acceptor: Acceptor) {
    let known = state.withLock { $0.clients.map(\.descriptor) }
    for descriptor in TestSocket.readable([acceptor.raw] + known) {
      if descriptor == acceptor.raw { accept(acceptor) } else { serve(descriptor) }
    }
  }

  private func accept(_ acceptor: Acceptor) {
    guard let descriptor = acceptor.accept() else { return }
    state.withLock { state in
      state.connections += 1
      state.clients.append(Client(number: state.connections, descriptor: descriptor))
    }
  }

  private func serve(_ descriptor: CInt) {
    guard let bytes = TestSocket.receive(descriptor) else { return drop(descriptor) }
    let (number, commands) = state.withLock { state -> (Int, [RESPCommand]) in
      guard let place = state.clients.firstIndex(where: { $0.descriptor == descriptor }) else {
        return (0, [])
      }
      state.clients[place].parser.append(contentsOf: bytes)
      var commands: [RESPCommand] = []
      while let command = try? state.clients[place].parser.next() { commands.append(command) }
      state.commands += commands
      return (state.clients[place].number, commands)
    }
    for command in commands {
      guard act(script(number, command), descriptor) else { return drop(descriptor) }
    }
  }

  /// False when the connection is to end.
  private func act(_ act: Act, _ descriptor: CInt) -> Bool {
    switch act {
    case .reply(let value):
      return TestSocket.send(RESPEncoder.bytes(of: value, version: .two), to: descriptor)
    case .bytes(let bytes): return TestSocket.send(bytes, to: descriptor)
    case .nothing: return true
    case .close: return false
    case .bytesAndClose(let bytes):
      _ = TestSocket.send(bytes, to: descriptor)
      return false
    }
  }

  private func drop(_ descriptor: CInt) {
    state.withLock { $0.clients.removeAll { $0.descriptor == descriptor } }
    close(descriptor)
  }
}

/// A listener that a thread holds.
final class Acceptor: Sendable {
  private let listener: Mutex<Listener?>
  let raw: CInt

  init(_ listener: consuming Mutex<Listener?>) {
    raw = listener.withLock { $0?.raw ?? -1 }
    self.listener = listener
  }

  func accept() -> CInt? {
    listener.withLock { listener in
      guard let taken = try? listener?.accept() else { return nil }
      return taken.released()
    }
  }
}

/// A moment for a thread whose owner has gone.
func usleepBriefly() { usleep(1_000) }
