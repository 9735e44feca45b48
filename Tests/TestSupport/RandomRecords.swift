package import CacheModel

/// Undo records of every shape, the same for the same seed.
package enum RandomRecords {
  /// A batch of so many records; values have up to `largest` bytes.
  package static func batch(
    seed: UInt64, count: Int, largest: Int = 200
  ) -> [UndoRecord] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in record(&random, largest) }
  }

  private static func record(_ random: inout SeededRandom, _ largest: Int) -> UndoRecord {
    let origin = SourceIdentity(
      serverID: ["a1b2", "", "sérver"].randomElement(using: &random) ?? "",
      database: Int.random(in: 0...3, using: &random))
    var record = UndoRecord(transition(&random, largest), origin: origin)
    for _ in 0..<(Int.random(in: 0...5, using: &random) / 4) {
      record.transitions.append(transition(&random, largest))
    }
    return record
  }

  private static func transition(_ random: inout SeededRandom, _ largest: Int) -> KeyTransition {
    let before: StoredState? =
      Bool.random(using: &random)
      ? nil
      : StoredState(
        value(&random, largest), deadline: deadline(&random),
        tags: (0..<(Int.random(in: 0...5, using: &random) / 3)).map { _ in bytes(&random, 9) })
    return KeyTransition(
      key: CacheKey(bytes(&random, 20)), before: before, after: after(&random))
  }

  private static func after(_ random: inout SeededRandom) -> LeftState {
    let kinds: [StateMark.Basis] = [
      .payload, .content(.string), .content(.sortedSet), .content(.stream),
      .content(.other("ReJSON-RL")),
    ]
    switch Int.random(in: 0...3, using: &random) {
    case 0: return .absent
    case 1: return .unknown
    default:
      return .marked(
        StateMark(
          basis: kinds.randomElement(using: &random) ?? .payload,
          digest: StateDigest(high: random.next(), low: random.next()),
          deadline: deadline(&random)))
    }
  }

  private static func value(_ random: inout SeededRandom, _ largest: Int) -> StoredValue {
    func part() -> [UInt8] { bytes(&random, largest) }
    let count = 0..<Int.random(in: 0...4, using: &random)
    switch Int.random(in: 0...7, using: &random) {
    case 0: return .typed(.string(part()))
    case 1: return .typed(.list(count.map { _ in part() }))
    case 2: return .typed(.set(count.map { _ in part() }))
    case 3: return .typed(.hash(count.map { _ in HashField(field: part(), value: part()) }))
    case 4:
      return .typed(
        .sortedSet(
          count.map { ScoredMember(member: part(), score: [-0.5, .infinity, 3e300][$0 % 3]) }))
    default: return .dump(part())
    }
  }

  private static func deadline(_ random: inout SeededRandom) -> WallTime? {
    Bool.random(using: &random)
      ? nil : WallTime(milliseconds: Int64(bitPattern: random.next()))
  }

  private static func bytes(_ random: inout SeededRandom, _ most: Int) -> [UInt8] {
    (0..<Int.random(in: 0...most, using: &random)).map { _ in
      UInt8.random(in: 0...255, using: &random)
    }
  }
}
