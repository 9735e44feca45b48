import SystemIO
import Transport

/// Opens what the configuration asks for, by the rules for a cache that may hold secrets: TCP only
/// on this machine unless there is a password, a Unix socket in a folder of its owner.
enum EngineListeners {
  /// A listener that can be kept in a class.
  final class Box: Sendable {
    let listener: Listener

    init(_ listener: consuming Listener) {
      self.listener = listener
    }
  }

  static func open(_ configuration: EngineConfiguration) throws(EngineStartError) -> [Box] {
    var boxes: [Box] = []
    // First, because a port that is taken is what a person who gave one must be told of.
    if let port = configuration.tcpPort {
      let bind = configuration.tcpBind
      guard isLoopback(bind) || configuration.password != nil else {
        throw .passwordNeeded(bind: bind)
      }
      boxes.append(try listen(on: .tcp(host: bind, port: port)))
    }
    if let path = configuration.unixPath { boxes.insert(try openSocket(path), at: 0) }
    return boxes
  }

  static func isLoopback(_ host: String) -> Bool {
    if host == "::1" || host == "localhost" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil } && parts[0] == "127"
  }

  /// Replaces the socket file of a process that is gone, never one that answers. The folder is
  /// locked meanwhile, so that of two engines that start together one gives way.
  private static func openSocket(_ path: String) throws(EngineStartError) -> Box {
    let folder = OwnerOnlyFolder.folder(of: path)
    let lock: OwnedDescriptor
    do throws(Errno) {
      try OwnerOnlyFolder.make(path: folder)
      lock = try OwnerOnlyFolder.lock(path: folder)
    } catch {
      throw .cannotListen(endpoint: path, reason: "\(folder): \(error.text)")
    }
    switch liveness(of: path) {
    case .alive: throw .socketInUse(path: path)
    case .stale: StreamSocket.removeFile(path: path)
    case .absent: break
    }
    let box = try listen(on: .unix(path: path))
    _ = consume lock
    return box
  }

  private enum Liveness {
    case alive, stale
    /// No file, or one that is no socket, about which listening complains.
    case absent
  }

  private static func liveness(of path: String) -> Liveness {
    // Connecting to any other file is refused too, so this must come first.
    guard StreamSocket.isSocketFile(path: path) else { return .absent }
    do throws(Errno) {
      _ = try StreamSocket.connect(toPath: path).taken()
      return .alive
    } catch .wouldBlock {
      return .alive
    } catch .connectionRefused {
      return .stale
    } catch {
      return .absent
    }
  }

  private static func listen(on endpoint: Endpoint) throws(EngineStartError) -> Box {
    do throws(TransportError) {
      return Box(try Listener(endpoint))
    } catch {
      throw .cannotListen(endpoint: endpoint.description, reason: error.reason)
    }
  }
}
