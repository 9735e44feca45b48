/// Commands on a few keys of all kinds, right ones and wrong ones, the same for the same seed.
struct RandomCommands {
  private var random: SplitMixGenerator
  private var time: UInt64 = 0

  init(seed: UInt64) {
    random = SplitMixGenerator(state: seed)
  }

  /// What stands for what in a template: see `word`.
  private static let templates = [
    "LPUSH l e", "LPUSH l e e e", "RPUSH l e", "RPUSH l e e", "LPUSHX l e", "RPUSHX l e e",
    "LPOP l", "RPOP l", "LPOP l n", "RPOP l n", "LPOP l i x", "LLEN l", "LRANGE l i i",
    "LRANGE l 0 -1", "LINDEX l i", "LSET l i e", "LINSERT l BEFORE e e", "LINSERT l AFTER e e",
    "LINSERT l x e e", "LREM l i e", "LTRIM l i i", "LTRIM l 0 n", "LPOS l e", "LPOS l e RANK i",
    "LPOS l e COUNT n", "LPOS l e RANK i COUNT n MAXLEN n", "LPOS l e x", "LMOVE l l LEFT RIGHT",
    "LMOVE l l RIGHT RIGHT", "LMOVE l l LEFT LEFT", "LMOVE l k RIGHT LEFT", "LMOVE l l x LEFT",
    "RPOPLPUSH l l", "RPOPLPUSH k l",
    "SADD s m", "SADD s m m m", "SADD s m m m m m m", "SREM s m m m", "SISMEMBER s m",
    "SMISMEMBER s m m m", "SMEMBERS s", "SCARD s", "SMOVE s s m", "SMOVE s k m", "SINTER s s",
    "SINTER s s s", "SUNION s s", "SUNION s k", "SDIFF s s", "SDIFF s s s", "SINTERSTORE s s s",
    "SUNIONSTORE s s s", "SDIFFSTORE s s s", "SINTERSTORE k s s", "SPOP s -1", "SPOP s 0",
    "SPOP s 5000", "SPOP s x x", "SRANDMEMBER s 0", "SRANDMEMBER s x", "SRANDMEMBER missing -5",
    "SSCAN s 0 COUNT 100000", "SSCAN s 0 MATCH 1* COUNT 100000", "SSCAN s x",
    "ZADD z f m", "ZADD z f m f m f m", "ZADD z NX f m", "ZADD z XX f m", "ZADD z GT f m f m",
    "ZADD z LT CH f m f m", "ZADD z XX GT CH f m", "ZADD z INCR f m", "ZADD z XX INCR f m",
    "ZADD z NX INCR f m", "ZADD z GT INCR f m", "ZADD z NX XX f m", "ZADD z NX GT f m",
    "ZADD z GT LT f m", "ZADD z INCR f m f m", "ZADD z f m f", "ZADD z CH f m f m f m f m",
    "ZREM z m m", "ZSCORE z m", "ZMSCORE z m m m", "ZINCRBY z f m", "ZCARD z", "ZCOUNT z b b",
    "ZRANK z m", "ZREVRANK z m", "ZRANGE z i i", "ZRANGE z 0 -1 WITHSCORES",
    "ZRANGE z i i REV WITHSCORES", "ZRANGE z b b BYSCORE", "ZRANGE z b b BYSCORE REV WITHSCORES",
    "ZRANGE z b b BYSCORE LIMIT i i", "ZRANGE z b b BYSCORE REV LIMIT i i WITHSCORES",
    "ZRANGE z i i LIMIT 0 i", "ZRANGE z i i BYLEX WITHSCORES", "ZRANGE z i i x",
    "ZREVRANGE z i i WITHSCORES", "ZREVRANGE z i i", "ZRANGEBYSCORE z b b WITHSCORES",
    "ZRANGEBYSCORE z b b LIMIT i i", "ZREVRANGEBYSCORE z b b WITHSCORES LIMIT i i",
    "ZREVRANGEBYSCORE z b b", "ZREMRANGEBYRANK z i i", "ZREMRANGEBYSCORE z b b", "ZPOPMIN z",
    "ZPOPMAX z", "ZPOPMIN z n", "ZPOPMAX z n", "ZPOPMIN z n x", "ZSCAN z 0 COUNT 100000",
    "ZRANDMEMBER z 0", "ZRANDMEMBER z x", "ZRANDMEMBER missing -3 WITHSCORES",
    "ZADD y 0 m 0 m 0 m", "ZADD y 0 e", "ZREM y m", "ZRANGE y t t BYLEX", "ZRANGEBYLEX y t t",
    "ZRANGE y t t BYLEX LIMIT i i", "ZRANGE y t t BYLEX REV LIMIT n n", "ZREVRANGEBYLEX y t t",
    "ZREVRANGEBYLEX y t t LIMIT n i", "ZLEXCOUNT y t t", "ZREMRANGEBYLEX y t t",
    "SET k e", "GET k", "APPEND k e", "STRLEN k", "HSET h m e m e", "HGET h m", "HDEL h m m m",
    "HGETALL h", "HSCAN h 0 COUNT 100000", "HINCRBY h m i",
    "XADD x d e e", "XADD x d e e m e", "XADD x MAXLEN n d e e", "XADD x MAXLEN ~ 9999 d e e",
    "XADD x MINID = d d e e", "XADD x NOMKSTREAM d e e", "XADD x d e", "XADD k d e e",
    "XADD x MAXLEN n MINID d d e e", "XADD x MAXLEN i d e e", "XADD x MAXLEN = n LIMIT 5 d e e",
    "XLEN x", "XRANGE x - +", "XRANGE x d d", "XRANGE x (d +", "XRANGE x - (d",
    "XRANGE x - + COUNT i",
    "XREVRANGE x + -", "XREVRANGE x d d COUNT n", "XREVRANGE x + d", "XDEL x d d d",
    "XTRIM x MAXLEN n",
    "XTRIM x MINID d", "XTRIM x MAXLEN ~ 9999", "XTRIM x n", "OBJECT ENCODING x", "XLEN k",
    "DEL k", "DEL k k", "UNLINK k", "EXISTS k k k", "TYPE k", "OBJECT ENCODING k", "RENAME k k",
    "RENAMENX k k", "COPY k k", "COPY k k REPLACE", "TOUCH k k", "TTL k", "PERSIST k",
    "EXPIRE k 1000", "SCAN 0 COUNT 100000", "SCAN 0 COUNT 100000 TYPE list",
    "SCAN 0 COUNT 100000 TYPE set", "SCAN 0 COUNT 100000 TYPE zset", "DBSIZE",
    "SETEX k 500 e", "PSETEX k 500000 e", "SETNX k e", "GETSET k e", "GETDEL k", "GETEX k EX 1000",
    "GETEX k PERSIST", "MSET k e k e", "MSETNX k e k e", "INCR k", "DECRBY k 3", "SETRANGE k 3 x",
    "SET k e EX 1000", "SET k e XX GET", "SET k e KEEPTTL", "HSETNX h m e",
    "HINCRBYFLOAT h m 1", "EXPIRE k -1", "EXPIRE k 1000 NX", "STRLEN k", "GETRANGE k 0 3",
    "HGET h m",
    "LPUSH k e", "SADD k m", "ZADD k f m", "LLEN k", "SCARD k", "ZCARD k", "ZRANGE k 0 -1",
  ]

