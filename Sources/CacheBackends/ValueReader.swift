import CacheModel
import RESP

/// How a value of one kind is fetched within a bound: which commands, and how to read the replies
/// of both protocol versions.
struct ValueReader: Sendable {
  let key: CacheKey
  let kind: ValueKind
  /// Memory of the key, where it is known.
  let bytes: ByteCount?
  let bound: ValueBound

  /// Elements to fetch at most: those of the bound, fewer when the value's memory says that they
  /// are large.
  var elements: Int {
    let most = max(1, bound.elements)
    guard let bytes, bytes.bytes > Int64(bound.bytes) else { return most }
    // Not knowing how many share the memory, assume at least as many as are asked for.
    let affordable = Int64(most) * Int64(max(1, bound.bytes)) / max(1, bytes.bytes)
    return Int(max(1, min(Int64(most), affordable)))
  }

  /// TYPE, PTTL and the encoding again, so that all is of one moment as far as pipelining goes, then
  /// length and content.
  func commands(asking traits: RedisTraits) -> [RESPCommand] {
    var commands = [KeyQuestion.kind, .lifetime, .encoding]
      .filter { traits.has($0.feature) }
      .map { $0.command(key) }
    if let verb = kind.lengthVerb { commands.append(RESPCommand(verb, [key.bytes])) }
    if let contentCommand { commands.append(contentCommand) }
    return commands
  }

  var contentCommand: RESPCommand? {
    let last = String(elements - 1)
    switch kind {
    case .string: return command("GETRANGE", "0", String(max(1, bound.bytes) - 1))
    case .list: return command("LRANGE", "0", last)
    case .sortedSet: return command("ZRANGE", "0", last, "WITHSCORES")
    case .hash, .set: return scan(from: "0")
    case .stream, .other: return nil
    }
  }

  /// A step of HSCAN or SSCAN.
  func scan(from cursor: String) -> RESPCommand {
    command(kind == .hash ? "HSCAN" : "SSCAN", cursor, "COUNT", String(elements))
  }

  private func command(_ verb: String, _ words: String...) -> RESPCommand {
    RESPCommand(verb, [key.bytes] + words.map { Array($0.utf8) })
  }

  // MARK: Replies

  /// Where a scan goes on; nil when it is complete or the kind is not scanned.
  func nextCursor(_ reply: RESPValue) -> String? {
    guard kind == .hash || kind == .set, let cursor = reply.elements?.first?.text, cursor != "0"
    else { return nil }
    return cursor
  }

  func begin(_ reply: RESPValue) -> ValueContent {
    switch kind {
    case .string: .string(reply.bytes ?? [])
    case .list: .list(from: 0, byteStrings(reply))
    case .sortedSet: .sortedSet(scored(reply))
    case .hash: add(reply, to: .hash([]))
    case .set: add(reply, to: .set([]))
    case .stream, .other: .unreadable
    }
  }

  /// Adds a page of a scan. A scan may tell an element twice; the first telling counts.
  func add(_ reply: RESPValue, to content: ValueContent) -> ValueContent {
    let page = reply.elements.flatMap { $0.count == 2 ? $0[1] : nil } ?? .null
    switch content {
    case .hash(let fields):
      let known = Set(fields.map(\.field))
      return .hash(fields + pairs(page).filter { !known.contains($0.field) })
    case .set(let members):
      let known = Set(members)
      return .set(members + byteStrings(page).filter { !known.contains($0) })
    default:
      return content
    }
  }

  /// No more than the bound: a small packed collection is answered whole whatever was asked.
  func cut(_ content: ValueContent) -> ValueContent {
    switch content {
    case .hash(let fields): .hash(Array(fields.prefix(max(1, bound.elements))))
    case .set(let members): .set(Array(members.prefix(max(1, bound.elements))))
    default: content
    }
  }

  private func byteStrings(_ reply: RESPValue) -> [[UInt8]] {
    reply.elements?.compactMap(\.bytes) ?? []
  }

  private func pairs(_ reply: RESPValue) -> [HashField] {
    let flat = byteStrings(reply)
    return stride(from: 0, to: flat.count - 1, by: 2).map {
      HashField(field: flat[$0], value: flat[$0 + 1])
    }
  }

  /// RESP3 answers pairs of a member and a double, RESP2 members and texts in turn.
  private func scored(_ reply: RESPValue) -> [ScoredMember] {
    let values = (reply.elements ?? []).flatMap { $0.elements ?? [$0] }
    return stride(from: 0, to: values.count - 1, by: 2).compactMap { index in
      guard let member = values[index].bytes else { return nil }
      return score(values[index + 1]).map { ScoredMember(member: member, score: $0) }
    }
  }

  private func score(_ value: RESPValue) -> Double? {
    if case .double(let score) = value { return score }
    return value.text.flatMap { Double($0) }
  }
}
