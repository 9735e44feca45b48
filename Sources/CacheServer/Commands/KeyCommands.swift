import CacheEngine
import RESP

extension CommandTable {
  static let keyRows: [CommandRow] = [
    CommandRow("del", -2, .write, .all, .generic, "O(N)", "Deletes keys.", delete),
    CommandRow("unlink", -2, [.write, .fast], .all, .generic, "O(N)", "Deletes keys.", delete),
    CommandRow(
      "exists", -2, [.readOnly, .fast], .all, .generic, "O(N)", "Counts which keys exist.",
      { call in
        .integer(Int64(call.arguments.dropFirst().count { call.peek($0) != nil }))
      }),
    CommandRow(
      "touch", -2, [.readOnly, .fast], .all, .generic, "O(N)", "Makes keys recently used.",
      { call in
        .integer(Int64(call.arguments.dropFirst().count { call.touch($0) != nil }))
      }),
    CommandRow(
      "type", 2, [.readOnly, .fast], .one, .generic, "O(1)", "Tells the type of a key.",
      { call in .simple(call.peek(call.key)?.value.typeName ?? "none") }),
    CommandRow(
      "rename", 3, .write, .two, .generic, "O(1)", "Renames a key, replacing the other.",
      { call throws(RESPError) in
        try rename(call, replacing: true)
        return .ok
      }),
    CommandRow(
      "renamenx", 3, [.write, .fast], .two, .generic, "O(1)",
      "Renames a key if there is no other of that name.",
      { call throws(RESPError) in .integer(try rename(call, replacing: false) ? 1 : 0) }),
    CommandRow(
      "copy", -3, [.write, .denyOOM], .two, .generic, "O(N)", "Copies a key to another.", copy),
    CommandRow("object", -2, .readOnly, .second, .generic, "O(1)", "Tells about a value.", object)
      .with(subcommands: ["ENCODING": 3, "IDLETIME": 3, "FREQ": 3, "REFCOUNT": 3]),
    CommandRow(
      "randomkey", 1, .readOnly, .generic, "O(1)", "Returns any key.",
      { call in
        let key = call.engine.keyspace.anyKey(
          in: call.database, at: call.now, random: call.engine.anyNumber)
        return key.map { .bulk($0) } ?? .null
      }),
  ]

  private static func delete(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let deleted = call.arguments.dropFirst().count { key in
      guard call.remove(key) else { return false }
      call.note(.generic, "del", key)
      return true
    }
    return .integer(Int64(deleted))
  }

  /// Answers whether it renamed.
  @discardableResult
  private static func rename(
    _ call: CommandCall, replacing: Bool
  ) throws(RESPError) -> Bool {
    guard call.look(call.key) != nil else { throw .noSuchKey }
    guard call.key != call[2] else { return replacing }
    guard replacing || call.look(call[2]) == nil else { return false }
    _ = call.engine.keyspace.rename(call.key, to: call[2], in: call.database, at: call.now)
    call.note(.generic, "rename_from", call.key)
    call.note(.generic, "rename_to", call[2])
    return true
  }

  private static func copy(_ call: CommandCall) throws(RESPError) -> RESPValue {
    var target = call.database
    var replaces = false
    var index = 3
    while index < call.arguments.count {
      switch call.word(index) {
      case "REPLACE": replaces = true
      case "DB" where index + 1 < call.arguments.count:
        let number = try call.integer(index + 1)
        guard number >= 0, number < call.engine.keyspace.databaseCount else {
          throw .databaseOutOfRange
        }
        target = Int(number)
        index += 1
      default: throw .syntax
      }
      index += 1
    }
    guard target != call.database || call[1] != call[2] else {
      throw RESPError("ERR source and destination objects are the same")
    }
    guard call.read(call.key) != nil else { return .integer(0) }
    let isTaken = call.engine.keyspace.entry(call[2], in: target, at: call.now) != nil
    guard replaces || !isTaken else { return .integer(0) }
    _ = call.engine.keyspace.copy(
      call.key, in: call.database, to: call[2], in: target, at: call.now)
    call.engine.notify(.generic, "copy_to", call[2], in: target)
    return .integer(1)
  }

  private static func object(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let found = call.engine.keyspace.entry(
      call[2], in: call.database, at: call.now, traces: [.count])
    guard let entry = found else { return .null }
    switch call.word(1) {
    case "ENCODING": return .bulk(entry.value.encodingName)
    case "IDLETIME": return .integer(max(0, call.now - entry.lastUse) / 1000)
    case "REFCOUNT": return .integer(1)
    default:  // FREQ
      throw RESPError(
        "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note "
          + "that when switching between policies at runtime LRU and LFU data will take some time "
          + "to adjust.")
    }
  }
}

extension StoredValue {
  /// As TYPE tells it.
  var typeName: String {
    switch self {
    case .string: "string"
    case .hash: "hash"
    case .list: "list"
    case .set: "set"
    case .sortedSet: "zset"
    case .stream: "stream"
    }
  }

  /// As OBJECT ENCODING tells it: what Redis would choose for this value.
  var encodingName: String {
    switch self {
    case .string(let bytes):
      DecimalInteger.parse(bytes) != nil ? "int" : bytes.count <= 44 ? "embstr" : "raw"
    case .hash(let hash): hash.isPacked ? "listpack" : "hashtable"
    case .list: "quicklist"
    case .set(let set): set.integers == nil ? "hashtable" : "intset"
    case .sortedSet(let set): set.isPacked ? "listpack" : "skiplist"
    case .stream: "stream"
    }
  }
}
