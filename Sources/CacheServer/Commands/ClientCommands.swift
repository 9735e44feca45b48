import CacheEngine
import RESP

extension CommandTable {
  static let clientRow = CommandRow(
    "client", -2, [.admin], .connection, "O(N) for LIST, else O(1)",
    "Names, lists and ends connections.", client
  ).with(
    subcommands: [
      "ID": 2, "GETNAME": 2, "SETNAME": 3, "SETINFO": 4, "INFO": 2, "LIST": -2, "KILL": -3,
      "NO-TOUCH": 3, "NO-EVICT": 3,
    ].merging(trackingArities) { first, _ in first })

  private static func client(_ call: CommandCall) throws(RESPError) -> RESPValue {
    switch call.word(1) {
    case "ID": return .integer(call.session.id)
    case "GETNAME": return call.session.name.isEmpty ? .null : .bulk(call.session.name)
    case "SETNAME": return try setName(call)
    case "SETINFO": return try setLibrary(call)
    case "INFO": return .verbatim(format: Array("txt".utf8), text: line(call.session, call))
    case "LIST": return try list(call)
    case "KILL": return try kill(call)
    case "TRACKING": return try tracking(call)
    case "CACHING": return try caching(call)
    case "TRACKINGINFO": return trackingFacts(call)
    case "GETREDIR": return .integer(call.session.tracking == nil ? -1 : 0)
    case "NO-TOUCH":
      call.session.leavesRecency = try flag(call)
      return .ok
    default:  // NO-EVICT
      _ = try flag(call)
      return .ok
    }
  }

  static func checkName(_ name: [UInt8]) throws(RESPError) {
    guard name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw RESPError(
        "ERR Client names cannot contain spaces, newlines or special characters.")
    }
  }

  private static func setName(_ call: CommandCall) throws(RESPError) -> RESPValue {
    try checkName(call[2])
    call.session.name = call[2]
    return .ok
  }

  private static func setLibrary(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let option = call.word(2)
    guard call[3].allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw RESPError(
        "ERR \(option.lowercased()) cannot contain spaces, newlines or special characters.")
    }
    switch option {
    case "LIB-NAME": call.session.libraryName = call[3]
    case "LIB-VER": call.session.libraryVersion = call[3]
    default: throw RESPError("ERR Unrecognized option '\(call.text(2))'")
    }
    return .ok
  }

  private static func flag(_ call: CommandCall) throws(RESPError) -> Bool {
    switch call.word(2) {
    case "ON": return true
    case "OFF": return false
    default: throw .syntax
    }
  }

  private static func list(_ call: CommandCall) throws(RESPError) -> RESPValue {
    var chosen = call.engine.sessions.values.sorted { $0.id < $1.id }
    if call.arguments.count > 2 {
      guard call.arguments.count > 3 else { throw .syntax }
      switch call.word(2) {
      case "TYPE" where call.arguments.count == 4 && call.word(3) == "NORMAL": break
      case "ID":
        let wanted = Set(call.arguments[3...].compactMap(DecimalInteger.parse))
        chosen = chosen.filter { wanted.contains($0.id) }
      default: throw .syntax
      }
    }
    let text = chosen.flatMap { line($0, call) }
    return .verbatim(format: Array("txt".utf8), text: text)
  }

  private static func kill(_ call: CommandCall) throws(RESPError) -> RESPValue {
    if call.arguments.count == 3 {
      let victims = call.engine.sessions.values.filter { $0.address == call.text(2) }
      guard !victims.isEmpty else { throw RESPError("ERR No such client") }
      victims.forEach { cut($0, call) }
      return .ok
    }
    guard call.arguments.count % 2 == 0 else { throw .syntax }
    var victims = Array(call.engine.sessions.values)
    var skipsSelf = true
    for index in stride(from: 2, to: call.arguments.count, by: 2) {
      let value = call.text(index + 1)
      switch call.word(index) {
      case "ID":
        let id = DecimalInteger.parse(call[index + 1]) ?? -1
        guard id > 0 else { throw RESPError("ERR client-id should be greater than 0") }
        victims = victims.filter { $0.id == id }
      case "ADDR": victims = victims.filter { $0.address == value }
      case "LADDR": victims = victims.filter { $0.localAddress == value }
      case "SKIPME": skipsSelf = call.word(index + 1) == "YES"
      default: throw .syntax
      }
    }
    victims = victims.filter { !skipsSelf || $0 !== call.session }
    victims.forEach { cut($0, call) }
    return .integer(Int64(victims.count))
  }

  /// The own connection ends after the reply, another one now.
  private static func cut(_ session: Session, _ call: CommandCall) {
    session.isClosing = true
    if session !== call.session { session.cut?() }
  }

  private static func line(_ session: Session, _ call: CommandCall) -> [UInt8] {
    let queued = session.transaction.queue.map { $0.count } ?? -1
    var flags = session.transaction.queue == nil ? "" : "x"
    if session.subscriptionCount > 0 { flags += "P" }
    if session.waiting != nil { flags += "b" }
    if session.tracking != nil { flags += "t" }
    let head: [UInt8] = Array(
      "id=\(session.id) addr=\(session.address) laddr=\(session.localAddress) fd=0 name=".utf8)
    let age = max(0, call.now - session.createdAt) / 1000
    let idle = max(0, call.now - session.lastUse) / 1000
    let middle =
      " age=\(age) idle=\(idle) flags=\(flags.isEmpty ? "N" : flags) db=\(session.database)"
      + " sub=\(session.channels.count) psub=\(session.patterns.count) ssub=0 multi=\(queued)"
      + " qbuf=\(session.queryBytes) qbuf-free=0 argv-mem=0 multi-mem=\(session.transaction.queuedBytes) rbs=0 rbp=0 obl=0 oll=0"
      + " omem=\(session.replyBytes) tot-mem=\(session.queryBytes + session.replyBytes) events=r"
      + " cmd=\(session.lastCommand) user=default redir=-1 resp=\(session.version.rawValue)"
    let library = Array(" lib-name=".utf8) + session.libraryName + Array(" lib-ver=".utf8)
    return head + session.name + Array(middle.utf8) + library + session.libraryVersion + [0x0A]
  }
}