  mutating func next() -> [String] {
    let template = Self.templates.randomElement(using: &random) ?? "PING"
    return template.split(separator: " ").map { word($0) }
  }

  private mutating func word(_ letter: Substring) -> String {
    switch letter {
    case "(d": "(" + entryNumber()
    case "l", "s", "z", "y", "h", "x": "\(letter)\(Int.random(in: 0..<3, using: &random))"
    case "k":
      ["l0", "l1", "s0", "s1", "z0", "z1", "y0", "h0", "x0", "str", "none"]
        .randomElement(using: &random) ?? ""
    case "e": element()
    case "m": member()
    case "i": index()
    case "n": String(Int.random(in: 0..<30, using: &random))
    case "f": score()
    case "d": entryNumber()
    case "b": (Bool.random(using: &random) ? "(" : "") + score()
    case "t":
      ["-", "+", "[m5", "(m5", "[z", "(1", "[", "m5", "[m7\u{e9}"].randomElement(using: &random)
        ?? ""
    default: String(letter)
    }
  }

  /// Numbers of stream entries that rise with the commands, and now and then others.
  private mutating func entryNumber() -> String {
    time += UInt64.random(in: 0...1, using: &random)
    switch Int.random(in: 0..<20, using: &random) {
    case 0: return ["x", "0-0", "-", "5-x", "", "1-2-3"].randomElement(using: &random) ?? ""
    case 1: return String(UInt64.random(in: 0...time, using: &random))
    case 2: return "\(time)-*"
    default:
      let back = UInt64.random(in: 0...min(time, 3), using: &random)
      return "\(time - back)-\(UInt64.random(in: 0...3, using: &random))"
    }
  }

  private mutating func element() -> String {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: String(repeating: "long ", count: Int.random(in: 0...2500, using: &random))
    case 1: String(Int64.random(in: .min ... .max, using: &random))
    case 2...5: String(Int.random(in: -3...200, using: &random))
    default: "e\(Int.random(in: 0..<9, using: &random))"
    }
  }

  private mutating func member() -> String {
    switch Int.random(in: 0..<40, using: &random) {
    case 0: "m" + String(repeating: "x", count: Int.random(in: 60...70, using: &random))
    case 1...4: "m\(Int.random(in: 0..<40, using: &random))"
    case 5: String(Int64.random(in: -70_000...70_000, using: &random))
    default: String(Int.random(in: 0..<700, using: &random))
    }
  }

  private mutating func index() -> String {
    switch Int.random(in: 0..<20, using: &random) {
    case 0: "x"
    case 1:
      ["9223372036854775807", "-9223372036854775807", "1.5", ""].randomElement(using: &random) ?? ""
    default: String(Int.random(in: -12...12, using: &random))
    }
  }

  private mutating func score() -> String {
    let odd = [
      "inf", "-inf", "+inf", "Infinity", "nan", "x", "", "0x10", "1e3", "1e400", "-1e-400", "0.1",
      ".5", "5.", "-7.25", "1e17", "123456789012345678", "3.0e-7", "1 ", "+4", "1e22",
      "0.30000000000000004",
      "1_0", "infinit", "1e", "--1",
    ]
    guard Int.random(in: 0..<5, using: &random) == 0 else {
      return String(Int.random(in: -9...9, using: &random))
    }
    return odd.randomElement(using: &random) ?? ""
  }
}

/// SplitMix64: the same numbers for the same seed.
struct SplitMixGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
