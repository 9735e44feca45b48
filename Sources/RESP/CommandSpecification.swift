/// The facts of one command, as the COMMAND command of a server tells them. One table of these
/// serves the check of the number of arguments, COMMAND and its kin, the guard of read-only
/// sources, routing by key, and completion.
package struct CommandSpecification: Sendable, Equatable {
  /// In lower case.
  package var name: String
  /// The number of arguments with the name; negative: at least that many.
  package var arity: Int
  package var flags: CommandFlags
  package var keys: KeyPositions
  package var group: CommandGroup
  package var summary: String
  /// In O notation.
  package var complexity: String

  package init(
    _ name: String, arity: Int, flags: CommandFlags, keys: KeyPositions = .none,
    group: CommandGroup, summary: String, complexity: String
  ) {
    self.name = name
    self.arity = arity
    self.flags = flags
    self.keys = keys
    self.group = group
    self.summary = summary
    self.complexity = complexity
  }

  /// Whether a command with `count` arguments, its name included, has enough and not too many.
  package func accepts(argumentCount count: Int) -> Bool {
    arity >= 0 ? count == arity : count >= -arity
  }

  /// The keys among the arguments of a command (its name first).
  package func keys(of arguments: [[UInt8]]) -> [[UInt8]] {
    guard keys.first > 0, keys.step > 0, arguments.count > keys.first else { return [] }
    let last = keys.last >= 0 ? keys.last : arguments.count + keys.last
    guard last >= keys.first else { return [] }
    return stride(from: keys.first, through: min(last, arguments.count - 1), by: keys.step)
      .map { arguments[$0] }
  }
}

/// Where the keys of a command stand: the first and last position (negative: from the end) and the
/// distance between two. All zero for commands without keys.
package struct KeyPositions: Sendable, Equatable {
  package var first: Int
  package var last: Int
  package var step: Int

  package init(first: Int, last: Int, step: Int) {
    self.first = first
    self.last = last
    self.step = step
  }

  package static let none = KeyPositions(first: 0, last: 0, step: 0)
  /// One key, the first argument.
  package static let one = KeyPositions(first: 1, last: 1, step: 1)
  package static let two = KeyPositions(first: 1, last: 2, step: 1)
  /// All arguments are keys.
  package static let all = KeyPositions(first: 1, last: -1, step: 1)
  /// Keys and values in turn.
  package static let pairs = KeyPositions(first: 1, last: -1, step: 2)
  /// All arguments but the last are keys.
  package static let allButLast = KeyPositions(first: 1, last: -2, step: 1)
  /// One key after a subcommand.
  package static let second = KeyPositions(first: 2, last: 2, step: 1)
}

/// Properties of a command. Most carry the names that COMMAND uses.
package struct CommandFlags: OptionSet, Sendable, Hashable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  /// Changes the keyspace.
  package static let write = CommandFlags(rawValue: 1)
  package static let readOnly = CommandFlags(rawValue: 2)
  /// Refused when memory is at its bound.
  package static let denyOOM = CommandFlags(rawValue: 4)
  /// Constant or logarithmic time.
  package static let fast = CommandFlags(rawValue: 8)
  package static let admin = CommandFlags(rawValue: 16)
  package static let dangerous = CommandFlags(rawValue: 32)
  /// Allowed before logging in.
  package static let noAuth = CommandFlags(rawValue: 64)
  /// Not queued by MULTI but carried out at once.
  package static let notQueued = CommandFlags(rawValue: 128)
  /// Changes the state of the connection, so that it must not travel on a shared one.
  package static let connectionState = CommandFlags(rawValue: 256)
  package static let pubsub = CommandFlags(rawValue: 512)
  package static let blocking = CommandFlags(rawValue: 1024)

  /// The names that COMMAND uses, in its order.
  package var names: [String] {
    let all: [(CommandFlags, String)] = [
      (.write, "write"), (.readOnly, "readonly"), (.denyOOM, "denyoom"), (.admin, "admin"),
      (.pubsub, "pubsub"), (.blocking, "blocking"), (.noAuth, "no_auth"), (.fast, "fast"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }
}

/// The chapter that a command belongs to. Raw values are those of COMMAND DOCS.
package enum CommandGroup: String, Sendable, CaseIterable {
  case generic, string, hash, list, set, stream, server, connection, transactions, pubsub,
    scripting
  case sortedSet = "sorted-set"
}
