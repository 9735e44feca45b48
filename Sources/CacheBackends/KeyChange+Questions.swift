import CacheModel
import RESP

/// What has to be known before a change.
extension KeyChange {
  /// Whether what is sent depends on the key's present state, so that nobody may change it between.
  /// The others are one command that is right whatever happened meanwhile.
  func dependsOnState(_ traits: RedisTraits) -> Bool {
    switch self {
    case .setTTL(.adjust): true
    case .setTTL, .expireNow, .delete, .rename, .pushElement, .removeMember: false
    case .copy: !traits.has(.copy)
    case .removeField(_, let expected): expected != nil
    case .removeScoredMember(_, let expected), .setScore(_, _, let expected): expected != nil
    case .create(.string, let ttl): !(ttl?.isOptionOfSET ?? true)
    case .put(.string, let ttl, otherKinds: true): !(ttl?.isOptionOfSET ?? traits.has(.keepTTL))
    default: true
    }
  }

  /// An edit that puts back what was read.
  func changesNothing(of key: CacheKey) -> Bool {
    switch self {
    case .setString(let value, let expected): value == expected
    case .setField(_, let value, let expected): value == expected
    case .setElement(_, let value, let expected): value == expected
    case .setScore(_, let score, let expected): score == expected
    case .replaceMember(let old, let new), .replaceScoredMember(let old, let new, _): old == new
    case .rename(let name, _), .copy(let name, _): name == key
    default: false
    }
  }

  /// The other key that a change writes.
  var otherKey: CacheKey? {
    switch self {
    case .rename(let name, _), .copy(let name, _): name
    default: nil
    }
  }

  /// Bytes that a change brings along.
  var newBytes: Int {
    switch self {
    case .setString(let value, _), .setElement(_, let value, _), .pushElement(let value, _),
      .insertElement(let value, _, _), .addMember(let value), .replaceMember(_, let value),
      .addScoredMember(let value, _), .replaceScoredMember(_, let value, _):
      value.count
    case .setField(let field, let value, _), .addField(let field, let value):
      field.count + value.count
    case .create(let value, _), .put(let value, _, _): value.byteCount
    default: 0
    }
  }

  /// Asks for the present value of the part that changes; where the server does not tell the kind,
  /// whether it is of the right kind at all.
  func questions(about key: CacheKey, _ traits: RedisTraits) -> [RESPCommand] {
    func ask(_ verb: String, _ arguments: [UInt8]...) -> RESPCommand {
      RESPCommand(verb, [key.bytes] + arguments)
    }
    switch self {
    case .setString(_, let expected): return stringQuestion(key, expected, traits)
    case .put(.string, _, otherKinds: false): return stringQuestion(key, nil, traits)
    case .put(let value, _, otherKinds: false) where !traits.has(.type):
      return value.kind.lengthVerb.map { [ask($0)] } ?? []
    case .setField(let field, _, _), .removeField(let field, _?): return [ask("HGET", field)]
    case .addField(let field, _), .removeField(let field, nil): return [ask("HEXISTS", field)]
    case .setElement(let position, _, _), .removeElement(let position, _),
      .insertElement(_, let position, _):
      return [ask("LINDEX", Array(String(position).utf8)), ask("LLEN")]
    case .pushElement: return [ask("LLEN")]
    case .addMember(let member), .removeMember(let member): return [ask("SISMEMBER", member)]
    case .replaceMember(let old, let new): return [ask("SISMEMBER", old), ask("SISMEMBER", new)]
    case .addScoredMember(let member, _), .setScore(let member, _, _),
      .removeScoredMember(let member, _):
      return [ask("ZSCORE", member)]
    case .replaceScoredMember(let old, let new, _): return [ask("ZSCORE", old), ask("ZSCORE", new)]
    case .rename(let name, _): return [RESPCommand("EXISTS", [name.bytes])]
    case .copy(let name, _):
      let exists = RESPCommand("EXISTS", [name.bytes])
      return traits.has(.copy) ? [exists] : [exists, ask("DUMP")]
    default: return []
    }
  }

  /// At most one byte more than is expected.
  private func stringQuestion(
    _ key: CacheKey, _ expected: [UInt8]?, _ traits: RedisTraits
  ) -> [RESPCommand] {
    guard expected != nil || !traits.has(.type) else { return [] }
    let last = Array(String(expected?.count ?? 0).utf8)
    return [RESPCommand("GETRANGE", [key.bytes, Array("0".utf8), last])]
  }
}

extension TTLChange {
  /// Whether a SET can carry it, so that no second command is needed.
  fileprivate var isOptionOfSET: Bool {
    switch self {
    case .fromNow, .persist, .now: true
    case .adjust, .until: false
    }
  }
}
