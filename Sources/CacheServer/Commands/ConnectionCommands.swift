import CacheEngine
import RESP

extension CommandTable {
  static let connectionRows: [CommandRow] = [
    CommandRow(
      "ping", -1, [.fast, .readOnly], .connection, "O(1)", "Answers that the server is there.",
      ping),
    CommandRow(
      "echo", 2, .fast, .connection, "O(1)", "Returns its argument.",
      { call in .bulk(call[1]) }),
    CommandRow(
      "hello", -1, [.fast, .noAuth, .connectionState], .connection, "O(1)",
      "Agrees on a version of the protocol and logs in.", hello),
    CommandRow(
      "auth", -2, [.fast, .noAuth, .connectionState], .connection, "O(1)", "Logs in.", auth),
    CommandRow(
      "select", 2, [.fast, .connectionState], .connection, "O(1)", "Chooses the database.",
      select),
    CommandRow(
      "quit", -1, [.fast, .noAuth, .notQueued, .connectionState], .connection, "O(1)",
      "Closes the connection.", quit),
    CommandRow(
      "reset", 1, [.fast, .noAuth, .notQueued, .connectionState], .connection, "O(1)",
      "Brings the connection back to its first state.", reset),
  ]

  private static func ping(_ call: CommandCall) throws(RESPError) -> RESPValue {
    guard call.arguments.count <= 2 else { throw call.wrongArgumentCount }
    if call.session.subscriptionCount > 0, call.session.version == .two {
      return .array([.bulk("pong"), .bulk(call[1])])
    }
    return call.arguments.count == 2 ? .bulk(call[1]) : .simple("PONG")
  }

  private static func select(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let index = try call.integer(1)
    guard index >= 0, index < call.engine.keyspace.databaseCount else { throw .databaseOutOfRange }
    call.session.database = Int(index)
    return .ok
  }

  private static func quit(_ call: CommandCall) throws(RESPError) -> RESPValue {
    call.session.isClosing = true
    return .ok
  }

  private static func reset(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let session = call.session
    call.engine.dropSubscriptions(of: session)
    session.transaction = Transaction()
    session.database = 0
    session.version = .two
    session.name = []
    session.leavesRecency = false
    call.engine.stopTracking(session)
    session.isAuthenticated = session.isInProcess || call.engine.settings.password == nil
    return .simple("RESET")
  }

  private static func auth(_ call: CommandCall) throws(RESPError) -> RESPValue {
    guard call.arguments.count <= 3 else { throw .syntax }
    if call.arguments.count == 2, call.engine.settings.password == nil {
      throw RESPError(
        "ERR AUTH <password> called without any password configured for the default user. "
          + "Are you sure your configuration is correct?")
    }
    let user = call.arguments.count == 3 ? call[1] : Array("default".utf8)
    try logIn(user: user, password: call.arguments.last ?? [], call)
    return .ok
  }

  private static func logIn(
    user: [UInt8], password: [UInt8], _ call: CommandCall
  ) throws(RESPError) {
    let expected = call.engine.settings.password
    guard user == Array("default".utf8), expected.map({ equalInFull($0, password) }) ?? true else {
      throw .wrongPassword
    }
    call.session.isAuthenticated = true
  }

  /// Compares without ending early, so that the time taken does not tell how much is right.
  private static func equalInFull(_ expected: [UInt8], _ given: [UInt8]) -> Bool {
    var difference = expected.count ^ given.count
    for (index, byte) in given.enumerated() {
      difference |= Int(byte ^ (index < expected.count ? expected[index] : 0xFF))
    }
    return difference == 0
  }

  private static func hello(_ call: CommandCall) throws(RESPError) -> RESPValue {
    var version = call.session.version
    if call.arguments.count > 1 {
      guard let number = DecimalInteger.parse(call[1]) else {
        throw RESPError("ERR Protocol version is not an integer or out of range")
      }
      guard let wanted = RESPVersion(rawValue: Int(clamping: number)) else {
        throw RESPError("NOPROTO unsupported protocol version")
      }
      version = wanted
    }
    let name = try helloOptions(call)
    guard call.session.isAuthenticated else {
      throw RESPError(
        "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO "
          + "<proto> AUTH <user> <pass> option can be used to authenticate the client and select "
          + "the RESP protocol version at the same time")
    }
    if let name { call.session.name = name }
    call.session.version = version
    return greeting(call.session)
  }

  /// Logs in where AUTH is among the options, and returns the name of SETNAME.
  private static func helloOptions(_ call: CommandCall) throws(RESPError) -> [UInt8]? {
    var name: [UInt8]?
    var index = 2
    while index < call.arguments.count {
      switch call.word(index) {
      case "AUTH" where index + 2 < call.arguments.count:
        try logIn(user: call[index + 1], password: call[index + 2], call)
        index += 3
      case "SETNAME" where index + 1 < call.arguments.count:
        try checkName(call[index + 1])
        name = call[index + 1]
        index += 2
      default:
        throw RESPError("ERR Syntax error in HELLO option '\(call.text(index))'")
      }
    }
    return name
  }

  private static func greeting(_ session: Session) -> RESPValue {
    .map([
      RESPPair(.bulk("server"), .bulk("redis")),
      RESPPair(.bulk("version"), .bulk(ServerIdentity.emulatedVersion)),
      RESPPair(.bulk("proto"), .integer(Int64(session.version.rawValue))),
      RESPPair(.bulk("id"), .integer(session.id)),
      RESPPair(.bulk("mode"), .bulk("standalone")),
      RESPPair(.bulk("role"), .bulk("master")),
      RESPPair(.bulk("modules"), .array([])),
    ])
  }
}
