import CacheEngine
import DumpPayload
import RESP

extension CommandTable {
  static let sortedSetRows: [CommandRow] = [
    CommandRow(
      "zadd", -4, [.write, .denyOOM, .fast], .one, .sortedSet, "O(log N) for each",
      "Gives members their scores, with options.",
      { call throws(RESPError) in try add(call, try ScoreOptions(call)) }),
    CommandRow(
      "zincrby", 4, [.write, .denyOOM, .fast], .one, .sortedSet, "O(log N)",
      "Adds to the score of a member.",
      { call throws(RESPError) in try add(call, ScoreOptions(incrementOf: call)) }),
    CommandRow(
      "zrem", -3, [.write, .fast], .one, .sortedSet, "O(log N) for each", "Removes members.",
      { call throws(RESPError) in
        let reply = try call.change(call.key) { (set: inout SortedSetValue) in
          let removed = call.arguments.dropFirst(2).count { set.remove($0) }
          return (removed > 0, .success(.integer(Int64(removed))))
        }
        if let reply, reply != .integer(0) { call.noteShrunk(.sortedSet, "zrem", call.key) }
        return reply ?? .integer(0)
      }),
    CommandRow(
      "zscore", 3, [.readOnly, .fast], .one, .sortedSet, "O(1)", "Tells the score of a member.",
      { call throws(RESPError) in
        call.reply(try call.read(call.key, as: SortedSetValue.self)?.score(of: call[2]))
      }),
    CommandRow(
      "zmscore", -3, [.readOnly, .fast], .one, .sortedSet, "O(N)", "Tells the scores of members.",
      { call throws(RESPError) in
        let set = try call.read(call.key, as: SortedSetValue.self)
        return .array(call.arguments.dropFirst(2).map { call.reply(set?.score(of: $0)) })
      }),
    CommandRow(
      "zcard", 2, [.readOnly, .fast], .one, .sortedSet, "O(1)", "Counts the members.",
      { call throws(RESPError) in
        .integer(Int64(try call.read(call.key, as: SortedSetValue.self)?.count ?? 0))
      }),
    CommandRow(
      "zrank", 3, [.readOnly, .fast], .one, .sortedSet, "O(log N)",
      "Tells how many members have lower scores.",
      { call throws(RESPError) in
        let rank = try call.read(call.key, as: SortedSetValue.self)?.rank(of: call[2])
        return rank.map { .integer(Int64($0)) } ?? .null
      }),
    CommandRow(
      "zrevrank", 3, [.readOnly, .fast], .one, .sortedSet, "O(log N)",
      "Tells how many members have higher scores.",
      { call throws(RESPError) in
        guard let set = try call.read(call.key, as: SortedSetValue.self),
          let rank = set.rank(of: call[2])
        else { return .null }
        return .integer(Int64(set.count - 1 - rank))
      }),
    popEnd("zpopmin", highest: false, "Takes the members with the lowest scores."),
    popEnd("zpopmax", highest: true, "Takes the members with the highest scores."),
    CommandRow(
      "zrandmember", -2, .readOnly, .one, .sortedSet, "O(N)", "Returns any members.", anyScored),
  ]

  private static func popEnd(_ name: String, highest: Bool, _ summary: String) -> CommandRow {
    CommandRow(name, -2, [.write, .fast], .one, .sortedSet, "O(log N) for each", summary) {
      call throws(RESPError) in
      guard call.arguments.count <= 3 else { throw .syntax }
      let limit = call.arguments.count == 3 ? try call.positive(2) : nil
      let taken = try popScored(call, call.key, highest: highest, limit: limit ?? 1)
      return pairs(taken, call, nested: limit != nil)
    }
  }

  /// Takes at most `limit` members from one end.
  static func popScored(
    _ call: CommandCall, _ key: [UInt8], highest: Bool, limit: Int64
  ) throws(RESPError) -> [(member: [UInt8], score: Double)] {
    var taken: [(member: [UInt8], score: Double)] = []
    _ = try call.change(key) { (set: inout SortedSetValue) in
      let count = Int(min(limit, Int64(set.count)))
      let ranks = highest ? set.count - count..<set.count : 0..<count
      taken = set.members(in: ranks, reversed: highest)
      set.remove(ranks: ranks)
      return (count > 0, .success(.null))
    }
    if !taken.isEmpty { call.noteShrunk(.sortedSet, highest ? "zpopmax" : "zpopmin", key) }
    return taken
  }

  /// Members with scores in turn; in version 3, with `nested`, an array for each pair.
  static func pairs(
    _ members: [(member: [UInt8], score: Double)], _ call: CommandCall, nested: Bool
  ) -> RESPValue {
    if nested, call.session.version == .three {
      return .array(members.map { .array([.bulk($0.member), call.reply($0.score)]) })
    }
    return .array(members.flatMap { [.bulk($0.member), call.reply($0.score)] })
  }

