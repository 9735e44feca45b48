import CacheEngine
import RESP

// Ranges of sorted sets, by rank, by score and by member.
extension CommandTable {
  static let sortedSetRangeRows: [CommandRow] = [
    range("zrange", -4, "Returns a range of members.") { _ in RangeQuery() },
    range("zrevrange", -4, "Returns a range of members from the highest score on.") { _ in
      RangeQuery(by: .rank, isReversed: true)
    },
    range("zrangebyscore", -4, "Returns the members of a range of scores.") { _ in
      RangeQuery(by: .score, isReversed: false)
    },
    range("zrevrangebyscore", -4, "Returns the members of a range of scores, highest first.") {
      _ in RangeQuery(by: .score, isReversed: true)
    },
    range("zrangebylex", -4, "Returns the members between two.") { _ in
      RangeQuery(by: .member, isReversed: false)
    },
    range("zrevrangebylex", -4, "Returns the members between two, last first.") { _ in
      RangeQuery(by: .member, isReversed: true)
    },
    count("zcount", .score, "Counts the members of a range of scores."),
    count("zlexcount", .member, "Counts the members between two."),
    remove("zremrangebyrank", .rank, "Removes the members of a range of ranks."),
    remove("zremrangebyscore", .score, "Removes the members of a range of scores."),
    remove("zremrangebylex", .member, "Removes the members between two."),
  ]

  private static func range(
    _ name: String, _ arity: Int, _ summary: String,
    _ query: @escaping @Sendable (CommandCall) -> RangeQuery
  ) -> CommandRow {
    CommandRow(name, arity, .readOnly, .one, .sortedSet, "O(log N + M)", summary) {
      call throws(RESPError) in
      var query = query(call)
      try query.readOptions(call, from: 4)
      let bounds = try query.bounds(call)
      guard let set = try call.read(call.key, as: SortedSetValue.self) else { return .array([]) }
      let members = query.members(of: set, bounds)
      if query.withScores { return pairs(members, call, nested: true) }
      return .array(members.map { .bulk($0.member) })
    }
  }

  private static func count(
    _ name: String, _ order: RangeQuery.Order, _ summary: String
  ) -> CommandRow {
    CommandRow(name, 4, [.readOnly, .fast], .one, .sortedSet, "O(log N)", summary) {
      call throws(RESPError) in
      let bounds = try RangeQuery(by: order, isReversed: false).bounds(call)
      let set = try call.read(call.key, as: SortedSetValue.self)
      return .integer(Int64(set.map { bounds.ranks(in: $0).count } ?? 0))
    }
  }

  private static func remove(
    _ name: String, _ order: RangeQuery.Order, _ summary: String
  ) -> CommandRow {
    CommandRow(name, 4, .write, .one, .sortedSet, "O(log N) for each", summary) {
      call throws(RESPError) in
      let bounds = try RangeQuery(by: order, isReversed: false).bounds(call)
      var removed = 0
      _ = try call.change(call.key) { (set: inout SortedSetValue) in
        let ranks = bounds.ranks(in: set)
        removed = ranks.count
        set.remove(ranks: ranks)
        return (removed > 0, .success(.null))
      }
      if removed > 0 { call.noteShrunk(.sortedSet, name, call.key) }
      return .integer(Int64(removed))
    }
  }
}

/// What ZRANGE and its kin ask for.
private struct RangeQuery {
  enum Order: Sendable {
    case rank, score, member
  }

  enum Bounds {
    case ranks(Int64, Int64)
    case scores(ScoreBound, ScoreBound)
    case members(MemberBound, MemberBound)

    /// The ranks that lie between, from the lowest score on.
    func ranks(in set: SortedSetValue) -> Range<Int> {
      switch self {
      case .ranks(let first, let last):
        CommandTable.places(from: first, to: last, count: set.count)
      case .scores(let low, let high): set.ranks(from: low, to: high)
      case .members(let low, let high): set.ranks(from: low, to: high)
      }
    }
  }

  var order: Order
  var isReversed: Bool
  private(set) var withScores = false
  private var offset: Int64 = 0
  private var limit: Int64 = -1
  /// ZRANGE alone chooses order and direction by options.
  private let takesOrder: Bool

  init() {
    (order, isReversed, takesOrder) = (.rank, false, true)
  }

  init(by order: Order, isReversed: Bool) {
    (self.order, self.isReversed, takesOrder) = (order, isReversed, false)
  }

  mutating func readOptions(_ call: CommandCall, from start: Int) throws(RESPError) {
    var index = start
    while index < call.arguments.count {
      switch call.word(index) {
      case "WITHSCORES": withScores = true
      case "LIMIT" where index + 2 < call.arguments.count:
        (offset, limit) = (try call.integer(index + 1), try call.integer(index + 2))
        index += 2
      case "REV" where takesOrder: isReversed = true
      case "BYSCORE" where takesOrder && order == .rank: order = .score
      case "BYLEX" where takesOrder && order == .rank: order = .member
      default: throw .syntax
      }
      index += 1
    }
    guard limit == -1 || order != .rank else {
      throw RESPError(
        "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX")
    }
    guard !withScores || order != .member else {
      throw RESPError(
        "ERR syntax error, WITHSCORES not supported in combination with BYLEX")
    }
  }

  /// The second and third argument. Reversed ranges of scores and members name the higher end first.
  func bounds(_ call: CommandCall) throws(RESPError) -> Bounds {
    let (low, high) = isReversed ? (call[3], call[2]) : (call[2], call[3])
    switch order {
    case .rank: return .ranks(try call.integer(2), try call.integer(3))
    case .score: return .scores(try Score.bound(low), try Score.bound(high))
    case .member: return .members(try Score.memberBound(low), try Score.memberBound(high))
    }
  }

  func members(
    of set: SortedSetValue, _ bounds: Bounds
  ) -> [(member: [UInt8], score: Double)] {
    var ranks = bounds.ranks(in: set)
    if order == .rank, isReversed {
      ranks = set.count - ranks.upperBound..<set.count - ranks.lowerBound
    }
    // A negative offset passes over everything, a negative limit is none, as in Redis.
    let skipped = offset < 0 ? ranks.count : Int(min(offset, Int64(ranks.count)))
    let count = ranks.count - skipped
    let taken = limit < 0 ? count : Int(min(limit, Int64(count)))
    let start = isReversed ? ranks.upperBound - skipped - taken : ranks.lowerBound + skipped
    return set.members(in: start..<start + taken, reversed: isReversed)
  }
}
