import CacheEngine
import RESP

extension CommandTable {
  static let setRows: [CommandRow] = [
    CommandRow(
      "sadd", -3, [.write, .denyOOM, .fast], .one, .set, "O(N)", "Adds members.",
      { call throws(RESPError) in
        let reply = try call.change(call.key, creating: true) { (set: inout SetValue) in
          let added = call.arguments.dropFirst(2).count { set.insert($0) }
          return (added > 0, .success(.integer(Int64(added))))
        }
        if reply != .integer(0) { call.note(.set, "sadd", call.key) }
        return reply ?? .integer(0)
      }),
    CommandRow(
      "srem", -3, [.write, .fast], .one, .set, "O(N)", "Removes members.",
      { call throws(RESPError) in
        let reply = try call.change(call.key) { (set: inout SetValue) in
          let removed = call.arguments.dropFirst(2).count { set.remove($0) }
          return (removed > 0, .success(.integer(Int64(removed))))
        }
        if let reply, reply != .integer(0) { call.noteShrunk(.set, "srem", call.key) }
        return reply ?? .integer(0)
      }),
    CommandRow(
      "sismember", 3, [.readOnly, .fast], .one, .set, "O(1)", "Tells whether it is a member.",
      { call throws(RESPError) in
        let set = try call.read(call.key, as: SetValue.self)
        return .integer(set?.contains(call[2]) == true ? 1 : 0)
      }),
    CommandRow(
      "smismember", -3, [.readOnly, .fast], .one, .set, "O(N)", "Tells which are members.",
      { call throws(RESPError) in
        let set = try call.read(call.key, as: SetValue.self)
        return .array(
          call.arguments.dropFirst(2).map { .integer(set?.contains($0) == true ? 1 : 0) })
      }),
    CommandRow(
      "smembers", 2, .readOnly, .one, .set, "O(N)", "Returns all members.",
      { call throws(RESPError) in
        let members = try call.read(call.key, as: SetValue.self)?.members ?? []
        return .set(members.map { .bulk($0) })
      }),
    CommandRow(
      "scard", 2, [.readOnly, .fast], .one, .set, "O(1)", "Counts the members.",
      { call throws(RESPError) in
        .integer(Int64(try call.read(call.key, as: SetValue.self)?.count ?? 0))
      }),
    CommandRow("spop", -2, [.write, .fast], .one, .set, "O(N)", "Takes any members.", popAny),
    CommandRow(
      "srandmember", -2, .readOnly, .one, .set, "O(N)", "Returns any members.", anyMembers),
    CommandRow(
      "smove", 4, [.write, .fast], .two, .set, "O(1)", "Moves a member to another set.", moveMember),
  ]

  private static func popAny(_ call: CommandCall) throws(RESPError) -> RESPValue {
    guard call.arguments.count <= 3 else { throw .syntax }
    let limit = call.arguments.count == 3 ? try call.positive(2) : nil
    var taken = 0
    let reply = try call.change(call.key) { (set: inout SetValue) in
      taken = Int(min(limit ?? 1, Int64(set.count)))
      var members: [RESPValue] = []
      for _ in 0..<taken {
        guard let member = set.anyMember(random: call.engine.anyNumber) else { break }
        set.remove(member)
        members.append(.bulk(member))
      }
      return (taken > 0, .success(limit == nil ? members.first ?? .null : .set(members)))
    }
    if taken > 0 { call.noteShrunk(.set, "spop", call.key) }
    return reply ?? (limit == nil ? .null : .set([]))
  }

  /// The most members that one reply may repeat, so that it stays within bounds.
  static let mostRepeated: Int64 = 1 << 20

  private static func anyMembers(_ call: CommandCall) throws(RESPError) -> RESPValue {
    guard call.arguments.count <= 3 else { throw .syntax }
    let count = call.arguments.count == 3 ? try call.integer(2) : nil
    if let count, count == .min {
      throw RESPError(
        "ERR value is out of range, value must between \(-Int64.max) and \(Int64.max)")
    }
    guard let set = try call.read(call.key, as: SetValue.self) else {
      return count == nil ? .null : .array([])
    }
    guard let count else { return bulk(set.anyMember(random: call.engine.anyNumber)) }
    let members = count < 0 ? try repeated(set, -count, call) : distinct(set, count, call)
    return .array(members.map { .bulk($0) })
  }

  private static func repeated(
    _ set: SetValue, _ count: Int64, _ call: CommandCall
  ) throws(RESPError) -> [[UInt8]] {
    guard count <= mostRepeated else { throw RESPError("ERR value is out of range") }
    return (0..<count).compactMap { _ in set.anyMember(random: call.engine.anyNumber) }
  }

  /// Draws until there are enough where few are wanted, otherwise shuffles.
  private static func distinct(
    _ set: SetValue, _ count: Int64, _ call: CommandCall
  ) -> [[UInt8]] {
    guard count < set.count else { return set.members }
    guard count * 3 > set.count else {
      var drawn: Set<[UInt8]> = []
      while drawn.count < count {
        if let member = set.anyMember(random: call.engine.anyNumber) { drawn.insert(member) }
      }
      return Array(drawn)
    }
    var members = set.members
    for index in 0..<Int(count) {
      members.swapAt(index, index + call.engine.anyNumber(below: members.count - index))
    }
    return Array(members[..<Int(count)])
  }

  private static func moveMember(_ call: CommandCall) throws(RESPError) -> RESPValue {
    guard let source = try call.look(call.key, as: SetValue.self) else { return .integer(0) }
    _ = try call.look(call[2], as: SetValue.self)
    guard source.contains(call[3]) else { return .integer(0) }
    guard call.key != call[2] else { return .integer(1) }
    _ = try call.change(call.key) { (set: inout SetValue) in
      (set.remove(call[3]), .success(.null))
    }
    call.noteShrunk(.set, "srem", call.key)
    let added = try call.change(call[2], creating: true) { (set: inout SetValue) in
      let isNew = set.insert(call[3])
      return (isNew, .success(.integer(isNew ? 1 : 0)))
    }
    if added == .integer(1) { call.note(.set, "sadd", call[2]) }
    return .integer(1)
  }
}
