import CacheEngine
import TestSupport
import Testing

struct SortedSetValueTests {
  private typealias Pair = (member: [UInt8], score: Double)

  /// Random changes, compared with a sorted array. Few different scores make many ties.
  @Test(arguments: LongRun.seeds(1...4))
  func agreesWithASortedArray(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var set = SortedSetValue()
    var model: [[UInt8]: Double] = [:]
    for step in 0..<3000 {
      let member = bytes("m\(Int.random(in: 0..<600, using: &random))")
      let score = Double(Int.random(in: -20...20, using: &random)) / 4
      switch Int.random(in: 0..<8, using: &random) {
      case 0...(step < 1500 ? 5 : 2):
        let old = set.set(member, score)
        #expect(old == model[member], "seed \(seed) step \(step)")
        model[member] = score
      case 7 where step % 10 == 0:
        let sorted = Self.sorted(model)
        let first = Int.random(in: 0...sorted.count, using: &random)
        let last = min(sorted.count, first + Int.random(in: 0...40, using: &random))
        set.remove(ranks: first..<last)
        for pair in sorted[first..<last] { model[pair.member] = nil }
      default:
        let wasThere = set.remove(member)
        #expect(wasThere == (model.removeValue(forKey: member) != nil))
      }
      #expect(set.score(of: member) == model[member], "seed \(seed) step \(step)")
      if step % 60 == 0 { compare(set, Self.sorted(model), "seed \(seed) step \(step)") }
    }
  }

  private static func sorted(_ model: [[UInt8]: Double]) -> [Pair] {
    model.map { ($0.key, $0.value) }.sorted {
      $0.1 == $1.1 ? $0.0.lexicographicallyPrecedes($1.0) : $0.1 < $1.1
    }
  }

  private func compare(_ set: SortedSetValue, _ model: [Pair], _ place: Comment) {
    #expect(set.violatedInvariants() == [], place)
    let all = set.members(in: 0..<set.count)
    #expect(all.map(\.member) == model.map(\.member), place)
    #expect(all.map(\.score) == model.map(\.score), place)
    for (rank, pair) in model.enumerated() where rank % 17 == 0 {
      #expect(set.rank(of: pair.member) == rank, place)
      let above = ScoreBound(pair.score, isExclusive: true)
      let range = set.ranks(from: ScoreBound(-2), to: above)
      let count = model.count { $0.score >= -2 && $0.score < pair.score }
      #expect(range.count == count, place)
      let reversed = set.members(in: rank..<min(rank + 9, set.count), reversed: true)
      let expected = model[rank..<min(rank + 9, model.count)].reversed().map(\.member)
      #expect(reversed.map(\.member) == expected, place)
    }
    #expect(set.rank(of: bytes("nobody")) == nil)
  }

  @Test func betweenMembers() {
    var set = SortedSetValue()
    for member in ["a", "b", "ba", "c", "d"] { set.set(bytes(member), 0) }
    func members(_ low: MemberBound, _ high: MemberBound) -> [String] {
      set.members(in: set.ranks(from: low, to: high)).map {
        String(decoding: $0.member, as: UTF8.self)
      }
    }
    let (b, c) = (bytes("b"), bytes("c"))
    #expect(members(.least, .greatest) == ["a", "b", "ba", "c", "d"])
    #expect(
      members(.member(b, isExclusive: false), .member(c, isExclusive: false)) == ["b", "ba", "c"])
    #expect(members(.member(b, isExclusive: true), .member(c, isExclusive: true)) == ["ba"])
    #expect(members(.member(c, isExclusive: true), .member(b, isExclusive: true)) == [])
    #expect(members(.greatest, .least) == [])
  }

  @Test func extremeScoresAndOneZero() {
    var set = SortedSetValue()
    for (member, score) in [
      ("inf", Double.infinity), ("min", -.infinity), ("zero", -0.0), ("one", 0.0),
      ("tiny", .leastNonzeroMagnitude), ("huge", .greatestFiniteMagnitude),
    ] { set.set(bytes(member), score) }
    let order = set.members(in: 0..<6).map { String(decoding: $0.member, as: UTF8.self) }
    #expect(order == ["min", "one", "zero", "tiny", "huge", "inf"])
    #expect(set.score(of: bytes("zero"))?.sign == .plus)
  }

  /// Ascending, descending and emptied again: the ways that fill and empty chunks worst.
  @Test(arguments: [1, -1])
  func growsAndShrinks(direction: Int) {
    var set = SortedSetValue()
    for index in 0..<5000 { set.set(bytes("m\(index)"), Double(index * direction)) }
    #expect(set.violatedInvariants() == [])
    #expect(!set.isPacked)
    for index in 0..<4990 {
      set.remove(bytes("m\(index)"))
      if index % 500 == 0 { #expect(set.violatedInvariants() == []) }
    }
    #expect(set.count == 10 && set.rank(of: bytes("m4990")) == (direction > 0 ? 0 : 9))
    set.remove(ranks: 0..<10)
    #expect(set.count == 0 && set.charge == 0)
    #expect(set.violatedInvariants() == [])
  }
}
