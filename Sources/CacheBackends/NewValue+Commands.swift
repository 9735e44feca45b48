import CacheModel
import RESP

extension NewValue {
  /// How many parts go in one command, so that no command holds a server up for long.
  private static let partsOfOneCommand = 500

  /// The commands, known to every server, that put the value under a key that is not there.
  func commands(filling key: CacheKey) -> [RESPCommand] {
    switch self {
    case .string(let bytes): [RESPCommand("SET", [key.bytes, bytes])]
    case .hash(let fields): Self.fill(key, "HMSET", fields) { [$0.field, $0.value] }
    case .list(let elements): Self.fill(key, "RPUSH", elements) { [$0] }
    case .set(let members): Self.fill(key, "SADD", members) { [$0] }
    case .sortedSet(let members):
      Self.fill(key, "ZADD", members) { [Array("\($0.score)".utf8), $0.member] }
    }
  }

  private static func fill<Part>(
    _ key: CacheKey, _ verb: String, _ parts: [Part], _ arguments: (Part) -> [[UInt8]]
  ) -> [RESPCommand] {
    stride(from: 0, to: parts.count, by: partsOfOneCommand).map { start in
      let some = parts[start..<min(parts.count, start + partsOfOneCommand)]
      return RESPCommand(verb, [key.bytes] + some.flatMap(arguments))
    }
  }
}
