package import RESP

extension RESPCommand {
  /// Whether the command changes, or waits on, the state of its connection, so that it must not
  /// travel on a shared one.
  package var changesConnectionState: Bool {
    // The commands of which there are millions.
    if let name = arguments.first, Self.harmless.contains(name) { return false }
    let verb = verb
    if Self.stateful.contains(verb) { return true }
    switch verb {
    case "CLIENT":
      return Self.statefulClientCommands.contains(word(1))
    case "XREAD", "XREADGROUP":
      return arguments.dropFirst().contains { Self.upper($0) == "BLOCK" }
    case "SCRIPT":
      return word(1) == "DEBUG"
    default:
      return false
    }
  }

  private static let harmless = ["TYPE", "PTTL", "SCAN", "MEMORY", "INFO", "GET", "SET"].map {
    Array($0.utf8)
  }

  private static let stateful: Set<String> = [
    "WATCH", "UNWATCH", "MULTI", "EXEC", "DISCARD", "SELECT", "AUTH", "HELLO", "RESET", "QUIT",
    "MONITOR", "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE",
    "SUNSUBSCRIBE", "READONLY", "READWRITE", "ASKING", "SYNC", "PSYNC", "REPLCONF", "WAIT",
    "WAITAOF", "BLPOP", "BRPOP", "BRPOPLPUSH", "BLMOVE", "BLMPOP", "BZPOPMIN", "BZPOPMAX",
    "BZMPOP",
  ]

  private static let statefulClientCommands: Set<String> = [
    "REPLY", "TRACKING", "CACHING", "NO-EVICT", "NO-TOUCH", "SETNAME", "SETINFO", "CAPA",
    "IMPORT-SOURCE",
  ]

  /// An argument in upper case; empty when there is none.
  func word(_ index: Int) -> String {
    index < arguments.count ? Self.upper(arguments[index]) : ""
  }

  private static func upper(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix(32).map(asciiUppercased), as: UTF8.self)
  }
}
