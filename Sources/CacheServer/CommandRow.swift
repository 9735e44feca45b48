package import RESP

/// Carries a command out and returns its reply; a refusal is thrown.
typealias CommandHandler = @Sendable (CommandCall) throws(RESPError) -> RESPValue

/// One command of the table: its facts and what it does.
struct CommandRow: Sendable {
  let specification: CommandSpecification
  let handler: CommandHandler
  /// For a command that is a family: its subcommands in upper case with their arities, which count
  /// the name of the family.
  var subcommands: [String: Int] = [:]

  init(
    _ name: String, _ arity: Int, _ flags: CommandFlags, _ keys: KeyPositions,
    _ group: CommandGroup, _ complexity: String, _ summary: String,
    _ handler: @escaping CommandHandler
  ) {
    specification = CommandSpecification(
      name, arity: arity, flags: flags, keys: keys, group: group, summary: summary,
      complexity: complexity)
    self.handler = handler
  }

  /// A command without keys.
  init(
    _ name: String, _ arity: Int, _ flags: CommandFlags, _ group: CommandGroup,
    _ complexity: String, _ summary: String, _ handler: @escaping CommandHandler
  ) {
    self.init(name, arity, flags, .none, group, complexity, summary, handler)
  }

  func with(subcommands: [String: Int]) -> CommandRow {
    var row = self
    row.subcommands = subcommands
    return row
  }

  /// Refuses a wrong number of arguments and a subcommand that is not there.
  func check(_ arguments: [[UInt8]]) throws(RESPError) {
    guard specification.accepts(argumentCount: arguments.count) else {
      throw .wrongArgumentCount(specification.name)
    }
    guard !subcommands.isEmpty, arguments.count > 1 else { return }
    let word = String(decoding: arguments[1], as: UTF8.self)
    guard let arity = subcommands[word.uppercased()] else {
      throw .unknownSubcommand(word, of: specification.name)
    }
    guard arity >= 0 ? arguments.count == arity : arguments.count >= -arity else {
      throw .wrongArgumentCount("\(specification.name)|\(word.lowercased())")
    }
  }
}

/// All commands of the engine. The one place that knows them: both channels, COMMAND, the check of
/// arguments and the guard of shared connections read it.
package enum CommandTable {
  static let rows: [CommandRow] =
    connectionRows + transactionRows + serverRows + keyRows + expiryRows + scanRows + payloadRows
    + stringRows + counterRows + hashRows + listRows + setRows
    + setAlgebraRows + sortedSetRows + sortedSetRangeRows + waitingRows + streamRows + scriptRows
    + subscriptionRows + tagRows

  /// By name in upper case.
  static let byName: [[UInt8]: CommandRow] = Dictionary(
    rows.map { (Array($0.specification.name.uppercased().utf8), $0) },
    uniquingKeysWith: { first, _ in first })

  /// The facts of all commands.
  package static var specifications: [CommandSpecification] { rows.map(\.specification) }

  /// The row of a command by its name in any case.
  static func row(named name: [UInt8]) -> CommandRow? {
    byName[name.map(asciiUppercased)]
  }

  /// The facts of one command, by its name in any case; nil for an unknown one.
  package static func specification(named name: [UInt8]) -> CommandSpecification? {
    row(named: name)?.specification
  }
}
