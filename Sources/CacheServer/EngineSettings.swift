package import CacheEngine

/// How the engine is to be set up.
package struct EngineConfiguration: Sendable {
  /// The number of databases, at least 1.
  package var databases = 16
  /// The bound on memory in bytes; nil means none.
  package var maxMemory: Int?
  package var policy = EvictionPolicy.noEviction
  /// What clients on sockets must log in with; nil means no login.
  package var password: [UInt8]?
  /// The most connections on sockets at a time.
  package var maxClients = 10_000
  /// The path of a Unix socket to listen on.
  package var unixPath: String?
  /// The TCP port to listen on; 0 picks a free one, nil does not listen.
  package var tcpPort: UInt16?
  /// The address for TCP; one that is not of this machine alone needs a password.
  package var tcpBind = "127.0.0.1"
  /// The most bytes of a client's unanswered commands (those of a transaction too), and of replies
  /// that it does not read.
  package var queryBufferLimit = 1 << 30
  package var replyBufferLimit = 1 << 30
  /// The most bytes of messages that a subscriber does not read.
  package var pushBufferLimit = 32 << 20

  /// The most keys that are remembered for clients which track what they have read.
  package var trackedKeysLimit = 1_000_000

  package init() {}
}

/// The settings as CONFIG shows them, and those of them that CONFIG SET changes.
struct EngineSettings {
  let databases: Int
  let password: [UInt8]?
  let maxClients: Int
  let unixPath: String
  let bind: String
  /// The most bytes that the commands of one transaction may occupy while they wait.
  let queryBufferLimit: Int
  let trackedKeysLimit: Int
  var tcpPort: UInt16
  var maxMemory: Int?
  var policy: EvictionPolicy
  /// Which keyspace events are published, and how.
  var events: EventKinds = []

  init(_ configuration: EngineConfiguration) {
    databases = max(1, configuration.databases)
    password = configuration.password
    maxClients = configuration.maxClients
    unixPath = configuration.unixPath ?? ""
    bind = configuration.tcpBind
    queryBufferLimit = configuration.queryBufferLimit
    trackedKeysLimit = max(1, configuration.trackedKeysLimit)
    tcpPort = configuration.tcpPort ?? 0
    maxMemory = configuration.maxMemory
    policy = configuration.policy
  }
}
