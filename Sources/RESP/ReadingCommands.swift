/// The commands that only read, by an allow-list: what is not known is a write. Commands of
/// scripting are not on it, because a script may write; nor is anything that changes the server, a
/// client or a subscriber (CONFIG SET, CLIENT KILL, PUBLISH), though servers do not call those
/// writes. What can hold a server up for long and is never needed here is not on it either (KEYS, LCS).
package enum ReadingCommands {
  /// Whether sending the command changes nothing but the state of its own connection.
  package static func allow(_ command: RESPCommand) -> Bool { allow(command, own: []) }

  /// The same, or the state of another connection of this program, by its id.
  package static func allow(_ command: RESPCommand, own: Set<Int64>) -> Bool {
    let verb = command.verb
    if plain.contains(verb) { return true }
    guard let words = subcommands[verb], command.arguments.count > 1 else { return false }
    return words.contains(word(1, of: command)) && !concernsOthers(command, verb, own)
  }

  /// Whether tracking is to be told to another client, which has not asked for it.
  private static func concernsOthers(
    _ command: RESPCommand, _ verb: String, _ own: Set<Int64>
  ) -> Bool {
    guard verb == "CLIENT" else { return false }
    return command.arguments.indices.dropFirst(2).contains { place in
      guard word(place, of: command) == "REDIRECT" else { return false }
      guard place + 1 < command.arguments.count, let id = Int64(word(place + 1, of: command)) else {
        return true
      }
      return !own.contains(id)
    }
  }

  private static func word(_ place: Int, of command: RESPCommand) -> String {
    String(decoding: command.arguments[place].prefix(32).map(asciiUppercased), as: UTF8.self)
  }

  private static let plain: Set<String> = [
    // Keys
    "SCAN", "TYPE", "TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME", "EXISTS", "DUMP", "RANDOMKEY",
    "DBSIZE",
    // Values
    "GET", "MGET", "STRLEN", "GETRANGE", "SUBSTR", "GETBIT", "BITCOUNT", "BITPOS", "BITFIELD_RO",
    "HGET", "HMGET", "HGETALL", "HKEYS", "HVALS", "HLEN", "HEXISTS", "HSTRLEN", "HSCAN",
    "HRANDFIELD", "HTTL", "HPTTL", "HEXPIRETIME", "HPEXPIRETIME", "LLEN", "LRANGE", "LINDEX",
    "LPOS", "SCARD", "SMEMBERS", "SISMEMBER", "SMISMEMBER", "SRANDMEMBER", "SSCAN", "SINTER",
    "SUNION", "SDIFF", "SINTERCARD", "ZCARD", "ZCOUNT", "ZRANGE", "ZREVRANGE", "ZRANGEBYSCORE",
    "ZREVRANGEBYSCORE", "ZRANGEBYLEX", "ZREVRANGEBYLEX", "ZLEXCOUNT", "ZSCORE", "ZMSCORE",
    "ZRANK", "ZREVRANK", "ZRANDMEMBER", "ZSCAN", "ZINTER", "ZUNION", "ZDIFF", "ZINTERCARD",
    "XLEN", "XRANGE", "XREVRANGE", "XREAD", "XPENDING", "GEODIST", "GEOHASH", "GEOPOS", "GEOSEARCH",
    "GEORADIUS_RO", "GEORADIUSBYMEMBER_RO", "SORT_RO", "JSON.GET",
    // The built-in engine's own
    "CACHESCOPE.TAGS", "CACHESCOPE.TAGGED", "CACHESCOPE.TAGLIST", "CACHESCOPE.TRACKERS",
    "CACHESCOPE.HELP",
    // The server and this connection
    "INFO", "TIME", "PING", "ECHO", "LASTSAVE", "ROLE", "LOLWUT", "HELLO", "AUTH", "SELECT",
    "RESET", "QUIT", "WATCH", "UNWATCH", "MULTI", "EXEC", "DISCARD", "READONLY", "READWRITE",
    "ASKING", "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE",
    "SUNSUBSCRIBE",
  ]

  private static let subcommands: [String: Set<String>] = [
    "OBJECT": ["ENCODING", "IDLETIME", "FREQ", "REFCOUNT", "HELP"],
    "MEMORY": ["USAGE", "STATS", "DOCTOR", "MALLOC-STATS", "HELP"],
    "CLIENT": [
      "LIST", "INFO", "ID", "GETNAME", "SETNAME", "NO-TOUCH", "TRACKING",
      "TRACKINGINFO", "HELP",
    ],
    "CONFIG": ["GET", "HELP"],
    "COMMAND": ["INFO", "COUNT", "DOCS", "LIST", "GETKEYS", "HELP"],
    "SLOWLOG": ["GET", "LEN", "HELP"],
    "LATENCY": ["HISTOGRAM", "HISTORY", "LATEST", "DOCTOR", "GRAPH", "HELP"],
    "ACL": ["WHOAMI", "CAT", "DRYRUN", "HELP"],
    "PUBSUB": ["CHANNELS", "NUMSUB", "NUMPAT", "SHARDCHANNELS", "SHARDNUMSUB", "HELP"],
    "XINFO": ["STREAM", "GROUPS", "CONSUMERS", "HELP"],
    "CLUSTER": ["SLOTS", "SHARDS", "NODES", "INFO", "MYID", "KEYSLOT", "COUNTKEYSINSLOT"],
  ]
}
