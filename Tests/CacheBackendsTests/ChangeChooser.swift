import CacheModel
import RESP

/// Chooses changes by a seed: mostly such as fit the value that is there.
struct ChangeChooser {
  private var state: UInt64
  private let names: [CacheKey]
  private let staysInSlot: Bool

  /// With `staysInSlot` keys are renamed and copied to names of their own slot alone.
  init(seed: UInt64, names: [CacheKey], staysInSlot: Bool = false) {
    state = seed
    self.names = names
    self.staysInSlot = staysInSlot
  }

  /// SplitMix64, by Steele, Lea and Flood.
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  private mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

  private mutating func one<Item>(of items: [Item]) -> Item { items[below(items.count)] }

  mutating func name() -> CacheKey { one(of: names) }

  mutating func isHeads(of sides: Int) -> Bool { below(sides) == 0 }

  mutating func choice<Item>(of items: [Item]) -> Item { one(of: items) }

  /// Few different ones, so that they meet; some with every byte.
  private mutating func part() -> [UInt8] {
    below(4) == 0 ? everyByte : [UInt8(below(6)), UInt8(below(2)) * 255]
  }

  private mutating func score() -> Double {
    one(of: [0, -1.5, 0.1, .infinity, 1e300, Double(below(1000)) / 7])
  }

  mutating func lifetime() -> TTLChange? {
    one(of: [nil, .fromNow(milliseconds: Int64(1_000_000 + below(1_000_000)))])
  }

  mutating func value() -> NewValue {
    let parts = (0...below(200)).map { _ in part() }
    switch below(5) {
    case 0: return .string(part())
    case 1: return .hash(parts.map { HashField(field: $0, value: $0 + $0) })
    case 2: return .list(parts)
    case 3: return .set(parts)
    default: return .sortedSet(parts.map { ScoredMember(member: $0, score: score()) })
    }
  }

  private mutating func otherName(than key: CacheKey) -> CacheKey {
    guard staysInSlot else { return name() }
    return one(of: names.filter { HashSlot(of: $0.bytes) == HashSlot(of: key.bytes) })
  }

  /// A change of the key that holds this.
  mutating func change(of key: CacheKey, _ content: ValueContent?) -> KeyChange {
    guard let content else { return .create(value(), lifetime()) }
    switch below(12) {
    case 0: return .delete
    case 1: return .rename(to: otherName(than: key), replacing: below(2) == 0)
    case 2: return .copy(to: otherName(than: key), replacing: below(2) == 0)
    case 3: return .put(value(), lifetime(), otherKinds: true)
    case 4: return .setTTL(lifetime() ?? .persist)
    case 5: return .setTTL(.adjust(milliseconds: Int64(below(500_000)) - 100_000))
    default: return edit(content)
    }
  }

  private mutating func edit(_ content: ValueContent) -> KeyChange {
    switch content {
    case .string(let bytes): return .setString(part(), expected: bytes)
    case .hash(let fields):
      let field = one(of: fields)
      return one(of: [
        .setField(field.field, value: part(), expected: field.value),
        .addField(part(), value: part()), .removeField(field.field, expected: field.value),
      ])
    case .list(_, let elements): return edit(elements)
    case .set(let members):
      let member = one(of: members)
      return one(of: [
        .addMember(part()), .removeMember(member), .replaceMember(member, with: part()),
      ])
    case .sortedSet(let members):
      let member = one(of: members)
      return one(of: [
        .addScoredMember(part(), score: score()),
        .setScore(member.member, score: score(), expected: member.score),
        .removeScoredMember(member.member, expected: member.score),
        .replaceScoredMember(member.member, with: part(), expected: member.score),
      ])
    case .stream, .unreadable: return .delete
    }
  }

  private mutating func edit(_ elements: [[UInt8]]) -> KeyChange {
    let place = below(elements.count)
    let position = Int64(below(2) == 0 ? place : place - elements.count)
    return one(of: [
      .setElement(at: position, value: part(), expected: elements[place]),
      .removeElement(at: position, expected: elements[place]),
      .insertElement(part(), before: position, expected: elements[place]),
      .pushElement(part(), one(of: ListEnd.allCases)),
    ])
  }
}
