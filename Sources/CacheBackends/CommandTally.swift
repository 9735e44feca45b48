package import CacheModel
package import RESP

/// How often which command was sent, so that it can be taken off what the server tells of its commands.
///
/// Counting costs a few nanoseconds a command: names are told apart by their first eight bytes, and
/// those of which there are millions have counters of their own. Names that are the same so far count
/// as one; cachescope sends none of these. Commands with subcommands count by both words, as INFO has
/// them.
package struct CommandTally: Sendable, Equatable {
  /// Of `commonHeads`, in their order.
  private var common: [Int64] = [0, 0, 0, 0]
  private var others: [UInt64: Other] = [:]
  /// `object|encoding`.
  private var withSubcommands: [String: Int64] = [:]

  private struct Other: Sendable, Equatable {
    var name: String
    var count: Int64 = 0
  }

  package init() {}

  /// Takes in a batch. Linear.
  package mutating func add(_ batch: [RESPCommand]) {
    for command in batch {
      guard let name = command.arguments.first else { continue }
      let head = Self.head(name)
      if let place = Self.commonHeads.firstIndex(of: head) {
        common[place] &+= 1
      } else if Self.containers.contains(head), command.arguments.count > 1 {
        withSubcommands[Self.name(command), default: 0] &+= 1
      } else {
        others[head, default: Other(name: command.verb)].count &+= 1
      }
    }
  }

  /// How often a command was sent; `name` as INFO has it.
  package func count(of name: some StringProtocol) -> Int64 {
    let words = name.split(separator: "|")
    guard let verb = words.first else { return 0 }
    let head = Self.head(verb.utf8)
    if let place = Self.commonHeads.firstIndex(of: head) { return common[place] }
    if words.count > 1 { return withSubcommands[name.lowercased()] ?? 0 }
    // Servers before Redis 7 tell all subcommands as one.
    let parts = withSubcommands.filter { $0.key.hasPrefix(name.lowercased() + "|") }
    return (others[head]?.count ?? 0) &+ parts.values.reduce(0, &+)
  }

  /// How often commands of a class were sent.
  package func count(of kind: CommandClass) -> Int64 {
    let names = others.values.map { ($0.name, $0.count) } + withSubcommands.map { ($0, $1) }
    let sum = names.reduce(Int64(0)) {
      CommandClass(of: $1.0) == kind ? $0 &+ $1.1 : $0
    }
    // What is common reads.
    return kind == .reading ? common.reduce(sum, &+) : sum
  }

  private static let commonHeads = ["type", "pttl", "memory", "scan"].map { head($0.utf8) }

  private static let containers = Set(
    ["object", "client", "config", "command", "acl", "xinfo", "cluster"].map { head($0.utf8) })

  private static func name(_ command: RESPCommand) -> String {
    command.arguments.prefix(2).map { String(decoding: $0.prefix(32), as: UTF8.self) }
      .joined(separator: "|").lowercased()
  }

  /// The first eight letters, small ones for capitals.
  private static func head(_ name: some Sequence<UInt8>) -> UInt64 {
    var head: UInt64 = 0
    for byte in name.prefix(8) { head = head << 8 | UInt64(byte | 0x20) }
    return head
  }
}

extension CommandFigures {
  /// Less what was sent by cachescope, and with it as much of the time as it took in the mean.
  func less(_ own: CommandTally) -> CommandFigures {
    let count = own.count(of: name)
    guard count > 0, calls > 0 else { return self }
    var rest = self
    rest.calls = max(0, calls &- count)
    rest.microseconds = Int64(Double(microseconds) * (Double(rest.calls) / Double(calls)))
    return rest
  }
}
