import CacheEngine
import RESP

extension CommandTable {
  static let expiryRows: [CommandRow] = [
    expire("expire", unit: 1000, isRelative: true, "Sets the time left in seconds."),
    expire("pexpire", unit: 1, isRelative: true, "Sets the time left in milliseconds."),
    expire("expireat", unit: 1000, isRelative: false, "Sets the deadline in seconds since 1970."),
    expire("pexpireat", unit: 1, isRelative: false, "Sets the deadline in ms since 1970."),
    remaining("ttl", "Tells the time left in seconds.") { roundedSeconds($0 - $1) },
    remaining("pttl", "Tells the time left in milliseconds.") { $0 - $1 },
    remaining("expiretime", "Tells the deadline in seconds since 1970.") { deadline, _ in
      roundedSeconds(deadline)
    },
    remaining("pexpiretime", "Tells the deadline in ms since 1970.") { deadline, _ in deadline },
    CommandRow(
      "persist", 2, [.write, .fast], .one, .generic, "O(1)", "Removes the deadline.",
      { call in
        guard let entry = call.look(call.key), entry.deadline != nil else { return .integer(0) }
        call.setDeadline(nil, of: call.key)
        return .integer(1)
      }),
  ]

  /// Seconds from milliseconds, half a second rounded up, for any number.
  private static func roundedSeconds(_ milliseconds: Int64) -> Int64 {
    milliseconds / 1000 + (milliseconds % 1000 >= 500 ? 1 : 0)
  }

  private static func remaining(
    _ name: String, _ summary: String,
    _ figure: @escaping @Sendable (_ deadline: Int64, _ now: Int64) -> Int64
  ) -> CommandRow {
    CommandRow(name, 2, [.readOnly, .fast], .one, .generic, "O(1)", summary) { call in
      guard let entry = call.peek(call.key) else { return .integer(-2) }
      return .integer(entry.deadline.map { figure($0, call.now) } ?? -1)
    }
  }

  private static func expire(
    _ name: String, unit: Int64, isRelative: Bool, _ summary: String
  ) -> CommandRow {
    CommandRow(name, -3, [.write, .fast], .one, .generic, "O(1)", summary) {
      call throws(RESPError) in
      let condition = try ExpireCondition(call)
      let amount = try call.integer(2)
      guard let deadline = deadline(amount, unit: unit, from: isRelative ? call.now : 0) else {
        throw .invalidExpire(name)
      }
      guard let entry = call.look(call.key), condition.allows(deadline, over: entry.deadline)
      else { return .integer(0) }
      call.setDeadline(deadline, of: call.key)
      return .integer(1)
    }
  }

  /// A deadline in milliseconds from an amount of some unit; nil when 64 bits cannot hold it.
  static func deadline(_ amount: Int64, unit: Int64, from base: Int64) -> Int64? {
    let (scaled, tooLarge) = amount.multipliedReportingOverflow(by: unit)
    let (deadline, overflow) = scaled.addingReportingOverflow(base)
    return tooLarge || overflow ? nil : deadline
  }
}

/// The options NX, XX, GT and LT of EXPIRE and its kin.
private struct ExpireCondition {
  private var options: Set<String> = []

  init(_ call: CommandCall) throws(RESPError) {
    for index in call.arguments.indices.dropFirst(3) {
      guard ["NX", "XX", "GT", "LT"].contains(call.word(index)) else {
        throw RESPError("ERR Unsupported option \(call.text(index))")
      }
      options.insert(call.word(index))
    }
    if options.contains("NX"), options.count > 1 {
      throw RESPError("ERR NX and XX, GT or LT options at the same time are not compatible")
    }
    if options.isSuperset(of: ["GT", "LT"]) {
      throw RESPError("ERR GT and LT options at the same time are not compatible")
    }
  }

  /// A key without a deadline counts as one that lives for ever.
  func allows(_ new: Int64, over old: Int64?) -> Bool {
    if options.contains("NX"), old != nil { return false }
    if options.contains("XX"), old == nil { return false }
    if options.contains("GT"), new <= old ?? .max { return false }
    if options.contains("LT"), let old, new >= old { return false }
    return true
  }
}
