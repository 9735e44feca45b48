import CacheEngine
import RESP

extension CommandTable {
  static let payloadRows: [CommandRow] = [
    CommandRow(
      "dump", 2, .readOnly, .one, .generic, "O(N)", "Returns a value in a form to restore.",
      { call in bulk(call.read(call.key).map { EnginePayload.encode($0.value) }) }),
    CommandRow(
      "restore", -4, [.write, .denyOOM], .one, .generic, "O(N)", "Sets a key from what DUMP gave.",
      restore),
  ]

  private static func restore(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let options = try RestoreOptions(call)
    if !options.replaces, call.look(call.key) != nil {
      throw RESPError("BUSYKEY Target key name already exists.")
    }
    let amount = try call.integer(2)
    guard amount >= 0 else { throw RESPError("ERR Invalid TTL value, must be >= 0") }
    let value = try EnginePayload.decode(call[3])
    var deadline: Int64?
    if amount > 0 {
      guard let limit = Self.deadline(amount, unit: 1, from: options.isAbsolute ? 0 : call.now)
      else { throw .invalidExpire("restore") }
      deadline = limit
    }
    let existed = call.remove(call.key)
    // As in Redis, a deadline in the past leaves no key, and the answer is OK.
    guard deadline ?? .max > call.now else {
      if existed { call.note(.generic, "del", call.key) }
      return .ok
    }
    call.engine.keyspace.restore(
      value, deadline: deadline, at: call.key, in: call.database, now: call.now,
      lastUse: options.idleSeconds.map { call.now - $0 * 1000 })
    call.note(.generic, "restore", call.key)
    return .ok
  }
}

/// The options of RESTORE.
private struct RestoreOptions {
  var replaces = false
  var isAbsolute = false
  var idleSeconds: Int64?

  init(_ call: CommandCall) throws(RESPError) {
    var index = 4
    while index < call.arguments.count {
      switch call.word(index) {
      case "REPLACE": replaces = true
      case "ABSTTL": isAbsolute = true
      case "IDLETIME" where index + 1 < call.arguments.count:
        idleSeconds = try Self.number(call, index + 1, "IDLETIME", atMost: 1 << 40, ">= 0")
        index += 1
      case "FREQ" where index + 1 < call.arguments.count:
        _ = try Self.number(call, index + 1, "FREQ", atMost: 255, ">= 0 and <= 255")
        index += 1
      default: throw .syntax
      }
      index += 1
    }
  }

  private static func number(
    _ call: CommandCall, _ index: Int, _ name: String, atMost limit: Int64, _ range: String
  ) throws(RESPError) -> Int64 {
    let number = try call.integer(index)
    guard number >= 0, number <= limit else {
      throw RESPError("ERR Invalid \(name) value, must be \(range)")
    }
    return number
  }
}
