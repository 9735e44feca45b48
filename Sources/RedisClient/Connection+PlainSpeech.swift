import RESP
import SystemIO
import Transport

/// Finding out that a port speaks plain text, where TLS was begun and is not answered.
///
/// A server of the Redis family reads what begins TLS as a command that goes on, and waits for the rest
/// of it. So after a moment of silence a second connection says PING in plain text, which tells nobody
/// anything; a server that answers it as one of Redis does speaks no TLS there. Anything else, an alert
/// or an end, says nothing.
extension Connection {
  /// Milliseconds of silence before it is asked.
  private static let patience: Int64 = 400

  /// TLS has begun.
  func expectTLS() {
    machine.securing()
    guard configuration.endpoint.isTCP else { return }
    loop.schedule(afterMilliseconds: Self.patience) { [weak self] in
      self?.assumeIsolated { $0.askInPlainText() }
    }
  }

  private func askInPlainText() {
    guard ending == nil, machine.isSecuring, plainSpeech == nil else { return }
    plainSpeech = ByteStream(to: configuration.endpoint, on: loop) { event in
      self.assumeIsolated { $0.heard(inPlainText: event) }
    }
  }

  private func heard(inPlainText event: ByteStream.Event) {
    switch event {
    case .opened: plainSpeech?.send(RESPEncoder.bytes(of: [RESPCommand("PING")]))
    case .received(let bytes):
      endPlainSpeech()
      if machine.isSecuring, Self.isOfRedis(bytes) { finish(machine.insecure(.notTLS)) }
    case .ended, .insecure: endPlainSpeech()
    case .securing: break
    }
  }

  /// `+PONG`, or an error such as `-NOAUTH`.
  private static func isOfRedis(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: "+PONG".utf8) || (bytes.first == UInt8(ascii: "-") && bytes.count > 4)
  }

  func endPlainSpeech() {
    plainSpeech?.close()
    plainSpeech = nil
  }
}