  private static func anyScored(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let withScores = call.arguments.count == 4 && call.word(3) == "WITHSCORES"
    guard call.arguments.count <= 3 || withScores else { throw .syntax }
    let count = call.arguments.count > 2 ? try call.integer(2) : nil
    guard let set = try call.read(call.key, as: SortedSetValue.self) else {
      return count == nil ? .null : .array([])
    }
    let random = call.engine.anyNumber
    guard let count else {
      let rank = random(set.count)
      return bulk(set.members(in: rank..<rank + 1).first?.member)
    }
    guard count >= -mostRepeated else { throw RESPError("ERR value is out of range") }
    var ranks = Array(0..<set.count)
    if count < 0 {
      ranks = (0..<Int(-count)).map { _ in random(set.count) }
    } else {
      ranks.shuffle(atMost: Int(min(count, Int64(set.count))), random)
    }
    let members = ranks.flatMap { set.members(in: $0..<$0 + 1) }
    if withScores { return pairs(members, call, nested: true) }
    return .array(members.map { .bulk($0.member) })
  }
}

extension [Int] {
  /// Keeps so many elements, drawn without repetition.
  fileprivate mutating func shuffle(atMost limit: Int, _ random: (Int) -> Int) {
    guard limit < count else { return }
    for index in 0..<limit { swapAt(index, index + random(count - index)) }
    removeSubrange(limit...)
  }
}

// ZADD and ZINCRBY.
extension CommandTable {
  private static func add(
    _ call: CommandCall, _ options: ScoreOptions
  ) throws(RESPError) -> RESPValue {
    let pairs = try options.pairs(call)
    var (added, updated) = (0, 0)
    var last: Double?
    let reply = try call.change(call.key, creating: !options.onlyOld) {
      (set: inout SortedSetValue) in
      for (member, amount) in pairs {
        let old = set.score(of: member)
        let sum = options.increments ? (old ?? 0) + amount : amount
        guard !sum.isNaN else { return (added + updated > 0, .failure(.notAScore)) }
        guard options.allows(sum, over: old) else { continue }
        set.set(member, sum)
        last = sum
        if old == nil { added += 1 } else if old != sum { updated += 1 }
      }
      return (added + updated > 0, .success(.null))
    }
    if reply != nil, added + updated > 0 {
      call.note(.sortedSet, options.increments ? "zincr" : "zadd", call.key)
    }
    if options.increments { return call.reply(last) }
    return .integer(Int64(options.countsChanges ? added + updated : added))
  }

  /// The options of ZADD.
  private struct ScoreOptions {
    private(set) var onlyOld = false
    private(set) var countsChanges = false
    private(set) var increments = false
    private var onlyNew = false
    private var onlyGreater = false
    private var onlyLess = false
    private var start = 2

    init(incrementOf call: CommandCall) {
      increments = true
    }

    init(_ call: CommandCall) throws(RESPError) {
      while start < call.arguments.count, take(call.word(start)) { start += 1 }
      let count = call.arguments.count - start
      guard count > 0, count % 2 == 0 else { throw .syntax }
      guard !onlyNew || !onlyOld else {
        throw RESPError("ERR XX and NX options at the same time are not compatible")
      }
      guard [onlyNew, onlyGreater, onlyLess].count(where: { $0 }) <= 1 else {
        throw RESPError("ERR GT, LT, and/or NX options at the same time are not compatible")
      }
      guard !increments || count == 2 else {
        throw RESPError("ERR INCR option supports a single increment-element pair")
      }
    }

    private mutating func take(_ word: String) -> Bool {
      switch word {
      case "NX": onlyNew = true
      case "XX": onlyOld = true
      case "CH": countsChanges = true
      case "INCR": increments = true
      case "GT": onlyGreater = true
      case "LT": onlyLess = true
      default: return false
      }
      return true
    }

    /// All scores are read before anything is changed.
    func pairs(_ call: CommandCall) throws(RESPError) -> [(member: [UInt8], amount: Double)] {
      var pairs: [(member: [UInt8], amount: Double)] = []
      for index in stride(from: start, to: call.arguments.count - 1, by: 2) {
        guard let amount = ScoreText.parse(call[index]) else { throw .notAFloat }
        pairs.append((call[index + 1], amount))
      }
      return pairs
    }

    func allows(_ score: Double, over old: Double?) -> Bool {
      guard let old else { return !onlyOld }
      return !(onlyNew || onlyGreater && score <= old || onlyLess && score >= old)
    }
  }
}
