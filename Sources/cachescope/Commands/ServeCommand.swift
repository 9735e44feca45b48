import CacheEngine
import CacheModel
import CacheServer
import SystemIO
import Transport

/// `serve`: the built-in engine alone, until SIGINT or SIGTERM.
struct ServeCommand {
  private var configuration = EngineConfiguration()
  private let engineName: String

  init(_ line: ParsedCommandLine) throws(UsageError) {
    engineName = try Self.engineName(line)
    configuration.unixPath = line.value(.unix)
    if configuration.unixPath == "" {
      throw UsageError(.unix, "", "is empty", command: .serve)
    }
    configuration.tcpPort = try line.optionalNumber(.enginePort, in: 0...65_535).map { UInt16($0) }
    if let bind = line.value(.bind) {
      guard configuration.tcpPort != nil else {
        throw UsageError("--bind needs --port; for example --port 6380", command: .serve)
      }
      configuration.tcpBind = bind
    }
    configuration.maxMemory = try line.bytes(.maxmemory).flatMap { $0 == 0 ? nil : $0 }
    if let policy = try line.choice(.policy, EvictionPolicy.self) { configuration.policy = policy }
    if let clients = try line.optionalNumber(.maxclients, in: 1...1_000_000) {
      configuration.maxClients = clients
    }
    configuration.password = try line.value(.passwordFile).map(Self.password)
  }

  private static func engineName(_ line: ParsedCommandLine) throws(UsageError) -> String {
    guard let source = line.value(.source) else { return SourceAddress.defaultEngineName }
    let address: SourceAddress
    do throws(SourceAddressError) {
      address = try SourceAddress(parsing: source)
    } catch {
      throw UsageError(error.sentence, command: .serve)
    }
    guard case .engine(let name) = address.place, !line.has(.unix) else {
      throw UsageError(
        "serve takes -u engine:NAME, or --unix, and no other source", command: .serve)
    }
    return name
  }

  private static func password(_ path: String) throws(UsageError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(Errno) {
      bytes = try FileBytes.read(path: path, limit: 64 << 10)
    } catch {
      throw UsageError("--password-file: \(path): \(error.text)", command: .serve)
    }
    let password = Array(bytes.prefix { $0 != 0x0A && $0 != 0x0D })
    guard !password.isEmpty else {
      throw UsageError("--password-file: the first line of \(path) is empty", command: .serve)
    }
    return password
  }

  func run(_ output: CommandOutput) throws(UsageError) -> Int32 {
    do throws(CommandFailure) {
      try serve(output)
    } catch {
      output.tell(error)
    }
    return output.exitStatus
  }

  private func serve(_ output: CommandOutput) throws(CommandFailure) {
    var configuration = configuration
    if let path = configuration.unixPath {
      try Self.checkFolder(of: path)
    } else {
      configuration.unixPath = try ownSocket()
    }
    InterruptSignals.block()
    let isOwn = self.configuration.unixPath == nil
    let host = try Self.startedHost(configuration, isOwn: isOwn)
    let addresses = host.addresses.map(Self.url).sorted()
    output.line("ready " + addresses.joined(separator: " "))
    output.flush()
    let signal = InterruptSignals.wait()
    output.note(signal == .interrupt ? "interrupted: stopping" : "told to stop: stopping")
    do throws(Errno) {
      try BlockingRun.wait { await host.stop() }
    } catch {
      throw CommandFailure(.io, error.text)
    }
  }

  /// A folder that is not there is more often mistyped than wanted.
  private static func checkFolder(of path: String) throws(CommandFailure) {
    let folder = OwnerOnlyFolder.folder(of: path)
    guard OwnerOnlyFolder.exists(path: folder) else {
      throw CommandFailure(
        .io, "--unix: there is no folder \(folder); mkdir -m 700 makes one for you alone")
    }
  }

  private func ownSocket() throws(CommandFailure) -> String {
    do throws(RuntimeFolderError) {
      return try RuntimeFolder.open().engineSocket(named: engineName)
    } catch {
      throw CommandFailure(.io, error.sentence)
    }
  }

  /// `isOwn`: where `engine:` finds it, and not on a socket that was named.
  private static func startedHost(
    _ configuration: EngineConfiguration, isOwn: Bool
  ) throws(CommandFailure) -> EngineHost {
    do throws(EngineStartError) {
      let host = try EngineHost(configuration: configuration)
      try host.start()
      return host
    } catch .socketInUse(let path) where isOwn {
      throw CommandFailure(
        .io,
        "the built-in engine runs already at \(path): cachescope joins it, and `stop the engine` "
          + "under : there ends it; serve -u engine:NAME runs another one beside it")
    } catch .passwordNeeded(let bind) {
      throw CommandFailure(.usage, EngineStartError.passwordNeeded(bind: bind).sentence)
    } catch {
      throw CommandFailure(.io, error.sentence)
    }
  }

  /// `redis://…` sorts before `unix://…`.
  private static func url(_ endpoint: Endpoint) -> String {
    switch endpoint {
    case .tcp: "redis://\(endpoint.description)"
    case .unix(let path): SourceAddress(.unix(path: path)).description
    case .command: ""
    }
  }
}
