import CacheModel
import RESP

/// A whole value by typed reads, where the server does not hand out its own form of it. Every kind is
/// asked for, because a key may change its kind until then; of a key that is there all reads but one
/// answer that it is of another kind.
///
/// What no read tells is not lost silently: where fields of hashes can have deadlines of their own,
/// the server's count of them is asked for too, and a hash is taken for whole only when it is zero.
struct WholeReading: Sendable {
  private static let kinds: [ValueKind] = [.string, .hash, .list, .set, .sortedSet]

  static func commands(for key: CacheKey, _ traits: RedisTraits) -> [RESPCommand] {
    kinds.compactMap { MarkQuestion.reading(key, $0) }
      + (asksFields(traits) ? [RESPCommand("INFO", "keyspace")] : [])
  }

  private static func asksFields(_ traits: RedisTraits) -> Bool {
    traits.figures.fieldsMayExpire && traits.has(.info)
  }

  /// The value, nil where there is no key, or why it is not whole. Takes the replies to `commands`
  /// off.
  static func read(
    _ answers: inout ReplyReader, _ traits: RedisTraits
  ) -> Result<NewValue?, RESPError> {
    var told: [NewValue] = []
    var others = 0
    var refusal: RESPError?
    for kind in kinds {
      let reply = answers.next()
      if let error = reply.error {
        if error.isWrongType { others += 1 } else { refusal = refusal ?? error }
      } else if let value = value(kind, reply) {
        told.append(value)
      }
    }
    let expiring = asksFields(traits) ? fieldsThatExpire(answers.next()) : nil
    if let refusal { return .failure(refusal) }
    guard others > 0 else { return .success(nil) }
    guard others == kinds.count - 1, let value = told.first else {
      return .failure(RESPError("ERR no typed read tells the whole value"))
    }
    if case .hash = value, traits.figures.fieldsMayExpire, expiring != 0 {
      return .failure(RESPError("ERR no read tells when the fields of the hash expire"))
    }
    return .success(value)
  }

  private static func fieldsThatExpire(_ reply: RESPValue) -> Int64? {
    ServerFigures(reply.text ?? "").hashesWithDeadlines
  }

  private static func value(_ kind: ValueKind, _ reply: RESPValue) -> NewValue? {
    guard !reply.isNull else { return nil }
    var whole = Collected(kind)
    _ = whole.add(reply, skipping: 0, upTo: .max)
    switch whole.content(from: 0) {
    case .string(let bytes): return .string(bytes)
    case .hash(let fields): return fields.isEmpty ? nil : .hash(fields)
    case .list(_, let elements): return elements.isEmpty ? nil : .list(elements)
    case .set(let members): return members.isEmpty ? nil : .set(members)
    case .sortedSet(let members): return members.isEmpty ? nil : .sortedSet(members)
    case .stream, .unreadable: return nil
    }
  }
}
