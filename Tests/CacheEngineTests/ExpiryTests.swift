import CacheEngine
import Testing

struct ExpiryTests {
  private let key = bytes("key")

  @Test func endsAtItsMillisecond() {
    var keyspace = Keyspace()
    keyspace.set(key, to: .string([1]), deadline: .set(1500), in: 0, at: 1000)
    let outcome1 = keyspace.entry(key, in: 0, at: 1499)
    #expect(outcome1 != nil)
    let outcome2 = keyspace.entry(key, in: 0, at: 1500)
    #expect(outcome2 == nil)
    #expect(keyspace.statistics.expired == 1)
    #expect(keyspace.usedMemory == 0)
  }

  @Test func removesTheEarliestFirstWithinTheBudget() {
    var keyspace = Keyspace()
    for index in 0..<100 {
      let deadline = Int64(1000 - index)
      keyspace.set(bytes("k\(index)"), to: .string([]), deadline: .set(deadline), in: 0, at: 0)
    }
    #expect(keyspace.nextDeadline == 901)
    let outcome3 = keyspace.expireDue(at: 930, limit: 10)
    #expect(outcome3 == 10)
    #expect(keyspace.nextDeadline == 911)
    let outcome4 = keyspace.expireDue(at: 930, limit: 1000)
    #expect(outcome4 == 20)
    #expect(keyspace.count(in: 0) == 70)
    #expect(keyspace.countWithDeadline(in: 0) == 70)
    #expect(keyspace.violatedInvariants() == [])
  }

  @Test func tellsTheMeanTimeLeft() {
    var keyspace = Keyspace()
    keyspace.set(bytes("a"), to: .string([]), deadline: .set(2000), in: 3, at: 0)
    keyspace.set(bytes("b"), to: .string([]), deadline: .set(4000), in: 3, at: 0)
    #expect(keyspace.meanTimeLeft(in: 3, at: 1000) == 2000)
    #expect(keyspace.meanTimeLeft(in: 0, at: 1000) == 0)
    keyspace.set(bytes("c"), to: .string([]), deadline: .set(.max), in: 3, at: 0)
    #expect(keyspace.meanTimeLeft(in: 3, at: 0) > 0)
  }

  @Test func versionsChangeWithEveryChange() {
    var keyspace = Keyspace()
    let outcome5 = keyspace.version(key, in: 0, at: 0)
    #expect(outcome5 == 0)
    keyspace.set(key, to: .string([]), deadline: .set(100), in: 0, at: 0)
    let first = keyspace.version(key, in: 0, at: 0)
    keyspace.setDeadline(200, of: key, in: 0, at: 0)
    let second = keyspace.version(key, in: 0, at: 0)
    keyspace.remove(key, in: 0, at: 0)
    keyspace.set(key, to: .string([]), deadline: .set(200), in: 0, at: 0)
    let third = keyspace.version(key, in: 0, at: 0)
    #expect(Set([0, first, second, third]).count == 4)
    let outcome6 = keyspace.version(key, in: 0, at: 200)
    #expect(outcome6 == 0)
  }
}
