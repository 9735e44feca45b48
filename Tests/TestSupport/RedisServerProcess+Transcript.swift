import Glibc
package import RESP
import SystemIO

extension RedisServerProcess {
  /// Every byte that the server answers to commands on a connection of their own, until it closes that.
  package func transcript(of commands: [RESPCommand]) throws -> [UInt8] {
    let socket = try StreamSocket.connect(toPath: socketPath).taken().released()
    defer { close(socket) }
    var bytes: [UInt8] = []
    guard TestSocket.send(RESPEncoder.bytes(of: commands + [RESPCommand("QUIT")]), to: socket)
    else {
      throw RedisServerError(words: "the server takes no commands")
    }
    for _ in 0..<6000 {
      guard !TestSocket.readable([socket], milliseconds: 10).isEmpty else { continue }
      guard let received = TestSocket.receive(socket) else { return bytes }
      bytes += received
    }
    throw RedisServerError(words: "the server does not end the connection")
  }
}
