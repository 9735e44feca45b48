import Glibc
import RESP
import SystemIO
import Transport

/// A client on a real socket that waits for its replies, to test the server from outside.
final class BlockingClient {
  private let socket: CInt
  private var parser = RESPParser()

  enum Failure: Error {
    case ended
    case notConnected
    case tooSlow
  }

  init(to endpoint: Endpoint) throws {
    switch endpoint {
    case .unix(let path): socket = try StreamSocket.connect(toPath: path).taken().released()
    case .command: throw Failure.notConnected
    case .tcp(let host, let port):
      let addresses = try SocketAddress.resolve(
        host: host, port: port, for: .connecting, numericOnly: true)
      guard let address = addresses.first else { throw Failure.notConnected }
      socket = try StreamSocket.connect(to: address).taken().released()
    }
  }

  deinit {
    close(socket)
  }

  func send(_ text: String) throws {
    try send(bytes: Array(text.utf8))
  }

  func send(bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      try wait(for: POLLOUT)
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          socket, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure.ended }
      sent += count
    }
  }

  /// The next reply.
  func reply() throws -> RESPValue {
    while true {
      if let value = try parser.next() { return value }
      parser.append(contentsOf: try receive())
    }
  }

  func run(_ line: String) throws -> RESPValue {
    try send(
      bytes: RESPEncoder.bytes(of: [
        RESPCommand(arguments: line.split(separator: " ").map { Array($0.utf8) })
      ]))
    return try reply()
  }

  /// Whether the server ends the connection; what came before is left out.
  func isEnded() throws -> Bool {
    while true {
      do { _ = try receive() } catch Failure.ended { return true }
    }
  }

  /// Bytes as they come; the end is thrown.
  func receive() throws -> [UInt8] {
    try wait(for: POLLIN)
    var room = [UInt8](repeating: 0, count: 65_536)
    let count = room.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { throw Failure.ended }
    return Array(room[..<count])
  }

  private func wait(for event: Int32) throws {
    var wanted = pollfd(fd: socket, events: Int16(event), revents: 0)
    guard poll(&wanted, 1, 20_000) > 0 else { throw Failure.tooSlow }
  }
}
