package import CacheModel
package import RESP

/// How often which command was sent, so that it can be taken off what the server tells of its commands.
///
/// Counting costs a few nanoseconds a command: names are told apart by their first eight bytes, and
/// those of which there are millions have counters of their own. Names that are the same so far count
/// as one; cachescope sends none of these.
package struct CommandTally: Sendable, Equatable {
  private var common: SIMD4<Int64> = .zero
  private var others: [UInt64: Other] = [:]

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
      } else {
        others[head, default: Other(name: command.verb)].count &+= 1
      }
    }
  }

  /// How often a command was sent; `name` as INFO has it.
  package func count(of name: some StringProtocol) -> Int64 {
    let head = Self.head(name.utf8)
    if let place = Self.commonHeads.firstIndex(of: head) { return common[place] }
    return others[head]?.count ?? 0
  }

  /// How often commands of a class were sent.
  package func count(of kind: CommandClass) -> Int64 {
    let sum = others.values.reduce(Int64(0)) {
      CommandClass(of: $1.name) == kind ? $0 &+ $1.count : $0
    }
    // What is common reads.
    return kind == .reading ? sum &+ common.wrappedSum() : sum
  }

  private static let commonHeads = ["type", "pttl", "memory", "scan"].map { head($0.utf8) }

  /// The first eight letters, small ones for capitals.
  private static func head(_ name: some Sequence<UInt8>) -> UInt64 {
    var head: UInt64 = 0
    for byte in name.prefix(8) { head = head << 8 | UInt64(byte | 0x20) }
    return head
  }
}

extension CommandFigures {
  /// Less what was sent by cachescope. Of commands with subcommands only MEMORY USAGE can be told.
  func less(_ own: CommandTally) -> CommandFigures {
    var rest = self
    let words = name.split(separator: "|")
    if words.count == 1 {
      rest.take(own.count(of: name))
    } else if name.lowercased() == "memory|usage" {
      rest.take(own.count(of: "memory"))
    }
    return rest
  }

  /// Takes calls away, and with them as much of the time as they took in the mean.
  private mutating func take(_ count: Int64) {
    guard count > 0, calls > 0 else { return }
    let rest = max(0, calls &- count)
    microseconds = Int64(Double(microseconds) * (Double(rest) / Double(calls)))
    calls = rest
  }
}
