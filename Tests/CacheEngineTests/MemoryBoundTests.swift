import CacheEngine
import Testing

struct MemoryBoundTests {
  private func fill(_ keyspace: inout Keyspace, _ range: Range<Int>, at now: Int64) {
    for index in range {
      keyspace.set(
        bytes("key\(index)"), to: .string(Array(repeating: 1, count: 100)), deadline: .remove,
        in: 0, at: now)
    }
  }

  @Test func evictsWhatWasNotUsedForTheLongestTime() {
    var keyspace = Keyspace()
    fill(&keyspace, 0..<100, at: 1)
    for index in 0..<50 {
      _ = keyspace.entry(bytes("key\(index)"), in: 0, at: 2, traces: [.use])
    }
    // A look without a trace saves nothing.
    _ = keyspace.entry(bytes("key60"), in: 0, at: 3, traces: [.count])
    keyspace.policy = .allKeysLRU
    keyspace.memoryBound = keyspace.usedMemory / 2
    let outcome1 = keyspace.makeRoom(at: 4)
    #expect(outcome1)
    #expect(keyspace.statistics.evicted == 50)
    let left = Set(keyspace.keys(in: 0, at: 4))
    #expect(left == Set((0..<50).map { bytes("key\($0)") }))
    #expect(keyspace.violatedInvariants() == [])
  }

  @Test func refusesWithoutAPolicy() {
    var keyspace = Keyspace(memoryBound: 1000)
    fill(&keyspace, 0..<10, at: 1)
    let outcome2 = keyspace.makeRoom(at: 1)
    #expect(!outcome2)
    #expect(keyspace.count(in: 0) == 10)
    #expect(keyspace.statistics.evicted == 0)
  }

  @Test func takesWhatIsDueBeforeWhatLives() {
    var keyspace = Keyspace(policy: .allKeysLRU)
    fill(&keyspace, 0..<10, at: 1)
    let bound = keyspace.usedMemory
    keyspace.set(
      bytes("due"), to: .string(Array(repeating: 1, count: 500)), deadline: .set(50), in: 0, at: 2)
    keyspace.memoryBound = bound
    let outcome3 = keyspace.makeRoom(at: 60)
    #expect(outcome3)
    #expect(keyspace.statistics.evicted == 0)
    #expect(keyspace.statistics.expired == 1)
  }

  @Test func chargesGrowAndShrinkWithTheValue() {
    var keyspace = Keyspace()
    var hash = HashValue()
    hash.set(bytes("field"), Array(repeating: 1, count: 1000))
    keyspace.set(bytes("h"), to: .hash(hash), deadline: .remove, in: 0, at: 0)
    let large = keyspace.usedMemory
    #expect(large > 1000)
    let removed = keyspace.update(bytes("h"), in: 0, at: 0) { value in
      guard case .hash(var hash) = value else { return (false, false) }
      hash.set(bytes("other"), [])
      let removed = hash.remove(bytes("field"))
      value = .hash(hash)
      return (true, removed)
    }
    #expect(removed == true)
    #expect(keyspace.usedMemory < large - 1000)
    #expect(keyspace.violatedInvariants() == [])
  }

  @Test func aHashGoesWithItsLastField() {
    var keyspace = Keyspace()
    var hash = HashValue()
    hash.set(bytes("field"), [])
    keyspace.set(bytes("h"), to: .hash(hash), deadline: .remove, in: 0, at: 0)
    _ = keyspace.update(bytes("h"), in: 0, at: 0) { value in
      guard case .hash(var hash) = value else { return (false, ()) }
      _ = hash.remove(bytes("field"))
      value = .hash(hash)
      return (true, ())
    }
    let outcome4 = keyspace.entry(bytes("h"), in: 0, at: 0)
    #expect(outcome4 == nil)
    #expect(keyspace.usedMemory == 0)
  }
}
