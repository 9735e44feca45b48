import CacheEngine
import RESP

// Streams as logs that are written and read, without consumer groups.
extension CommandTable {
  static let streamRows: [CommandRow] = [
    CommandRow(
      "xadd", -5, [.write, .denyOOM, .fast], .one, .stream, "O(1)", "Adds an entry to a stream.",
      addEntry),
    CommandRow(
      "xlen", 2, [.readOnly, .fast], .one, .stream, "O(1)", "Counts the entries.",
      { call throws(RESPError) in
        .integer(Int64(try call.read(call.key, as: StreamValue.self)?.count ?? 0))
      }),
    CommandRow(
      "xrange", -4, .readOnly, .one, .stream, "O(N)", "Returns the entries of a range.",
      { call throws(RESPError) in try entryRange(call, reversed: false) }),
    CommandRow(
      "xrevrange", -4, .readOnly, .one, .stream, "O(N)",
      "Returns the entries of a range, the last first.",
      { call throws(RESPError) in try entryRange(call, reversed: true) }),
    CommandRow(
      "xdel", -3, [.write, .fast], .one, .stream, "O(N)", "Removes entries.",
      { call throws(RESPError) in
        guard try call.look(call.key, as: StreamValue.self) != nil else { return .integer(0) }
        var ids: [StreamID] = []
        for text in call.arguments.dropFirst(2) { ids.append(try StreamNumber.id(text, 0)) }
        let reply = try call.change(call.key) { (stream: inout StreamValue) in
          let removed = ids.count { stream.remove($0) }
          return (removed > 0, .success(.integer(Int64(removed))))
        }
        if let reply, reply != .integer(0) { call.note(.stream, "xdel", call.key) }
        return reply ?? .integer(0)
      }),
    CommandRow(
      "xtrim", -4, .write, .one, .stream, "O(N)", "Removes the first entries.",
      { call throws(RESPError) in
        let options = try StreamOptions(call, isTrim: true)
        var removed = 0
        _ = try call.change(call.key) { (stream: inout StreamValue) in
          removed = options.trim(&stream)
          return (removed > 0, .success(.ok))
        }
        if removed > 0 { call.note(.stream, "xtrim", call.key) }
        return .integer(Int64(removed))
      }),
  ]

  private static func addEntry(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let options = try StreamOptions(call, isTrim: false)
    let fields = call.arguments.dropFirst(options.end)
    guard !fields.isEmpty, fields.count % 2 == 0 else { throw call.wrongArgumentCount }
    guard options.wanted != .exactly(.least) else {
      throw RESPError("ERR The ID specified in XADD must be greater than 0-0")
    }
    var removed = 0
    let reply = try call.change(call.key, creating: options.creates) {
      (stream: inout StreamValue) in
      guard stream.lastID < .greatest else {
        let words = "ERR The stream has exhausted the last possible ID, unable to add more items"
        return (false, .failure(RESPError(words)))
      }
      guard let id = options.wanted.id(behind: stream.lastID, at: call.now),
        stream.append(id, PackedElements(fields))
      else {
        let words =
          "ERR The ID specified in XADD is equal or smaller than the target stream top item"
        return (false, .failure(RESPError(words)))
      }
      removed = options.trim(&stream)
      return (true, .success(.bulk(StreamNumber.text(id))))
    }
    guard let reply else { return .null }
    call.note(.stream, "xadd", call.key)
    if removed > 0 { call.note(.stream, "xtrim", call.key) }
    return reply
  }

  private static func entryRange(
    _ call: CommandCall, reversed: Bool
  ) throws(RESPError) -> RESPValue {
    let first = try StreamNumber.bound(call[reversed ? 3 : 2], isStart: true)
    let last = try StreamNumber.bound(call[reversed ? 2 : 3], isStart: false)
    var limit = Int64.max
    var index = 4
    while index < call.arguments.count {
      guard call.word(index) == "COUNT", index + 1 < call.arguments.count else { throw .syntax }
      limit = max(0, try call.integer(index + 1))
      index += 2
    }
    guard let stream = try call.read(call.key, as: StreamValue.self) else { return .array([]) }
    guard limit > 0 else { return call.nullArray }
    var entries: [RESPValue] = []
    stream.forEach(from: first, to: last, reversed: reversed) { entry in
      entries.append(
        .array([
          .bulk(StreamNumber.text(entry.id)), .array(entry.fields.elements.map { .bulk($0) }),
        ]))
      return entries.count < limit
    }
    return .array(entries)
  }
}
