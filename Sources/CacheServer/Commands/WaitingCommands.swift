import CacheEngine
import DumpPayload
import RESP

// The commands that wait for an element.
extension CommandTable {
  private static let flags: CommandFlags = [.write, .blocking, .connectionState]

  static let waitingRows: [CommandRow] = [
    CommandRow(
      "blpop", -3, flags, .allButLast, .list, "O(N)", "Takes the first element, or waits for one.",
      { call throws(RESPError) in try popOrWait(call, atHead: true) }),
    CommandRow(
      "brpop", -3, flags, .allButLast, .list, "O(N)", "Takes the last element, or waits for one.",
      { call throws(RESPError) in try popOrWait(call, atHead: false) }),
    CommandRow(
      "blmove", 6, flags.union(.denyOOM), .two, .list, "O(1)",
      "Moves an element between lists, or waits for one.",
      { call throws(RESPError) in
        let (from, to) = (try listEnd(call, 3), try listEnd(call, 4))
        return try moveOrWait(call, fromHead: from, toHead: to, timeout: 5)
      }),
    CommandRow(
      "brpoplpush", 4, flags.union(.denyOOM), .two, .list, "O(1)",
      "Moves the last element before the first of another list, or waits for one.",
      { call throws(RESPError) in
        try moveOrWait(call, fromHead: false, toHead: true, timeout: 3)
      }),
    CommandRow(
      "bzpopmin", -3, flags.union(.fast), .allButLast, .sortedSet, "O(log N)",
      "Takes the member with the lowest score, or waits for one.",
      { call throws(RESPError) in try popScoredOrWait(call, highest: false) }),
    CommandRow(
      "bzpopmax", -3, flags.union(.fast), .allButLast, .sortedSet, "O(log N)",
      "Takes the member with the highest score, or waits for one.",
      { call throws(RESPError) in try popScoredOrWait(call, highest: true) }),
  ]

  private static func popOrWait(_ call: CommandCall, atHead: Bool) throws(RESPError) -> RESPValue {
    let deadline = try call.waitingDeadline(call.arguments.count - 1)
    let keys = Array(call.arguments[1..<call.arguments.count - 1])
    for key in keys {
      if let element = try popElements(call, key, atHead: atHead, limit: nil) {
        return .array([.bulk(key), element])
      }
    }
    return call.wait(for: keys, ofType: "list", until: deadline)
  }

  private static func moveOrWait(
    _ call: CommandCall, fromHead: Bool, toHead: Bool, timeout: Int
  ) throws(RESPError) -> RESPValue {
    let deadline = try call.waitingDeadline(timeout)
    if let moved = try move(call, fromHead: fromHead, toHead: toHead) { return moved }
    return call.wait(for: [call.key], ofType: "list", until: deadline)
  }

  private static func popScoredOrWait(
    _ call: CommandCall, highest: Bool
  ) throws(RESPError) -> RESPValue {
    let deadline = try call.waitingDeadline(call.arguments.count - 1)
    let keys = Array(call.arguments[1..<call.arguments.count - 1])
    for key in keys {
      let taken = try popScored(call, key, highest: highest, limit: 1)
      if let (member, score) = taken.first {
        return .array([.bulk(key), .bulk(member), call.reply(score)])
      }
    }
    return call.wait(for: keys, ofType: "zset", until: deadline)
  }
}

extension CommandCall {
  /// The end of a wait, from a number of seconds with a fraction; nil for 0, which is for ever.
  fileprivate func waitingDeadline(_ index: Int) throws(RESPError) -> Int64? {
    guard let seconds = ScoreText.parse(self[index]), seconds < 9e15, seconds > -9e15 else {
      throw RESPError("ERR timeout is not a float or out of range")
    }
    guard seconds >= 0 else { throw RESPError("ERR timeout is negative") }
    guard seconds > 0 else { return nil }
    return now + Int64((seconds * 1000).rounded(.up))
  }

  /// Makes the session wait, where it can; the reply is the one for a time that ran out.
  fileprivate func wait(
    for keys: [[UInt8]], ofType type: String, until deadline: Int64?
  ) -> RESPValue {
    if mayWait, session.deliver != nil {
      engine.hold(
        session,
        Waiting(
          arguments: arguments, keys: keys.map { WatchedKey(database: database, key: $0) },
          type: type, deadline: deadline))
    }
    return .null
  }
}
