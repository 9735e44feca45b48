import CacheEngine
import KeyPattern
import RESP

// The engine's own commands: tags, and who tracks a key. See `Keyspace+Tags` for what becomes of
// the tags of a key.
extension CommandTable {
  static let tagRows: [CommandRow] = [
    CommandRow(
      "cachescope.tag", -3, [.write, .denyOOM, .fast], .one, .generic, "O(N) in the tags",
      "Gives a key tags; returns how many are new to it.", tag),
    CommandRow(
      "cachescope.untag", -2, [.write, .fast], .one, .generic, "O(N) in the tags of the key",
      "Takes tags, or all, from a key; returns how many it had.",
      { call in
        let named = Array(call.arguments.dropFirst(2))
        let removed = call.engine.keyspace.untag(
          call.key, named.isEmpty ? nil : named, in: call.database, at: call.now)
        if removed > 0 { call.note(.generic, "untag", call.key) }
        return .integer(Int64(removed))
      }),
    CommandRow(
      "cachescope.tags", 2, [.readOnly, .fast], .one, .generic, "O(N) in the tags of the key",
      "Returns the tags of a key; null without such a key.",
      { call in
        let tags = call.engine.keyspace.tags(of: call.key, in: call.database, at: call.now)
        return tags.map { .array($0.map { .bulk($0) }) } ?? call.nullArray
      }),
    CommandRow(
      "cachescope.tagged", -2, .readOnly, .generic, "O(1) for each call",
      "Walks over the keys of a tag.", tagged),
    CommandRow(
      "cachescope.taglist", -1, .readOnly, .generic, "O(1) for each call",
      "Walks over the tags and the numbers of their keys.", tagList),
    CommandRow(
      "cachescope.invalidate", -2, .write, .generic, "O(N) in the keys of the tags",
      "Deletes all keys of tags; returns how many.", invalidate),
    CommandRow(
      "cachescope.trackers", 2, .admin, .one, .connection, "O(N) in the clients that track",
      "Tells which clients track a key.", trackers),
    CommandRow(
      "cachescope.help", 1, .noAuth, .server, "O(1)", "Tells of these commands.",
      { _ in .array(helpLines.map { .simple($0) }) }),
  ]

  private static func tag(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let added: Int
    do throws(TagRefusal) {
      added = try call.engine.keyspace.tag(
        call.key, with: Array(call.arguments.dropFirst(2)), in: call.database, at: call.now)
    } catch {
      throw RESPError(error)
    }
    if added > 0 { call.note(.generic, "tag", call.key) }
    return .integer(Int64(added))
  }

  private static func tagged(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let options = try WalkOptions(call, from: 2)
    var (next, keys) = call.engine.keyspace.keys(
      tagged: call[1], from: options.cursor, count: options.count, in: call.database, at: call.now)
    if let pattern = options.pattern { keys = keys.filter(pattern.matches) }
    return .array([.bulk(String(next)), .array(keys.map { .bulk($0) })])
  }

  private static func tagList(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let options = try WalkOptions(call, from: 1)
    call.engine.keyspace.expireDue(at: call.now, limit: 1000)
    let (next, tags) = call.engine.keyspace.tagNames(
      from: options.cursor, count: options.count, in: call.database)
    let chosen = tags.filter { options.pattern?.matches($0.tag) ?? true }
    return .array([
      .bulk(String(next)),
      .array(chosen.flatMap { [.bulk($0.tag), .integer(Int64($0.keys))] }),
    ])
  }

  private static func trackers(_ call: CommandCall) throws(RESPError) -> RESPValue {
    .array(
      call.engine.trackers(of: call.key).map { session in
        .map([
          RESPPair(.bulk("id"), .integer(session.id)),
          RESPPair(.bulk("name"), .bulk(session.name)),
          RESPPair(.bulk("addr"), .bulk(session.address)),
        ])
      })
  }

  private static let helpLines = [
    "CACHESCOPE.TAG key tag [tag ...]",
    "    Gives a key tags. They go with the key, and follow RENAME and COPY; SET without KEEPTTL",
    "    makes a new entry without tags. DUMP does not carry them.",
    "CACHESCOPE.UNTAG key [tag ...]",
    "    Takes tags from a key, or all of them.",
    "CACHESCOPE.TAGS key",
    "    Returns the tags of a key.",
    "CACHESCOPE.TAGGED tag [CURSOR cursor] [COUNT count] [MATCH pattern]",
    "    Walks over the keys of a tag, as SCAN does.",
    "CACHESCOPE.TAGLIST [CURSOR cursor] [COUNT count] [MATCH pattern]",
    "    Walks over the tags, each followed by the number of its keys.",
    "CACHESCOPE.INVALIDATE tag [tag ...]",
    "    Deletes every key that has one of the tags now. Others are served meanwhile.",
    "CACHESCOPE.TRACKERS key",
    "    Tells which clients track a key by CLIENT TRACKING: id, name, addr.",
    "CACHESCOPE.HELP",
    "    Returns these lines.",
  ]
}

/// CURSOR, COUNT and MATCH.
private struct WalkOptions {
  var cursor: UInt64 = 0
  var count = 10
  var pattern: GlobPattern?

  init(_ call: CommandCall, from start: Int) throws(RESPError) {
    for index in stride(from: start, to: call.arguments.count, by: 2) {
      guard index + 1 < call.arguments.count else { throw .syntax }
      switch call.word(index) {
      case "CURSOR":
        guard let position = DecimalInteger.parseUnsigned(call[index + 1]) else {
          throw RESPError("ERR invalid cursor")
        }
        cursor = position
      case "COUNT":
        let number = try call.integer(index + 1)
        guard number >= 1 else { throw .syntax }
        count = Int(min(number, 1 << 40))
      case "MATCH": pattern = GlobPattern(call[index + 1])
      default: throw .syntax
      }
    }
  }
}

extension RESPError {
  fileprivate init(_ refusal: TagRefusal) {
    switch refusal {
    case .wrongLength:
      self.init("ERR a tag has at least one byte and at most \(Keyspace.tagLengthLimit)")
    case .tooMany: self.init("ERR a key has at most \(Keyspace.tagsOfKeyLimit) tags")
    }
  }
}
