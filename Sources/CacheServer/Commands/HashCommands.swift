import CacheEngine
import RESP

extension CommandTable {
  static let hashRows: [CommandRow] = [
    CommandRow(
      "hset", -4, [.write, .denyOOM, .fast], .one, .hash, "O(N)", "Sets fields.",
      { call throws(RESPError) in .integer(try setFields(call)) }),
    CommandRow(
      "hmset", -4, [.write, .denyOOM, .fast], .one, .hash, "O(N)", "Sets fields.",
      { call throws(RESPError) in
        _ = try setFields(call)
        return .ok
      }),
    CommandRow(
      "hsetnx", 4, [.write, .denyOOM, .fast], .one, .hash, "O(1)", "Sets a field if it is new.",
      setNewField),
    CommandRow(
      "hget", 3, [.readOnly, .fast], .one, .hash, "O(1)", "Returns a field.",
      { call throws(RESPError) in
        bulk(try call.read(call.key, as: HashValue.self)?.value(of: call[2]))
      }),
    CommandRow(
      "hmget", -3, [.readOnly, .fast], .one, .hash, "O(N)", "Returns several fields.",
      { call throws(RESPError) in
        let hash = try call.read(call.key, as: HashValue.self)
        return .array(call.arguments.dropFirst(2).map { bulk(hash?.value(of: $0)) })
      }),
    CommandRow(
      "hgetall", 2, .readOnly, .one, .hash, "O(N)", "Returns all fields and values.",
      { call throws(RESPError) in
        var pairs: [RESPPair] = []
        try call.read(call.key, as: HashValue.self)?.forEach {
          pairs.append(RESPPair(.bulk($0), .bulk($1)))
        }
        return .map(pairs)
      }),
    CommandRow(
      "hkeys", 2, .readOnly, .one, .hash, "O(N)", "Returns all fields.",
      { call throws(RESPError) in
        var fields: [RESPValue] = []
        try call.read(call.key, as: HashValue.self)?.forEach { field, _ in
          fields.append(.bulk(field))
        }
        return .array(fields)
      }),
    CommandRow(
      "hvals", 2, .readOnly, .one, .hash, "O(N)", "Returns all values.",
      { call throws(RESPError) in
        var values: [RESPValue] = []
        try call.read(call.key, as: HashValue.self)?.forEach { _, value in
          values.append(.bulk(value))
        }
        return .array(values)
      }),
    CommandRow(
      "hlen", 2, [.readOnly, .fast], .one, .hash, "O(1)", "Counts the fields.",
      { call throws(RESPError) in
        .integer(Int64(try call.read(call.key, as: HashValue.self)?.count ?? 0))
      }),
    CommandRow(
      "hexists", 3, [.readOnly, .fast], .one, .hash, "O(1)", "Tells whether a field exists.",
      { call throws(RESPError) in
        .integer(try call.read(call.key, as: HashValue.self)?.value(of: call[2]) == nil ? 0 : 1)
      }),
    CommandRow(
      "hstrlen", 3, [.readOnly, .fast], .one, .hash, "O(1)", "Tells the length of a field's value.",
      { call throws(RESPError) in
        .integer(Int64(try call.read(call.key, as: HashValue.self)?.value(of: call[2])?.count ?? 0))
      }),
    CommandRow("hdel", -3, [.write, .fast], .one, .hash, "O(N)", "Deletes fields.", deleteFields),
    CommandRow(
      "hincrby", 4, [.write, .denyOOM, .fast], .one, .hash, "O(1)", "Adds to a field.", addToField),
    CommandRow(
      "hincrbyfloat", 4, [.write, .denyOOM, .fast], .one, .hash, "O(1)",
      "Adds to a field with a fraction.", addFractionToField),
  ]

  /// Returns the number of new fields.
  private static func setFields(_ call: CommandCall) throws(RESPError) -> Int64 {
    guard call.arguments.count % 2 == 0 else { throw call.wrongArgumentCount }
    let reply = try call.change(call.key, creating: true) { (hash: inout HashValue) in
      var new: Int64 = 0
      for index in stride(from: 2, to: call.arguments.count, by: 2) {
        new += hash.set(call[index], call[index + 1]) ? 1 : 0
      }
      return (true, .success(.integer(new)))
    }
    call.note(.hash, "hset", call.key)
    return reply?.integer ?? 0
  }

  private static func setNewField(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let reply = try call.change(call.key, creating: true) { (hash: inout HashValue) in
      guard hash.value(of: call[2]) == nil else { return (false, .success(.integer(0))) }
      hash.set(call[2], call[3])
      return (true, .success(.integer(1)))
    }
    if reply == .integer(1) { call.note(.hash, "hset", call.key) }
    return reply ?? .integer(0)
  }

  private static func deleteFields(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let reply = try call.change(call.key) { (hash: inout HashValue) in
      let removed = call.arguments.dropFirst(2).count { hash.remove($0) }
      return (removed > 0, .success(.integer(Int64(removed))))
    }
    if let reply, reply != .integer(0) { call.noteShrunk(.hash, "hdel", call.key) }
    return reply ?? .integer(0)
  }

  private static func addToField(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let amount = try call.integer(3)
    let reply = try call.change(call.key, creating: true) { (hash: inout HashValue) in
      let bytes = hash.value(of: call[2])
      guard let old = bytes.map(DecimalInteger.parse) ?? 0 else {
        return (false, .failure(RESPError("ERR hash value is not an integer")))
      }
      let (sum, overflow) = old.addingReportingOverflow(amount)
      guard !overflow else { return (false, .failure(.overflow)) }
      hash.set(call[2], DecimalInteger.bytes(sum))
      return (true, .success(.integer(sum)))
    }
    call.note(.hash, "hincrby", call.key)
    return reply ?? .null
  }

  private static func addFractionToField(_ call: CommandCall) throws(RESPError) -> RESPValue {
    guard let amount = DecimalFraction.parse(call[3]) else { throw .notAFloat }
    guard amount.isFinite else { throw RESPError("ERR value is NaN or Infinity") }
    let reply = try call.change(call.key, creating: true) { (hash: inout HashValue) in
      let bytes = hash.value(of: call[2])
      guard let old = bytes.map(DecimalFraction.parse) ?? .fixed(0) else {
        return (false, .failure(RESPError("ERR hash value is not a float")))
      }
      guard let sum = old.adding(amount) else { return (false, .failure(.notFinite)) }
      let text = Array(sum.text.utf8)
      hash.set(call[2], text)
      return (true, .success(.bulk(text)))
    }
    call.note(.hash, "hincrbyfloat", call.key)
    return reply ?? .null
  }
}
