import RESP

// The command COMMAND.
extension CommandTable {
  static func commandFacts(_ call: CommandCall) throws(RESPError) -> RESPValue {
    guard call.arguments.count > 1 else { return .array(specifications.map(facts)) }
    switch call.word(1) {
    case "COUNT": return .integer(Int64(rows.count))
    case "LIST": return .array(specifications.map { .bulk($0.name) })
    case "INFO":
      guard call.arguments.count > 2 else { return .array(specifications.map(facts)) }
      return .array(
        call.arguments.dropFirst(2).map { specification(named: $0).map(facts) ?? .null })
    case "DOCS":
      let names = call.arguments.dropFirst(2)
      let chosen = names.isEmpty ? specifications : names.compactMap { specification(named: $0) }
      return .map(chosen.map { RESPPair(.bulk($0.name), document($0)) })
    default: return try keys(Array(call.arguments.dropFirst(2)))  // GETKEYS
    }
  }

  private static func facts(_ specification: CommandSpecification) -> RESPValue {
    .array([
      .bulk(specification.name), .integer(Int64(specification.arity)),
      .set(specification.flags.names.map { .simple($0) }),
      .integer(Int64(specification.keys.first)), .integer(Int64(specification.keys.last)),
      .integer(Int64(specification.keys.step)),
      .set([]), .array([]), .array([]), .array([]),
    ])
  }

  private static func document(_ specification: CommandSpecification) -> RESPValue {
    .map([
      RESPPair(.bulk("summary"), .bulk(specification.summary)),
      RESPPair(.bulk("since"), .bulk("1.0.0")),
      RESPPair(.bulk("group"), .bulk(specification.group.rawValue)),
      RESPPair(.bulk("complexity"), .bulk(specification.complexity)),
    ])
  }

  private static func keys(_ arguments: [[UInt8]]) throws(RESPError) -> RESPValue {
    guard let name = arguments.first, let specification = specification(named: name) else {
      throw RESPError("ERR Invalid command specified")
    }
    guard specification.accepts(argumentCount: arguments.count) else {
      throw RESPError("ERR Invalid number of arguments specified for command")
    }
    let keys = specification.keys(of: arguments)
    guard !keys.isEmpty else { throw RESPError("ERR The command has no key arguments") }
    return .array(keys.map { .bulk($0) })
  }
}
