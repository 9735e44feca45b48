import CacheEngine
import RESP

extension CommandTable {
  static let listRows: [CommandRow] = [
    push("lpush", atHead: true, creating: true, "Puts elements before the first."),
    push("rpush", atHead: false, creating: true, "Puts elements behind the last."),
    push("lpushx", atHead: true, creating: false, "Puts elements before the first of a list."),
    push("rpushx", atHead: false, creating: false, "Puts elements behind the last of a list."),
    pop("lpop", atHead: true, "Takes the first elements."),
    pop("rpop", atHead: false, "Takes the last elements."),
    CommandRow(
      "llen", 2, [.readOnly, .fast], .one, .list, "O(1)", "Counts the elements.",
      { call throws(RESPError) in
        .integer(Int64(try call.read(call.key, as: ListValue.self)?.count ?? 0))
      }),
    CommandRow(
      "lrange", 4, .readOnly, .one, .list, "O(S+N)", "Returns the elements of a range.", range),
    CommandRow(
      "lindex", 3, .readOnly, .one, .list, "O(N)", "Returns the element of a place.", element),
    CommandRow(
      "lset", 4, [.write, .denyOOM], .one, .list, "O(N)", "Replaces the element of a place.",
      replace),
    CommandRow(
      "linsert", 5, [.write, .denyOOM], .one, .list, "O(N)",
      "Inserts an element before or behind another.", insert),
    CommandRow("lrem", 4, .write, .one, .list, "O(N)", "Removes elements that equal one.", remove),
    CommandRow("ltrim", 4, .write, .one, .list, "O(N)", "Keeps the elements of a range.", trim),
    CommandRow(
      "lpos", -3, .readOnly, .one, .list, "O(N)", "Tells the places of an element.", places),
    CommandRow(
      "lmove", 5, [.write, .denyOOM], .two, .list, "O(1)",
      "Moves an element from an end of a list to an end of another.",
      { call throws(RESPError) in
        let (from, to) = (try listEnd(call, 3), try listEnd(call, 4))
        return try move(call, fromHead: from, toHead: to) ?? .null
      }),
    CommandRow(
      "rpoplpush", 3, [.write, .denyOOM], .two, .list, "O(1)",
      "Moves the last element of a list before the first of another.",
      { call throws(RESPError) in try move(call, fromHead: false, toHead: true) ?? .null }),
  ]

  private static func push(
    _ name: String, atHead: Bool, creating: Bool, _ summary: String
  ) -> CommandRow {
    CommandRow(name, -3, [.write, .denyOOM, .fast], .one, .list, "O(N)", summary) {
      call throws(RESPError) in
      let reply = try call.change(call.key, creating: creating) { (list: inout ListValue) in
        for element in call.arguments.dropFirst(2) {
          atHead ? list.prepend(element) : list.append(element)
        }
        return (true, .success(.integer(Int64(list.count))))
      }
      if reply != nil { call.note(.list, atHead ? "lpush" : "rpush", call.key) }
      return reply ?? .integer(0)
    }
  }

  private static func pop(_ name: String, atHead: Bool, _ summary: String) -> CommandRow {
    CommandRow(name, -2, [.write, .fast], .one, .list, "O(N)", summary) {
      call throws(RESPError) in
      guard call.arguments.count <= 3 else { throw call.wrongArgumentCount }
      let limit = call.arguments.count == 3 ? try call.positive(2) : nil
      let elements = try popElements(call, call.key, atHead: atHead, limit: limit)
      return elements ?? (limit == nil ? .null : call.nullArray)
    }
  }

  /// One element, or with a limit an array of them; nil when there is no list.
  static func popElements(
    _ call: CommandCall, _ key: [UInt8], atHead: Bool, limit: Int64?
  ) throws(RESPError) -> RESPValue? {
    var count = 0
    let reply = try call.change(key) { (list: inout ListValue) in
      count = Int(min(limit ?? 1, Int64(list.count)))
      var elements: [RESPValue] = []
      elements.reserveCapacity(count)
      for _ in 0..<count {
        if let element = atHead ? list.popFirst() : list.popLast() {
          elements.append(.bulk(element))
        }
      }
      return (count > 0, .success(limit == nil ? elements.first ?? .null : .array(elements)))
    }
    if count > 0 { call.noteShrunk(.list, atHead ? "lpop" : "rpop", key) }
    return reply
  }

  private static func range(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let (first, last) = (try call.integer(2), try call.integer(3))
    guard let list = try call.read(call.key, as: ListValue.self) else { return .array([]) }
    let range = places(from: first, to: last, count: list.count)
    var elements: [RESPValue] = []
    elements.reserveCapacity(range.count)
    list.forEach(in: range) { elements.append(.bulk($0)) }
    return .array(elements)
  }

  /// The places that exist between two, of which negative ones count from the end.
  static func places(from first: Int64, to last: Int64, count: Int) -> Range<Int> {
    let count = Int64(count)
    let start = max(0, first < 0 ? count &+ first : first)
    let end = min(last < 0 ? count &+ last : last, count - 1)
    return start <= end ? Int(start)..<Int(end) + 1 : 0..<0
  }

  private static func element(_ call: CommandCall) throws(RESPError) -> RESPValue {
    guard let list = try call.read(call.key, as: ListValue.self) else { return .null }
    return bulk(list[place(try call.integer(2), count: list.count)])
  }

