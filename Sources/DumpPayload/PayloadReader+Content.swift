import CacheModel

// What the parts of a payload mean.
extension PayloadReader {
  /// What lies behind a type that is not opaque.
  mutating func content(
    _ type: PayloadType, version: UInt64
  ) throws(Malformed) -> DumpedValue {
    switch type {
    case .string: return .string(try string())
    case .list: return .list(try strings(each: 1))
    case .ziplist: return .list(try packed(.ziplist))
    case .ziplistNodes: return .list(try ziplistNodes())
    case .nodes: return .list(try nodes())
    case .set: return .set(try strings(each: 1))
    case .integerSet: return .set(try packed(.integers))
    case .packedSet: return .set(try packed(.listpack))
    case .scored: return .sortedSet(try scored(isText: false))
    case .scoredInText: return .sortedSet(try scored(isText: true))
    case .ziplistScored: return .sortedSet(try scores(try packed(.ziplist)))
    case .packedScored: return .sortedSet(try scores(try packed(.listpack)))
    case .hash: return .hash(try hash())
    case .zipmapHash: return .hash(try fields(try packed(.zipmap)))
    case .ziplistHash: return .hash(try fields(try packed(.ziplist)))
    case .packedHash: return .hash(try fields(try packed(.listpack)))
    case .expiringHashEarly where version >= DumpPayload.firstOfValkey: return try valkeyHash()
    case .expiringHashEarly: return try expiringHash(isRelative: false)
    case .expiringHash: return try expiringHash(isRelative: true)
    case .packedExpiringHashEarly: return try packedExpiringHash()
    case .packedExpiringHash:
      _ = try little(8)  // the earliest deadline
      return try packedExpiringHash()
    case .earlyModule, .module, .stream, .stream2, .stream3, .stream4, .stream5: throw Malformed()
    }
  }

  // MARK: Lists

  private mutating func ziplistNodes() throws(Malformed) -> [[UInt8]] {
    var elements: [[UInt8]] = []
    for _ in 0..<(try count()) { elements += try packed(.ziplist) }
    return elements
  }

  /// Nodes with one element as it is, which is not empty, or with packed ones.
  private mutating func nodes() throws(Malformed) -> [[UInt8]] {
    var elements: [[UInt8]] = []
    for _ in 0..<(try count()) {
      switch try number() {
      case 1:
        let element = try string()
        guard !element.isEmpty else { throw Malformed() }
        elements.append(element)
      case 2: elements += try packed(.listpack)
      default: throw Malformed()
      }
    }
    return elements
  }

  // MARK: Sorted sets

  private mutating func scored(isText: Bool) throws(Malformed) -> [ScoredMember] {
    var members: [ScoredMember] = []
    for _ in 0..<(try count()) {
      let member = try string()
      let score = isText ? try textualDouble() : try double()
      guard !score.isNaN else { throw Malformed() }
      members.append(ScoredMember(member: member, score: score))
    }
    return members
  }

  private func scores(_ elements: [[UInt8]]) throws(Malformed) -> [ScoredMember] {
    guard elements.count % 2 == 0 else { throw Malformed() }
    var members: [ScoredMember] = []
    members.reserveCapacity(elements.count / 2)
    for index in stride(from: 0, to: elements.count, by: 2) {
      guard let score = ScoreText.parse(elements[index + 1]) else { throw Malformed() }
      members.append(ScoredMember(member: elements[index], score: score))
    }
    return members
  }
}
