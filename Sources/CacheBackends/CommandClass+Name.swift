import CacheModel
import RESP

extension CommandClass {
  /// Of a command as INFO calls it: `get`, `config|get`. What is not known writes.
  init(of name: String) {
    let words = name.split(separator: "|", maxSplits: 1).map { $0.uppercased() }
    guard let verb = words.first else {
      self = .other
      return
    }
    if Self.aside.contains(verb) {
      self = .other
    } else if Self.readingContainers.contains(verb) || ReadingCommands.allow(RESPCommand(verb)) {
      self = .reading
    } else {
      self = .writing
    }
  }

  /// Commands with a subcommand that look at keys.
  private static let readingContainers: Set<String> = ["OBJECT", "MEMORY", "XINFO", "EVAL_RO"]

  /// What concerns the server, the connection, transactions, scripts and channels, and no key.
  private static let aside: Set<String> = [
    "INFO", "TIME", "PING", "ECHO", "LASTSAVE", "ROLE", "LOLWUT", "HELLO", "AUTH", "SELECT",
    "RESET", "QUIT", "WATCH", "UNWATCH", "MULTI", "EXEC", "DISCARD", "READONLY", "READWRITE",
    "ASKING", "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE",
    "SUNSUBSCRIBE", "PUBLISH", "SPUBLISH", "PUBSUB", "CLIENT", "CONFIG", "COMMAND", "SLOWLOG",
    "LATENCY", "ACL", "CLUSTER", "DBSIZE", "DEBUG", "MONITOR", "REPLCONF", "PSYNC", "SYNC",
    "REPLICAOF", "SLAVEOF", "FAILOVER", "SAVE", "BGSAVE", "BGREWRITEAOF", "SHUTDOWN", "SCRIPT",
    "FUNCTION", "EVAL", "EVALSHA", "FCALL", "MODULE", "WAIT", "WAITAOF", "SWAPDB",
  ]
}
