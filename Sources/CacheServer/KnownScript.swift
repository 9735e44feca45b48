import CacheEngine
import RESP

/// The scripts that the engine carries out: those with which well-known libraries release and
/// extend their locks and count.
///
/// The engine has no interpreter for Lua. It knows these scripts by their text, without regard to
/// blanks, quotes and letter case, and does what they say. Sources: `Lock` of redis-py, the pattern
/// of distributed locks in Redis' documentation, `incr` of django-redis.
enum KnownScript: CaseIterable {
  /// Deletes the key if it holds the token.
  case release
  case releaseWithCheck
  /// Sets the time of the key if it holds the token.
  case expireMilliseconds
  case expireSeconds
  case reacquire
  /// Adds to the time of the key, or replaces it, if the key holds the token.
  case extend
  /// Adds to a number if there is one.
  case incrementExisting
  case increment

  /// The text of a script in the form in which texts are compared.
  static func plain(_ text: [UInt8]) -> [UInt8] {
    text.filter { $0 > 0x20 }.map { byte in
      switch byte {
      case UInt8(ascii: "\""): UInt8(ascii: "'")
      case 0x41...0x5A: byte + 0x20
      default: byte
      }
    }
  }

  init?(_ text: [UInt8]) {
    guard text.count < 2000, let script = Self.byText[Self.plain(text)] else { return nil }
    self = script
  }

  private static let byText: [[UInt8]: KnownScript] = Dictionary(
    allCases.map { (plain(Array($0.text.utf8)), $0) }, uniquingKeysWith: { first, _ in first })

  private static let check =
    "local token = redis.call('get', keys[1]) if not token or token ~= argv[1] then return 0 end "
  private static let comparison = "if redis.call('get', keys[1]) == argv[1] then return "

  private var text: String {
    switch self {
    case .release: Self.comparison + "redis.call('del', keys[1]) else return 0 end"
    case .releaseWithCheck: Self.check + "redis.call('del', keys[1]) return 1"
    case .expireMilliseconds:
      Self.comparison + "redis.call('pexpire', keys[1], argv[2]) else return 0 end"
    case .expireSeconds:
      Self.comparison + "redis.call('expire', keys[1], argv[2]) else return 0 end"
    case .reacquire: Self.check + "redis.call('pexpire', keys[1], argv[2]) return 1"
    case .extend:
      Self.check + "local expiration = redis.call('pttl', keys[1]) "
        + "if not expiration then expiration = 0 end if expiration < 0 then return 0 end "
        + "local newttl = argv[2] if argv[3] == '0' then newttl = argv[2] + expiration end "
        + "redis.call('pexpire', keys[1], newttl) return 1"
    case .incrementExisting:
      "local exists = redis.call('exists', keys[1]) if (exists == 1) then "
        + "return redis.call('incrby', keys[1], argv[1]) else return false end"
    case .increment: "return redis.call('incrby', keys[1], argv[1])"
    }
  }
}

// What the scripts do. Each line of a script is a command of the engine.
extension KnownScript {
  func run(
    keys: [[UInt8]], arguments: [[UInt8]], _ call: CommandCall
  ) throws(RESPError) -> RESPValue {
    guard let key = keys.first, let first = arguments.first else {
      throw RESPError("ERR the script needs a key and an argument")
    }
    let second = arguments.count > 1 ? arguments[1] : []
    switch self {
    case .increment: return try command("INCRBY", [key, first], call)
    case .incrementExisting:
      guard call.peek(key) != nil else { return .null }
      return try command("INCRBY", [key, first], call)
    default: break
    }
    guard try call.readString(key) == first else { return .integer(0) }
    switch self {
    case .expireMilliseconds, .reacquire: return try command("PEXPIRE", [key, second], call)
    case .expireSeconds: return try command("EXPIRE", [key, second], call)
    case .extend:
      let replaces = arguments.count > 2 && arguments[2] != [UInt8(ascii: "0")]
      return try extend(key, by: second, replaces: replaces, call)
    default: return try command("DEL", [key], call)
    }
  }

  private func extend(
    _ key: [UInt8], by amount: [UInt8], replaces: Bool, _ call: CommandCall
  ) throws(RESPError) -> RESPValue {
    guard let deadline = call.look(key)?.deadline else { return .integer(0) }
    guard let amount = DecimalInteger.parse(amount) else { throw .notAnInteger }
    let (sum, overflow) = amount.addingReportingOverflow(deadline - call.now)
    guard !overflow else { throw .invalidExpire("pexpire") }
    return try command("PEXPIRE", [key, DecimalInteger.bytes(replaces ? amount : sum)], call)
  }

  private func command(
    _ name: String, _ arguments: [[UInt8]], _ call: CommandCall
  ) throws(RESPError) -> RESPValue {
    let words = [Array(name.utf8)] + arguments
    guard let row = CommandTable.row(named: words[0]) else { throw .unknownCommand(words) }
    return try row.handler(
      CommandCall(
        arguments: words, session: call.session, engine: call.engine, now: call.now,
        mayWait: false))
  }
}
