import CacheEngine
import TestSupport
import Testing

struct SetValueTests {
  @Test(arguments: LongRun.seeds(1...3))
  func agreesWithASet(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for onlyIntegers in [true, false] {
      var set = SetValue()
      var model: Set<[UInt8]> = []
      for step in 0..<4000 {
        let number = Int64.random(in: 0..<900, using: &random) * (step % 7 == 0 ? -(1 << 40) : 1)
        let member = bytes(onlyIntegers || step < 50 ? "\(number)" : "m\(number)")
        if Int.random(in: 0..<5, using: &random) < (step < 2000 ? 3 : 1) {
          let isNew = set.insert(member)
          #expect(isNew == model.insert(member).inserted, "seed \(seed) step \(step)")
        } else {
          let wasThere = set.remove(member)
          #expect(wasThere == (model.remove(member) != nil), "seed \(seed) step \(step)")
        }
        #expect(set.contains(member) == model.contains(member))
        #expect(set.count == model.count)
        guard step % 100 == 0 else { continue }
        #expect(Set(set.members) == model, "seed \(seed) step \(step)")
        #expect(set.violatedInvariants() == [], "seed \(seed) step \(step)")
      }
    }
  }

  @Test func integersStayPackedUpToTheBound() {
    var set = SetValue()
    for index in 0..<SetValue.packedMembers { set.insert(bytes("\(index * 3 - 500)")) }
    #expect(set.integers?.count == 512)
    let packed = set.charge
    set.insert(bytes("77777"))
    #expect(set.integers == nil && set.count == 513)
    #expect(set.charge > 5 * packed)
    var other = SetValue([bytes("5"), bytes("6")])
    other.insert(bytes("06"))
    #expect(other.integers == nil && other.count == 3)
  }

  @Test func drawsAndWalks() {
    var set = SetValue((0..<3000).map { bytes("m\($0)") })
    var random = SeededGenerator(seed: 9)
    func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
    var drawn: Set<[UInt8]> = []
    for _ in 0..<3000 {
      if let member = set.anyMember(random: below) { drawn.insert(member) }
    }
    #expect(drawn.count > 1200)
    var seen: Set<[UInt8]> = []
    var cursor: UInt64 = 0
    repeat {
      cursor = set.scan(from: cursor, count: 10) { seen.insert($0) }
      for _ in 0..<5 { set.remove(bytes("m\(below(2900) + 100)")) }
    } while cursor != 0
    #expect((0..<100).allSatisfy { seen.contains(bytes("m\($0)")) })
    while let member = set.anyMember(random: below) { set.remove(member) }
    #expect(set.count == 0 && set.charge == 0)
    #expect(set.anyMember(random: below) == nil)
  }
}
