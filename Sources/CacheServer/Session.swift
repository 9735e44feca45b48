import CacheEngine
import RESP

/// What the engine remembers of one client: its database, login, transaction and identity. Sockets
/// and callers in this process have the same kind of session.
///
/// Belongs to the engine's thread; not safe anywhere else.
final class Session {
  let id: Int64
  /// Where the client is, as CLIENT LIST shows it.
  let address: String
  let localAddress: String
  /// Milliseconds since 1970.
  let createdAt: Int64
  let isInProcess: Bool

  var database: Int
  var isAuthenticated: Bool
  var version = RESPVersion.two
  var name: [UInt8] = []
  var libraryName: [UInt8] = []
  var libraryVersion: [UInt8] = []
  var transaction = Transaction()
  var channels: Set<[UInt8]> = []
  var patterns: Set<[UInt8]> = []
  /// Lookups leave the recency of keys alone.
  var leavesRecency = false
  /// The connection ends when the reply has been sent.
  var isClosing = false
  /// The last command's name, for CLIENT LIST.
  var lastCommand = "NULL"
  var lastUse: Int64
  /// Bytes waiting to be parsed and to be sent, as of the last event.
  var queryBytes = 0
  var replyBytes = 0
  /// Takes messages that answer no command; nil where nothing can be pushed.
  var push: ((RESPValue) -> Void)?
  /// Takes the reply to a command that had to wait; nil where no command can wait.
  var deliver: ((RESPValue) -> Void)?
  /// The reply to the present command, if it is null, stands for an array; version 2 tells these
  /// from strings.
  var nullIsArray = false
  /// Which changes of keys it wants to be told.
  var tracking: Tracking?
  /// The command that waits. Nothing else is carried out for the session meanwhile.
  var waiting: Waiting?
  /// Ends the connection from outside of it.
  var cut: (() -> Void)?

  init(
    id: Int64, address: String, localAddress: String, database: Int, isAuthenticated: Bool,
    isInProcess: Bool, now: Int64
  ) {
    self.id = id
    self.address = address
    self.localAddress = localAddress
    self.database = database
    self.isAuthenticated = isAuthenticated
    self.isInProcess = isInProcess
    createdAt = now
    lastUse = now
  }

  var subscriptionCount: Int { channels.count + patterns.count }
}

/// The state of MULTI and WATCH.
struct Transaction {
  /// The commands queued since MULTI; nil outside of a transaction.
  private(set) var queue: [[[UInt8]]]?
  /// What the queue occupies.
  private(set) var queuedBytes = 0
  /// A command was refused while queueing, so EXEC must refuse too.
  private(set) var isBroken = false
  /// The versions that the watched keys had.
  var watched: [WatchedKey: UInt64] = [:]

  /// As after MULTI.
  mutating func begin() {
    queue = []
    queuedBytes = 0
    isBroken = false
  }

  mutating func append(_ arguments: [[UInt8]]) {
    queue?.append(arguments)
    let array = MemoryLayout<[UInt8]>.stride
    queuedBytes += arguments.reduce(2 * array) { $0 + array + MemoryAccounting.array($1) }
  }

  /// Lets go of what was queued; EXEC will refuse.
  mutating func giveUp() {
    queue = []
    queuedBytes = 0
    isBroken = true
  }
}

/// A key of one database.
struct WatchedKey: Hashable {
  var database: Int
  var key: [UInt8]
}
