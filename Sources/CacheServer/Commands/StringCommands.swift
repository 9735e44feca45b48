import CacheEngine
import RESP

extension CommandTable {
  /// The longest string, as Redis' proto-max-bulk-len.
  static let longestString = 512 << 20

  static let stringRows: [CommandRow] = [
    CommandRow(
      "get", 2, [.readOnly, .fast], .one, .string, "O(1)", "Returns a string.",
      { call throws(RESPError) in bulk(try call.readString(call.key)) }),
    CommandRow(
      "set", -3, [.write, .denyOOM], .one, .string, "O(1)", "Sets a string, with options.", set),
    CommandRow(
      "setnx", 3, [.write, .denyOOM, .fast], .one, .string, "O(1)", "Sets a string if it is new.",
      { call in
        guard call.look(call.key) == nil else { return .integer(0) }
        call.assign(call.key, to: call[2], deadline: .remove)
        return .integer(1)
      }),
    setWithTime("setex", unit: 1000, "Sets a string with a time in seconds."),
    setWithTime("psetex", unit: 1, "Sets a string with a time in milliseconds."),
    CommandRow(
      "getset", 3, [.write, .denyOOM, .fast], .one, .string, "O(1)",
      "Sets a string and returns the old one.",
      { call throws(RESPError) in
        let old = try call.readString(call.key)
        call.assign(call.key, to: call[2], deadline: .remove)
        return bulk(old)
      }),
    CommandRow(
      "getdel", 2, [.write, .fast], .one, .string, "O(1)", "Returns a string and deletes it.",
      { call throws(RESPError) in
        let old = try call.readString(call.key)
        if call.remove(call.key) { call.note(.generic, "del", call.key) }
        return bulk(old)
      }),
    CommandRow(
      "getex", -2, [.write, .fast], .one, .string, "O(1)", "Returns a string, changes its TTL.",
      getWithTime),
    CommandRow(
      "mget", -2, [.readOnly, .fast], .all, .string, "O(N)", "Returns several strings.",
      { call in .array(call.arguments.dropFirst().map { bulk(try? call.readString($0)) }) }),
    CommandRow(
      "mset", -3, [.write, .denyOOM], .pairs, .string, "O(N)", "Sets several strings.",
      { call throws(RESPError) in
        try setPairs(call)
        return .ok
      }),
    CommandRow(
      "msetnx", -3, [.write, .denyOOM], .pairs, .string, "O(N)",
      "Sets several strings if all are new.",
      { call throws(RESPError) in
        guard call.arguments.count % 2 == 1 else { throw call.wrongArgumentCount }
        let keys = stride(from: 1, to: call.arguments.count, by: 2)
        guard keys.allSatisfy({ call.look(call[$0]) == nil }) else { return .integer(0) }
        try setPairs(call)
        return .integer(1)
      }),
    CommandRow(
      "strlen", 2, [.readOnly, .fast], .one, .string, "O(1)", "Tells the length of a string.",
      { call throws(RESPError) in .integer(Int64(try call.readString(call.key)?.count ?? 0)) }),
    CommandRow(
      "append", 3, [.write, .denyOOM, .fast], .one, .string, "O(1)", "Appends to a string.",
      append),
    CommandRow(
      "getrange", 4, .readOnly, .one, .string, "O(N)", "Returns part of a string.", getRange),
    CommandRow(
      "substr", 4, .readOnly, .one, .string, "O(N)", "Returns part of a string.", getRange),
    CommandRow(
      "setrange", 4, [.write, .denyOOM], .one, .string, "O(N)", "Overwrites part of a string.",
      setRange),
  ]

  static func bulk(_ bytes: [UInt8]?) -> RESPValue {
    bytes.map { .bulk($0) } ?? .null
  }

  private static func set(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let options = try StringOptions(call, from: 3, isSet: true)
    let deadline = try options.deadline(call)
    let old = options.returnsOld ? try call.readString(call.key) : nil
    let exists = call.look(call.key) != nil
    let refused = options.onlyNew && exists || options.onlyOld && !exists
    guard !refused else { return options.returnsOld ? bulk(old) : .null }
    let change = deadline.map { DeadlineChange.set($0) } ?? (options.keepsTTL ? .keep : .remove)
    call.assign(call.key, to: call[2], deadline: change)
    return options.returnsOld ? bulk(old) : .ok
  }

