import CacheModel
import RESP

/// The parts of a value that replies of both protocol versions have told so far.
struct Collected: Sendable {
  private let kind: ValueKind
  private var strings: [[UInt8]] = []
  private var fields: [HashField] = []
  private var members: [ScoredMember] = []
  private var entries: [StreamEntry] = []
  /// A walk may tell a part twice; the first telling counts.
  private var known: Set<[UInt8]> = []
  private(set) var bytes = 0

  init(_ kind: ValueKind) {
    self.kind = kind
  }

  /// Parts; of a string the one that it is.
  var count: Int { strings.count + fields.count + members.count + entries.count }

  func content(from index: Int64) -> ValueContent {
    switch kind {
    case .string: .string(strings.first ?? [])
    case .list: .list(from: index, strings)
    case .hash: .hash(fields)
    case .set: .set(strings)
    case .sortedSet: .sortedSet(members)
    case .stream: .stream(entries, groups: [])
    case .other: .unreadable
    }
  }

  /// Adds the parts of a reply but the first few, at most so many. `raw` counts what the reply held
  /// (bytes of a string), `used` what was taken of it, known parts included.
  mutating func add(
    _ reply: RESPValue, skipping: Int, upTo room: Int
  ) -> (raw: Int, used: Int) {
    switch kind {
    case .string:
      let told = reply.bytes ?? []
      strings = [told]
      bytes = told.count
      return (told.count, told.count)
    case .list, .set: return add(Self.byteStrings(reply), skipping, room) { $0.append($1) }
    case .hash: return add(Self.pairs(reply), skipping, room) { $0.append($1) }
    case .sortedSet: return add(Self.scored(reply), skipping, room) { $0.append($1) }
    case .stream: return add(Self.entries(reply), skipping, room) { $0.append($1) }
    case .other: return (0, 0)
    }
  }

  private mutating func add<Part>(
    _ parts: [Part], _ skipping: Int, _ room: Int, _ append: (inout Collected, Part) -> Void
  ) -> (raw: Int, used: Int) {
    let wanted = parts.dropFirst(skipping).prefix(max(0, room))
    for part in wanted { append(&self, part) }
    return (parts.count, wanted.count)
  }

  private mutating func append(_ string: [UInt8]) {
    if kind == .set, !known.insert(string).inserted { return }
    strings.append(string)
    bytes += string.count
  }

  private mutating func append(_ field: HashField) {
    guard known.insert(field.field).inserted else { return }
    fields.append(field)
    bytes += field.field.count + field.value.count
  }

  private mutating func append(_ member: ScoredMember) {
    members.append(member)
    bytes += member.member.count + 8
  }

  private mutating func append(_ entry: StreamEntry) {
    entries.append(entry)
    bytes += entry.fields.reduce(16) { $0 + $1.field.count + $1.value.count }
  }

  /// The id of the last entry of a stream.
  var lastID: StreamID? { entries.last?.id }

  // MARK: Replies

  /// An id and the fields by turns; an entry that has just been deleted has none.
  private static func entries(_ reply: RESPValue) -> [StreamEntry] {
    (reply.elements ?? []).compactMap { entry in
      guard let parts = entry.elements, parts.count == 2,
        let id = parts[0].text.flatMap({ StreamID($0) })
      else { return nil }
      return StreamEntry(id: id, fields: pairs(parts[1]))
    }
  }

  private static func byteStrings(_ reply: RESPValue) -> [[UInt8]] {
    reply.elements?.compactMap(\.bytes) ?? []
  }

  private static func pairs(_ reply: RESPValue) -> [HashField] {
    let flat = byteStrings(reply)
    return stride(from: 0, to: flat.count - 1, by: 2).map {
      HashField(field: flat[$0], value: flat[$0 + 1])
    }
  }

  /// RESP3 answers pairs of a member and a double, RESP2 members and texts in turn.
  private static func scored(_ reply: RESPValue) -> [ScoredMember] {
    let values = (reply.elements ?? []).flatMap { $0.elements ?? [$0] }
    return stride(from: 0, to: values.count - 1, by: 2).compactMap { index in
      guard let member = values[index].bytes else { return nil }
      return values[index + 1].score.map { ScoredMember(member: member, score: $0) }
    }
  }
}
