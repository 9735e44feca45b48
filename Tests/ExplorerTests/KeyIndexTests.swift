import CacheModel
import Explorer
import Testing

@Suite struct KeyIndexTests {
  @Test func agreesWithADictionaryOverRandomSteps() {
    var random = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: 0...(.max), using: &random)
    var generator = SplitMix(seed: seed)
    var index = KeyIndex()
    var truth: [CacheKey: KeyIndex.Slot] = [:]
    for step in 0..<20_000 {
      let key = CacheKey("k:\(generator.next() % 800)")
      if generator.next() % 3 == 0, let slot = truth[key] {
        index.remove(slot)
        truth[key] = nil
      } else {
        let (slot, isNew) = index.insert(key)
        #expect(isNew == (truth[key] == nil), "seed \(seed) step \(step)")
        truth[key] = slot
      }
      #expect(index.count == truth.count, "seed \(seed) step \(step)")
    }
    for (key, slot) in truth {
      #expect(index.slot(of: key) == slot, "seed \(seed)")
      #expect(index.key(slot) == key, "seed \(seed)")
    }
    #expect(Set(index.slots) == Set(truth.values), "seed \(seed)")
  }

  @Test func namesOfRemovedKeysAreUsedAgain() {
    var index = KeyIndex()
    for round in 0..<50 {
      let slots = (0..<1000).map { index.insert(CacheKey("round:\(round):\($0)")).slot }
      for slot in slots { index.remove(slot) }
    }
    #expect(index.count == 0)
    #expect(index.nameBytes < 1 << 18)
  }

  /// The index tells what a key costs beyond its name: more than its entry, and not much more.
  @Test func whatAKeyCostsIsTold() {
    var index = KeyIndex()
    #expect(index.bytesBeyondNames < 1 << 17)
    for number in 0..<200_000 { _ = index.insert(CacheKey("app:user:\(number)")) }
    let cost = Double(index.bytesBeyondNames) / 200_000
    #expect((40...50).contains(cost), "\(cost)")
    var other = index
    for number in 0..<200_000 { _ = other.insert(CacheKey("a:\(number)")) }
    #expect(other.bytesBeyondNames - index.bytesBeyondNames > 200_000 * 36)
  }

  @Test func marksAreCounted() {
    var keys = KeysState()
    let slot = keys.insert(CacheKey("a")).slot
    keys.mark(slot, true)
    keys.mark(slot, true)
    #expect(keys.index.markedCount == 1)
    keys.remove(slot)
    #expect(keys.index.markedCount == 0)
  }

  @Test func anyBytesAreAName() {
    var index = KeyIndex()
    let all = CacheKey(Array(0...255))
    let slot = index.insert(all).slot
    #expect(index.key(slot) == all)
    #expect(index.slot(of: CacheKey([])) == nil)
    let empty = index.insert(CacheKey([]))
    #expect(empty.isNew)
  }
}

/// A small generator whose seed a failing test prints. Source: Steele, Lea and Flood, "Fast
/// splittable pseudorandom number generators", 2014.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
