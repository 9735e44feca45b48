import CacheBackends
import CacheModel
import SystemIO

/// A source that has been put together.
struct OpenedSource: Sendable {
  var backend: any CacheBackend
}

/// Puts the parts together: an address in, a source that answers out.
enum Composition {
  /// The thread for all connections of this process. A program makes one.
  static func eventLoop() throws(CommandFailure) -> EventLoop {
    do throws(Errno) {
      return try EventLoop(name: "connections")
    } catch {
      throw CommandFailure(.io, "cannot start a thread for connections: \(error.text)")
    }
  }

  /// The source behind an address. Nothing is connected before the backend's `open`.
  static func openSource(
    _ address: SourceAddress, readOnly: Bool, on loop: EventLoop
  ) throws(CommandFailure) -> OpenedSource {
    throw CommandFailure(.connection, "\(address) cannot be opened yet")
  }
}