  private static func setWithTime(_ name: String, unit: Int64, _ summary: String) -> CommandRow {
    CommandRow(name, 4, [.write, .denyOOM], .one, .string, "O(1)", summary) {
      call throws(RESPError) in
      let amount = try call.integer(2)
      guard amount > 0, let deadline = deadline(amount, unit: unit, from: call.now) else {
        throw .invalidExpire(name)
      }
      call.assign(call.key, to: call[3], deadline: .set(deadline))
      return .ok
    }
  }

  private static func getWithTime(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let options = try StringOptions(call, from: 2, isSet: false)
    guard let value = try call.readString(call.key) else { return .null }
    let deadline = try options.deadline(call)
    let hadDeadline = call.look(call.key)?.deadline != nil
    if deadline != nil || options.persists && hadDeadline {
      call.setDeadline(deadline, of: call.key)
    }
    return .bulk(value)
  }

  private static func setPairs(_ call: CommandCall) throws(RESPError) {
    guard call.arguments.count % 2 == 1 else { throw call.wrongArgumentCount }
    for index in stride(from: 1, to: call.arguments.count, by: 2) {
      call.assign(call[index], to: call[index + 1], deadline: .remove)
    }
  }

  private static func append(_ call: CommandCall) throws(RESPError) -> RESPValue {
    try call.changeString(call.key, event: "append") { bytes, _ in
      guard bytes.count + call[2].count <= longestString else { return (false, .failure(.tooLong)) }
      bytes += call[2]
      return (true, .success(.integer(Int64(bytes.count))))
    }
  }

  private static func getRange(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let first = try call.integer(2)
    let last = try call.integer(3)
    guard let bytes = try call.readString(call.key) else { return .bulk([UInt8]()) }
    let count = Int64(bytes.count)
    guard !(first < 0 && last < 0 && first > last) else { return .bulk([UInt8]()) }
    let start = first < 0 ? max(0, count &+ first) : first
    let end = min(last < 0 ? max(0, count &+ last) : last, count - 1)
    guard start <= end, count > 0 else { return .bulk([UInt8]()) }
    return .bulk(Array(bytes[Int(start)...Int(end)]))
  }

  private static func setRange(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let offset = try call.integer(2)
    guard offset >= 0 else { throw .offsetOutOfRange }
    let patch = call[3]
    return try call.changeString(call.key, event: "setrange") { bytes, _ in
      guard !patch.isEmpty else { return (false, .success(.integer(Int64(bytes.count)))) }
      guard offset <= Int64(longestString - min(patch.count, longestString)) else {
        return (false, .failure(.tooLong))
      }
      let end = Int(offset) + patch.count
      if bytes.count < end { bytes += Array(repeating: 0, count: end - bytes.count) }
      bytes.replaceSubrange(Int(offset)..<end, with: patch)
      return (true, .success(.integer(Int64(bytes.count))))
    }
  }
}

/// The options of SET and GETEX. The time is checked after the syntax of all of them, and of an
/// option that comes twice the last one counts, as in Redis.
private struct StringOptions {
  var onlyNew = false
  var onlyOld = false
  var returnsOld = false
  var keepsTTL = false
  var persists = false
  private var time: (option: String, amount: [UInt8])?

  init(_ call: CommandCall, from start: Int, isSet: Bool) throws(RESPError) {
    var index = start
    while index < call.arguments.count {
      let word = call.word(index)
      switch word {
      case "NX" where isSet && !onlyOld: onlyNew = true
      case "XX" where isSet && !onlyNew: onlyOld = true
      case "GET" where isSet: returnsOld = true
      case "KEEPTTL" where isSet && time == nil: keepsTTL = true
      case "PERSIST" where !isSet && time == nil: persists = true
      case "EX", "PX", "EXAT", "PXAT":
        guard time?.option ?? word == word, !keepsTTL, !persists,
          index + 1 < call.arguments.count
        else { throw .syntax }
        time = (word, call[index + 1])
        index += 1
      default: throw .syntax
      }
      index += 1
    }
  }

  /// The deadline that EX, PX, EXAT or PXAT ask for; nil without one of them.
  func deadline(_ call: CommandCall) throws(RESPError) -> Int64? {
    guard let time else { return nil }
    guard let amount = DecimalInteger.parse(time.amount) else { throw .notAnInteger }
    let unit: Int64 = time.option.hasPrefix("P") ? 1 : 1000
    let base = time.option.hasSuffix("AT") ? 0 : call.now
    guard amount > 0, let deadline = CommandTable.deadline(amount, unit: unit, from: base) else {
      throw .invalidExpire(call.text(0).lowercased())
    }
    return deadline
  }
}
