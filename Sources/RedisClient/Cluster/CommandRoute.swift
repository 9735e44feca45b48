package import RESP

/// Where in a cluster a command belongs.
package enum CommandRoute: Sendable, Equatable {
  /// To the primary of the slot that its keys lie in; keys of several slots are its own affair.
  case slot(HashSlot)
  /// To every slot that one of its keys lies in, with those keys alone; the answers are joined.
  case slots(Split)
  /// To every primary; the answers are joined.
  case everyNode(Join)
  /// Through the names of one primary after the other.
  case scan
  /// To whichever node.
  case anyNode

  /// The parts of a command with several keys, in the order of their first keys.
  package struct Split: Sendable, Equatable {
    package var parts: [Part]
    package var join: Join

    package struct Part: Sendable, Equatable {
      package var slot: HashSlot
      package var command: RESPCommand
      /// The places of its keys among all keys of the command.
      package var places: [Int]
    }
  }

  /// How several answers become one. An error of one part is the answer of the whole.
  package enum Join: Sendable, Equatable {
    case sum
    /// All say the same: OK.
    case same
    /// Each part answers an array with one element for each of its keys.
    case inPlaces
    /// All should say the same, and it is an error where they do not.
    case agreed
    /// Texts of INFO.
    case figures
  }

  package init(of command: RESPCommand) {
    let verb = command.verb
    if verb == "SCAN" { self = .scan; return }
    if let join = Self.everywhere[verb] { self = .everyNode(join); return }
    if verb == "CONFIG", ["SET", "RESETSTAT", "REWRITE"].contains(command.word(1)) {
      self = .everyNode(.same)
      return
    }
    if verb == "CONFIG", command.word(1) == "GET" { self = .everyNode(.agreed); return }
    let places = KeyPlaces.of(command, verb)
    guard let first = places.first else { self = .anyNode; return }
    let slot = HashSlot(of: command.arguments[first])
    guard let join = Self.joined[verb], places.count > 1 else { self = .slot(slot); return }
    let split = Split(command, keysAt: places, join)
    self = split.parts.count > 1 ? .slots(split) : .slot(slot)
  }

  private static let everywhere: [String: Join] = [
    "DBSIZE": .sum, "FLUSHDB": .same, "FLUSHALL": .same, "INFO": .figures,
  ]

  private static let joined: [String: Join] = [
    "DEL": .sum, "UNLINK": .sum, "EXISTS": .sum, "TOUCH": .sum, "MGET": .inPlaces, "WATCH": .same,
  ]
}

extension CommandRoute.Split {
  /// Of a command whose arguments are all keys.
  init(_ command: RESPCommand, keysAt places: [Int], _ join: CommandRoute.Join) {
    self.join = join
    parts = []
    var known: [HashSlot: Int] = [:]
    for (place, argument) in places.enumerated() {
      let key = command.arguments[argument]
      let slot = HashSlot(of: key)
      if let part = known[slot] {
        parts[part].command.arguments.append(key)
        parts[part].places.append(place)
      } else {
        known[slot] = parts.count
        let verb = Array(command.arguments.prefix(1))
        parts.append(
          Part(slot: slot, command: RESPCommand(arguments: verb + [key]), places: [place]))
      }
    }
  }
}

/// Where the keys of a command stand among its arguments. A command that is not known has its key
/// first, as most commands do: a node that does not serve it says where to go.
enum KeyPlaces {
  static func of(_ command: RESPCommand, _ verb: String) -> [Int] {
    let count = command.arguments.count
    if keyless.contains(verb) { return [] }
    if all.contains(verb) { return Array(1..<max(1, count)) }
    if pairs.contains(verb) { return Array(stride(from: 1, to: count, by: 2)) }
    if let place = counted[verb] { return keys(countedAt: place, of: command) }
    switch verb {
    case "OBJECT", "XINFO", "XGROUP", "BITOP": return count > 2 ? [2] : []
    case "MEMORY": return command.word(1) == "USAGE" && count > 2 ? [2] : []
    case "DEBUG": return command.word(1) == "OBJECT" && count > 2 ? [2] : []
    case "XREAD", "XREADGROUP":
      let streams = (1..<max(1, count)).first { command.word($0) == "STREAMS" }
      return streams.flatMap { $0 + 1 < count ? [$0 + 1] : nil } ?? []
    default: return count > 1 ? [1] : []
    }
  }

  /// The keys follow their number.
  private static func keys(countedAt place: Int, of command: RESPCommand) -> [Int] {
    guard place < command.arguments.count,
      let number = Int(String(decoding: command.arguments[place].prefix(6), as: UTF8.self)),
      number > 0
    else { return [] }
    let first = place + 1
    let keys = Array(first..<max(first, min(first + number, command.arguments.count)))
    // The key that a result is stored under stands before the number.
    return
      (place == 2 && !command.verb.hasPrefix("EVAL") && !command.verb.hasPrefix("FCALL")
      ? [1] : []) + keys
  }

  private static let counted: [String: Int] = [
    "EVAL": 2, "EVALSHA": 2, "EVAL_RO": 2, "EVALSHA_RO": 2, "FCALL": 2, "FCALL_RO": 2,
    "ZUNION": 1, "ZINTER": 1, "ZDIFF": 1, "ZINTERCARD": 1, "SINTERCARD": 1, "LMPOP": 1, "ZMPOP": 1,
    "ZUNIONSTORE": 2, "ZINTERSTORE": 2, "ZDIFFSTORE": 2,
  ]

  private static let all: Set<String> = [
    "DEL", "UNLINK", "EXISTS", "TOUCH", "MGET", "WATCH", "SUNION", "SINTER", "SDIFF",
    "SUNIONSTORE", "SINTERSTORE", "SDIFFSTORE", "PFCOUNT", "PFMERGE",
  ]

  private static let pairs: Set<String> = ["MSET", "MSETNX"]

  private static let keyless: Set<String> = [
    "PING", "ECHO", "TIME", "INFO", "CONFIG", "CLIENT", "COMMAND", "CLUSTER", "DBSIZE", "FLUSHDB",
    "FLUSHALL", "SCAN", "KEYS", "RANDOMKEY", "SCRIPT", "FUNCTION", "SLOWLOG", "LATENCY", "MULTI",
    "EXEC", "DISCARD", "UNWATCH", "AUTH", "HELLO", "SELECT", "SWAPDB", "ROLE", "LASTSAVE", "SAVE",
    "BGSAVE", "BGREWRITEAOF", "MONITOR", "SUBSCRIBE", "PSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE",
    "PUBLISH", "PUBSUB", "WAIT", "READONLY", "READWRITE", "ASKING", "ACL", "MODULE", "LOLWUT",
    "SHUTDOWN", "REPLICAOF", "SLAVEOF", "FAILOVER", "RESET", "QUIT",
  ]
}
