import CacheEngine
import RESP

extension CommandTable {
  static let counterRows: [CommandRow] = [
    counter("incr", 2, "Adds one to a number.") { _ in 1 },
    counter("decr", 2, "Takes one from a number.") { _ in -1 },
    counter("incrby", 3, "Adds to a number.") { call throws(RESPError) in try call.integer(2) },
    counter("decrby", 3, "Takes from a number.") { call throws(RESPError) in
      let amount = try call.integer(2)
      guard amount != .min else { throw RESPError("ERR decrement would overflow") }
      return -amount
    },
    CommandRow(
      "incrbyfloat", 3, [.write, .denyOOM, .fast], .one, .string, "O(1)",
      "Adds to a number with a fraction.", addFraction),
  ]

  private static func counter(
    _ name: String, _ arity: Int, _ summary: String,
    _ amount: @escaping @Sendable (CommandCall) throws(RESPError) -> Int64
  ) -> CommandRow {
    CommandRow(name, arity, [.write, .denyOOM, .fast], .one, .string, "O(1)", summary) {
      call throws(RESPError) in
      let amount = try amount(call)
      return try call.changeString(call.key, event: "incrby") { bytes, isNew in
        guard let old = isNew ? 0 : DecimalInteger.parse(bytes) else {
          return (false, .failure(.notAnInteger))
        }
        let (sum, overflow) = old.addingReportingOverflow(amount)
        guard !overflow else { return (false, .failure(.overflow)) }
        bytes = DecimalInteger.bytes(sum)
        return (true, .success(.integer(sum)))
      }
    }
  }

  private static func addFraction(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let amount = DecimalFraction.parse(call[2])
    return try call.changeString(call.key, event: "incrbyfloat") { bytes, isNew in
      guard let old = isNew ? .fixed(0) : DecimalFraction.parse(bytes), let amount else {
        return (false, .failure(.notAFloat))
      }
      guard let sum = old.adding(amount) else { return (false, .failure(.notFinite)) }
      bytes = Array(sum.text.utf8)
      return (true, .success(.bulk(bytes)))
    }
  }
}
