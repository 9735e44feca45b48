import CacheEngine
import KeyPattern
import RESP

extension CommandTable {
  static let scanRows: [CommandRow] = [
    CommandRow(
      "scan", -2, .readOnly, .generic, "O(1) for each call", "Walks over the keys.", scan),
    CommandRow(
      "hscan", -3, .readOnly, .one, .hash, "O(1) for each call", "Walks over the fields.", hashScan),
    CommandRow(
      "sscan", -3, .readOnly, .one, .set, "O(1) for each call", "Walks over the members.", setScan),
    CommandRow(
      "zscan", -3, .readOnly, .one, .sortedSet, "O(1) for each call",
      "Walks over members and scores.", sortedSetScan),
    CommandRow(
      "keys", 2, [.readOnly, .dangerous], .generic, "O(N)", "Returns all keys of a pattern.", keys),
  ]

  private static func keys(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let pattern = GlobPattern(call[1])
    let all = call.engine.keyspace.keys(in: call.database, at: call.now)
    return .array(all.filter(pattern.matches).map { .bulk($0) })
  }

  private static func scan(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let cursor = try cursor(call[1])
    let options = try ScanOptions(call, from: 2, allowsType: true)
    var (next, keys) = call.engine.keyspace.scan(
      in: call.database, from: cursor, count: options.count, at: call.now)
    if let pattern = options.pattern { keys = keys.filter(pattern.matches) }
    if let type = options.type { keys = keys.filter { call.peek($0)?.value.typeName == type } }
    return .array([.bulk(String(next)), .array(keys.map { .bulk($0) })])
  }

  /// The walk over a collection: `step` visits one step of it and puts what the pattern lets
  /// through into the reply.
  private static func elementScan<Value: CollectionValue>(
    _ call: CommandCall, _ kind: Value.Type,
    _ step: (Value, UInt64, ScanOptions, inout [RESPValue]) -> UInt64
  ) throws(RESPError) -> RESPValue {
    let cursor = try cursor(call[2])
    guard let value = try call.read(call.key, as: kind) else {
      return .array([.bulk("0"), .array([])])
    }
    let options = try ScanOptions(call, from: 3, allowsType: false)
    var found: [RESPValue] = []
    let next = step(value, cursor, options, &found)
    return .array([.bulk(String(next)), .array(found)])
  }

  private static func hashScan(_ call: CommandCall) throws(RESPError) -> RESPValue {
    try elementScan(call, HashValue.self) { hash, cursor, options, found in
      hash.scan(from: cursor, count: options.count) { field, value in
        if options.admits(field) { found += [.bulk(field), .bulk(value)] }
      }
    }
  }

  private static func setScan(_ call: CommandCall) throws(RESPError) -> RESPValue {
    try elementScan(call, SetValue.self) { set, cursor, options, found in
      set.scan(from: cursor, count: options.count) { member in
        if options.admits(member) { found.append(.bulk(member)) }
      }
    }
  }

  private static func sortedSetScan(_ call: CommandCall) throws(RESPError) -> RESPValue {
    try elementScan(call, SortedSetValue.self) { set, cursor, options, found in
      set.scan(from: cursor, count: options.count) { member, score in
        guard options.admits(member) else { return }
        found += [.bulk(member), .bulk(set.isPacked ? Score.packedText(score) : Score.text(score))]
      }
    }
  }

  private static func cursor(_ bytes: [UInt8]) throws(RESPError) -> UInt64 {
    guard let cursor = DecimalInteger.parseUnsigned(bytes) else {
      throw RESPError("ERR invalid cursor")
    }
    return cursor
  }
}

/// MATCH, COUNT and TYPE.
private struct ScanOptions {
  var pattern: GlobPattern?
  var count = 10
  var type: String?

  func admits(_ name: [UInt8]) -> Bool { pattern?.matches(name) ?? true }

  init(_ call: CommandCall, from start: Int, allowsType: Bool) throws(RESPError) {
    var index = start
    while index < call.arguments.count {
      guard index + 1 < call.arguments.count else { throw .syntax }
      switch call.word(index) {
      case "COUNT":
        let number = try call.integer(index + 1)
        guard number >= 1 else { throw .syntax }
        count = Int(min(number, 1 << 40))
      case "MATCH":
        let isAll = call[index + 1] == [UInt8(ascii: "*")]
        pattern = isAll ? nil : GlobPattern(call[index + 1])
      case "TYPE" where allowsType: type = call.text(index + 1).lowercased()
      default: throw .syntax
      }
      index += 2
    }
  }
}
