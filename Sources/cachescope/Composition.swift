import CacheBackends
import CacheModel
import Configuration
import RedisClient
import Synchronization
import SystemIO
import Transport

/// A source that has been put together.
struct OpenedSource: Sendable {
  var backend: any CacheBackend
  /// What the backend sends its commands by, without any guard.
  var channel: any SourceChannel
  /// What notes the writes that it sends.
  var log: CommandLog
  /// The guard around it, which can be switched while it is open.
  var readOnlyGuard: ReadOnlyChannel
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

  /// The source behind an address. Nothing is connected before the backend's `open`. `onStatus` is
  /// called on the loop's thread with every new state of the connection, `onServer` with the server
  /// behind sentinels and whenever that is another one, `onNote` with what a person should know of the
  /// login, once; none may block.
  static func openSource(
    _ address: SourceAddress, passwordCommand: PasswordCommand? = nil, readOnly: Bool,
    journal: JournalDetail = .values,
    clientName: String = "cachescope", on loop: EventLoop,
    onStatus: @escaping @Sendable (ConnectionStatus) -> Void = { _ in },
    onServer: @escaping @Sendable (ServerBehind) -> Void = { _ in },
    onNote: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(CommandFailure) -> OpenedSource {
    var configuration = ChannelConfiguration(
      endpoint: try endpoint(of: address), user: address.user,
      password: address.password?.bytes, database: address.database, clientName: clientName)
    configuration.tls = TLSSettings(of: address).map { TLSClient($0) }
    configuration.sentinels = SentinelConfiguration(of: address, clientName: clientName)
    if configuration.sentinels != nil { configuration.reached = ServerBehind.told(to: onServer) }
    configuration.passwordSource = passwordCommand?.source
    configuration.passwordUnneeded = once { onNote(unneededPassword) }
    let channel = channel(to: address, configuration, on: loop, onStatus)
    let log = CommandLog(address: address.description, namesKeys: journal != .off)
    let guarded = ReadOnlyChannel(LoggingChannel(channel, to: log), isReadOnly: readOnly)
    let backend = RedisBackend(
      over: guarded, address: address.description, database: address.database,
      sharing: LookupFile.account, unasked: { channel.counters.unasked })
    return OpenedSource(backend: backend, channel: channel, log: log, readOnlyGuard: guarded)
  }

  /// A server that can be a node of a cluster is asked whether it is, before anything else.
  private static func channel(
    to address: SourceAddress, _ configuration: ChannelConfiguration, on loop: EventLoop,
    _ onStatus: @escaping @Sendable (ConnectionStatus) -> Void
  ) -> any SourceChannel {
    switch address.place {
    case .cluster:
      ClusterChannel(of: address, configuration, on: loop, onStatus: onStatus)
    case .tcp where address.reachesOthers, .unix where address.reachesOthers:
      DiscoveringChannel(configuration, on: loop, onStatus: onStatus) { counters, onStatus in
        ClusterChannel(
          of: address, configuration, on: loop, counters: counters, onStatus: onStatus)
      }
    case .tcp, .unix, .engine, .sentinel:
      SocketChannel(configuration, on: loop, onStatus: onStatus)
    }
  }

  private static let unneededPassword =
    "the server has no password: the one that was given is not used"

  /// Does it the first time.
  private static func once(_ work: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
    let isDone = Mutex(false)
    return {
      let wasDone = isDone.withLock { done in
        defer { done = true }
        return done
      }
      if !wasDone { work() }
    }
  }

  /// Where the source listens.
  static func endpoint(
    of address: SourceAddress
  ) throws(CommandFailure) -> Endpoint {
    if let tunnel = address.way.tunnel {
      guard case .tcp(let host, let port, _) = address.place else { return .command(tunnel) }
      return .command(ChannelConfiguration.tunnel(tunnel, host: host, port: port))
    }
    switch address.place {
    case .cluster(let seeds, _):
      let first = seeds.first ?? ServerPlace(host: "", port: 0)
      return .tcp(host: first.host, port: first.port)
    case .tcp(let host, let port, _): return .tcp(host: host, port: port)
    case .unix(let path): return .unix(path: path)
    case .sentinel(let group, _):
      let first = group.sentinels.first ?? ServerPlace(host: "", port: 0)
      return .tcp(host: first.host, port: first.port)
    case .engine(let name):
      do throws(RuntimeFolderError) {
        return .unix(path: try RuntimeFolder.open().engineSocket(named: name))
      } catch {
        throw CommandFailure(.connection, error.sentence)
      }
    }
  }
}