  /// A place that may be negative to count from the end; it need not exist.
  private static func place(_ index: Int64, count: Int) -> Int {
    Int(index < 0 ? Int64(count) &+ index : index)
  }

  private static func replace(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let reply = try call.change(call.key) { (list: inout ListValue) in
      guard let index = DecimalInteger.parse(call[2]) else {
        return (false, .failure(.notAnInteger))
      }
      let place = place(index, count: list.count)
      guard place >= 0, place < list.count else { return (false, .failure(.noSuchIndex)) }
      list.replace(at: place, with: call[3])
      return (true, .success(.ok))
    }
    guard let reply else { throw .noSuchKey }
    call.note(.list, "lset", call.key)
    return reply
  }

  private static func insert(_ call: CommandCall) throws(RESPError) -> RESPValue {
    guard ["BEFORE", "AFTER"].contains(call.word(2)) else { throw .syntax }
    let before = call.word(2) == "BEFORE"
    let reply = try call.change(call.key) { (list: inout ListValue) in
      let isFound = list.insert(call[4], before: before, pivot: call[3])
      return (isFound, .success(.integer(isFound ? Int64(list.count) : -1)))
    }
    if let reply, reply != .integer(-1) { call.note(.list, "linsert", call.key) }
    return reply ?? .integer(0)
  }

  private static func remove(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let limit = try call.integer(2)
    let reply = try call.change(call.key) { (list: inout ListValue) in
      let most = limit == 0 ? Int.max : Int(clamping: limit.magnitude)
      let removed = list.remove(call[3], limit: most, fromEnd: limit < 0)
      return (removed > 0, .success(.integer(Int64(removed))))
    }
    if let reply, reply != .integer(0) { call.noteShrunk(.list, "lrem", call.key) }
    return reply ?? .integer(0)
  }

  private static func trim(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let (first, last) = (try call.integer(2), try call.integer(3))
    let reply = try call.change(call.key) { (list: inout ListValue) in
      list.keep(places(from: first, to: last, count: list.count))
      return (true, .success(.ok))
    }
    if reply != nil { call.noteShrunk(.list, "ltrim", call.key) }
    return .ok
  }
}

// Moving between lists.
extension CommandTable {
  /// Whether the word names the head of a list; anything but LEFT and RIGHT is refused.
  static func listEnd(_ call: CommandCall, _ index: Int) throws(RESPError) -> Bool {
    switch call.word(index) {
    case "LEFT": return true
    case "RIGHT": return false
    default: throw .syntax
    }
  }

  /// Moves one element from the list of the first argument to that of the second; nil when the
  /// first does not exist.
  static func move(
    _ call: CommandCall, fromHead: Bool, toHead: Bool
  ) throws(RESPError) -> RESPValue? {
    guard try call.look(call.key, as: ListValue.self) != nil else { return nil }
    _ = try call.look(call[2], as: ListValue.self)
    let taken = try call.change(call.key) { (list: inout ListValue) in
      guard let element = fromHead ? list.popFirst() : list.popLast() else {
        return (false, .success(.null))
      }
      if call.key == call[2] { toHead ? list.prepend(element) : list.append(element) }
      return (true, .success(.bulk(element)))
    }
    guard case .bulk(let element) = taken else { return nil }
    if call.key != call[2] {
      _ = try call.change(call[2], creating: true) { (list: inout ListValue) in
        toHead ? list.prepend(element) : list.append(element)
        return (true, .success(.null))
      }
    }
    call.note(.list, toHead ? "lpush" : "rpush", call[2])
    call.noteShrunk(.list, fromHead ? "lpop" : "rpop", call.key)
    return .bulk(element)
  }
}

// LPOS.
extension CommandTable {
  private struct PlaceOptions {
    var rank: Int64 = 1
    var count: Int64?
    var compared: Int64 = 0

    init(_ call: CommandCall) throws(RESPError) {
      var index = 3
      while index < call.arguments.count {
        guard index + 1 < call.arguments.count else { throw .syntax }
        switch call.word(index) {
        case "RANK":
          rank = try call.integer(index + 1)
          guard rank != 0 else {
            throw RESPError(
              "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... "
                + "or use negative to start from the end of the list")
          }
        case "COUNT":
          count = try call.positive(index + 1, RESPError("ERR COUNT can't be negative"))
        case "MAXLEN":
          compared = try call.positive(index + 1, RESPError("ERR MAXLEN can't be negative"))
        default: throw .syntax
        }
        index += 2
      }
    }
  }

  private static func places(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let options = try PlaceOptions(call)
    let list = try call.read(call.key, as: ListValue.self)
    // The lowest number has no opposite, and counts as the last match.
    let skipped = options.rank == .min ? 0 : options.rank.magnitude - 1
    let limit = options.count.map { $0 == 0 ? Int.max : Int($0) } ?? 1
    let found = list?.places(
      of: call[2], skipped: Int(skipped), limit: limit,
      compared: options.compared == 0 ? .max : Int(options.compared), fromEnd: options.rank < 0)
    let places = (found ?? []).map { RESPValue.integer(Int64($0)) }
    return options.count == nil ? places.first ?? .null : .array(places)
  }
}
