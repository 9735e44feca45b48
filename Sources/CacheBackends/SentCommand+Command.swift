package import CacheModel
package import RESP

extension SentCommand {
  /// What a log tells of a command; nil for what only reads and for what must not be told.
  ///
  /// Only of verbs that are known here is it said which arguments are keys, so that a script or a
  /// value never passes for one. What carries a password is not told at all.
  package init?(_ command: RESPCommand, at time: WallTime) {
    guard !ReadingCommands.allow(command) else { return nil }
    let name = command.verb
    let arguments = command.arguments
    guard !Self.isSecret(name, arguments) else { return nil }
    var told = name.utf8.count > 40 ? String(name.prefix(40)) : name
    var keys: [[UInt8]] = []
    var others = arguments.dropFirst()
    if Self.families.contains(name), arguments.count > 1 {
      told += " \(Self.word(arguments[1]))"
      others = others.dropFirst()
      keys = told == "CONFIG SET" ? Self.settings(arguments) : []
    } else if let positions = Self.keyPositions[name] {
      keys = Self.keys(of: arguments, at: positions)
    }
    let size = others.reduce(0) { $0 + $1.count } - keys.reduce(0) { $0 + $1.count }
    self.init(at: time, verb: told, key: keys.first, keyCount: keys.count, size: max(0, size))
  }

  // MARK: Keys

  private static func keys(of arguments: [[UInt8]], at positions: KeyPositions) -> [[UInt8]] {
    if positions == .one { return Array(arguments.dropFirst().prefix(1)) }
    return CommandSpecification(
      "", arity: -1, flags: [], keys: positions, group: .generic, summary: "", complexity: ""
    ).keys(of: arguments)
  }

  private static func settings(_ arguments: [[UInt8]]) -> [[UInt8]] {
    stride(from: 2, to: arguments.count, by: 2).map { arguments[$0] }
  }

  private static func word(_ argument: [UInt8]) -> String {
    String(decoding: argument.prefix(32).map(asciiUppercased), as: UTF8.self)
  }

  /// Commands whose first argument is a subcommand.
  private static let families: Set<String> = [
    "ACL", "CLIENT", "CLUSTER", "CONFIG", "FUNCTION", "LATENCY", "MEMORY", "MODULE", "SCRIPT",
    "SENTINEL", "SLOWLOG",
  ]

  private static let keyPositions: [String: KeyPositions] = {
    var positions: [String: KeyPositions] = [:]
    for verb in ["DEL", "UNLINK", "TOUCH", "SINTERSTORE", "SUNIONSTORE", "SDIFFSTORE", "PFMERGE"] {
      positions[verb] = .all
    }
    for verb in ["MSET", "MSETNX"] { positions[verb] = .pairs }
    for verb in ["RENAME", "RENAMENX", "COPY", "SMOVE", "RPOPLPUSH", "LMOVE"] {
      positions[verb] = .two
    }
    for verb in oneKeyVerbs { positions[verb] = .one }
    return positions
  }()

  private static let oneKeyVerbs = [
    "SET", "SETEX", "PSETEX", "SETNX", "GETSET", "GETDEL", "GETEX", "APPEND", "SETRANGE", "SETBIT",
    "INCR", "INCRBY", "INCRBYFLOAT", "DECR", "DECRBY", "BITFIELD", "EXPIRE", "PEXPIRE", "EXPIREAT",
    "PEXPIREAT", "PERSIST", "RESTORE", "MOVE", "HSET", "HMSET", "HSETNX", "HDEL", "HINCRBY",
    "HINCRBYFLOAT", "HEXPIRE", "HPEXPIRE", "HPERSIST", "LPUSH", "RPUSH", "LPUSHX", "RPUSHX",
    "LPOP", "RPOP", "LSET", "LREM", "LTRIM", "LINSERT", "SADD", "SREM", "SPOP", "ZADD", "ZREM",
    "ZINCRBY", "ZPOPMIN", "ZPOPMAX", "ZREMRANGEBYRANK", "ZREMRANGEBYSCORE", "ZREMRANGEBYLEX",
    "ZRANGESTORE", "XADD", "XDEL", "XTRIM", "XSETID", "PFADD", "GEOADD", "SORT", "CACHESCOPE.TAG",
    "CACHESCOPE.UNTAG",
  ]

  // MARK: Secrets

  private static func isSecret(_ verb: String, _ arguments: [[UInt8]]) -> Bool {
    switch verb {
    case "AUTH", "HELLO", "MIGRATE", "ACL": true
    case "CONFIG", "SENTINEL":
      arguments.dropFirst(2).contains { argument in
        let word = word(argument)
        return word.contains("PASS") || word.contains("AUTH")
      }
    default: false
    }
  }
}
