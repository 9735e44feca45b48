import CacheModel
import SystemIO

/// The first screen of an empty engine: what would be here, how an application connects, and which
/// other cache there may be to look at.
enum EngineWelcome {
  /// `address` is the engine's own. Looks whether a server listens where Redis usually does, which
  /// takes no time on this machine.
  static func lines(
    _ address: SourceAddress, environment: (String) -> String?
  ) -> [String] {
    var lines = ["keys appear here as an application writes them, at", "\(address)"]
    lines += ["", "a adds a key; cachescope --demo shows a cache at work"]
    if let offer = offer(environment) { lines.append(offer) }
    return lines
  }

  private static func offer(_ environment: (String) -> String?) -> String? {
    if let url = environment("REDIS_URL"), let address = try? SourceAddress(parsing: url) {
      return "c connects to \(address)"
    }
    guard isListening(port: SourceAddress.defaultPort) else { return nil }
    return "c connects to 127.0.0.1:\(SourceAddress.defaultPort), where a server listens"
  }

  /// Whether something on this machine takes connections there. A refusal can be read at once; a
  /// server of the Redis family says nothing before it is asked.
  private static func isListening(port: UInt16) -> Bool {
    let addresses = try? SocketAddress.resolve(
      host: "127.0.0.1", port: port, for: .connecting, numericOnly: true)
    guard let address = addresses?.first, let attempt = try? StreamSocket.connect(to: address)
    else { return false }
    return !WakeDescriptor.wait(on: attempt.taken().raw, milliseconds: 3)
  }
}
