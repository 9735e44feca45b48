import CacheEngine
import RESP

// Intersection, union and difference of sets.
extension CommandTable {
  static let setAlgebraRows: [CommandRow] =
    algebra("inter", "O(N*M)", "of all sets", intersection)
    + algebra("union", "O(N)", "of any set", union)
    + algebra("diff", "O(N)", "of the first set alone", difference)

  private typealias Combination = @Sendable ([SetValue]) -> SetValue

  /// The command that returns the members and the one that stores them.
  private static func algebra(
    _ name: String, _ complexity: String, _ what: String, _ combine: @escaping Combination
  ) -> [CommandRow] {
    [
      CommandRow(
        "s" + name, -2, .readOnly, .all, .set, complexity, "Returns the members \(what).",
        { call throws(RESPError) in
          let sets = try operands(call, Array(call.arguments.dropFirst()))
          return .set(combine(sets).members.map { .bulk($0) })
        }),
      CommandRow(
        "s\(name)store", -3, [.write, .denyOOM], .all, .set, complexity,
        "Stores the members \(what).",
        { call throws(RESPError) in
          let result = combine(try operands(call, Array(call.arguments.dropFirst(2))))
          let existed = call.look(call.key) != nil
          call.set(call.key, to: result)
          if result.count > 0 {
            call.note(.set, "s\(name)store", call.key)
          } else if existed {
            call.note(.generic, "del", call.key)
          }
          return .integer(Int64(result.count))
        }),
    ]
  }

  /// The sets of the keys; a key that is missing counts as an empty one.
  private static func operands(
    _ call: CommandCall, _ keys: [[UInt8]]
  ) throws(RESPError) -> [SetValue] {
    var sets: [SetValue] = []
    for key in keys { sets.append(try call.read(key, as: SetValue.self) ?? SetValue()) }
    return sets
  }

  /// From the smallest set, what all others have.
  private static func intersection(_ sets: [SetValue]) -> SetValue {
    let ordered = sets.sorted { $0.count < $1.count }
    guard let smallest = ordered.first else { return SetValue() }
    var result = SetValue()
    smallest.forEach { member in
      if ordered.dropFirst().allSatisfy({ $0.contains(member) }) { result.insert(member) }
    }
    return result
  }

  private static func union(_ sets: [SetValue]) -> SetValue {
    var result = SetValue()
    for set in sets { set.forEach { result.insert($0) } }
    return result
  }

  private static func difference(_ sets: [SetValue]) -> SetValue {
    var result = SetValue()
    sets.first?.forEach { member in
      if !sets.dropFirst().contains(where: { $0.contains(member) }) { result.insert(member) }
    }
    return result
  }
}
