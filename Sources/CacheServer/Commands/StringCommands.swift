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
        call.set(call.key, to: call[2], deadline: .remove)
        return .integer(1)
      }),
    setWithTime("setex", unit: 1000, "Sets a string with a time in seconds."),
    setWithTime("psetex", unit: 1, "Sets a string with a time in milliseconds."),
    CommandRow(
      "getset", 3, [.write, .denyOOM, .fast], .one, .string, "O(1)",
      "Sets a string and returns the old one.",
      { call throws(RESPError) in
        let old = try call.readString(call.key)
        call.set(call.key, to: call[2], deadline: .remove)
        return bulk(old)
      }),
    CommandRow(
      "getdel", 2, [.write, .fast], .one, .string, "O(1)", "Returns a string and deletes it.",
      { call throws(RESPError) in
        let old = try call.readString(call.key)
        call.remove(call.key)
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
    let options = try SetOptions(call)
    let old = options.returnsOld ? try call.readString(call.key) : nil
    let exists = call.look(call.key) != nil
    let refused = options.onlyNew && exists || options.onlyOld && !exists
    guard !refused else { return options.returnsOld ? bulk(old) : .null }
    call.set(call.key, to: call[2], deadline: options.deadline)
    return options.returnsOld ? bulk(old) : .ok
  }

  private static func setWithTime(_ name: String, unit: Int64, _ summary: String) -> CommandRow {
    CommandRow(name, 4, [.write, .denyOOM], .one, .string, "O(1)", summary) {
      call throws(RESPError) in
      let amount = try call.integer(2)
      guard amount > 0, let deadline = deadline(amount, unit: unit, from: call.now) else {
        throw .invalidExpire(name)
      }
      call.set(call.key, to: call[3], deadline: .set(deadline))
      return .ok
    }
  }

  private static func getWithTime(_ call: CommandCall) throws(RESPError) -> RESPValue {
    var change = DeadlineChange.keep
    if call.arguments.count == 3, call.word(2) == "PERSIST" {
      change = .remove
    } else if call.arguments.count == 4 {
      change = .set(try SetOptions.deadline(call, at: 2))
    } else if call.arguments.count != 2 {
      throw .syntax
    }
    guard let value = try call.readString(call.key) else { return .null }
    switch change {
    case .keep: break
    case .set(let deadline) where deadline <= call.now: call.remove(call.key)
    case .set(let deadline):
      call.engine.keyspace.setDeadline(deadline, of: call.key, in: call.database, at: call.now)
    case .remove:
      call.engine.keyspace.setDeadline(nil, of: call.key, in: call.database, at: call.now)
    }
    return .bulk(value)
  }

  private static func setPairs(_ call: CommandCall) throws(RESPError) {
    guard call.arguments.count % 2 == 1 else { throw call.wrongArgumentCount }
    for index in stride(from: 1, to: call.arguments.count, by: 2) {
      call.set(call[index], to: call[index + 1], deadline: .remove)
    }
  }

  private static func append(_ call: CommandCall) throws(RESPError) -> RESPValue {
    try call.changeString(call.key) { bytes, _ in
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
    return try call.changeString(call.key) { bytes, _ in
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

/// The options of SET.
private struct SetOptions {
  var onlyNew = false
  var onlyOld = false
  var returnsOld = false
  var deadline = DeadlineChange.remove

  init(_ call: CommandCall) throws(RESPError) {
    var index = 3
    var hasTime = false
    while index < call.arguments.count {
      switch call.word(index) {
      case "NX" where !onlyOld: onlyNew = true
      case "XX" where !onlyNew: onlyOld = true
      case "GET": returnsOld = true
      case "KEEPTTL" where !hasTime:
        hasTime = true
        deadline = .keep
      case "EX" where !hasTime, "PX" where !hasTime, "EXAT" where !hasTime, "PXAT" where !hasTime:
        hasTime = true
        deadline = .set(try Self.deadline(call, at: index))
        index += 1
      default: throw .syntax
      }
      index += 1
    }
  }

  /// Reads `EX 10` and its kin, for SET and GETEX.
  static func deadline(_ call: CommandCall, at index: Int) throws(RESPError) -> Int64 {
    let word = call.word(index)
    guard ["EX", "PX", "EXAT", "PXAT"].contains(word), index + 1 < call.arguments.count else {
      throw .syntax
    }
    let amount = try call.integer(index + 1)
    let unit: Int64 = word.hasPrefix("P") ? 1 : 1000
    let base = word.hasSuffix("AT") ? 0 : call.now
    guard amount > 0, let deadline = CommandTable.deadline(amount, unit: unit, from: base) else {
      throw .invalidExpire(call.arguments[0].isEmpty ? "" : call.text(0).lowercased())
    }
    return deadline
  }
}
