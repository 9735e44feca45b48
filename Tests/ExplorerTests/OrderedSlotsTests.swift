import Explorer
import Testing

@Suite struct OrderedSlotsTests {
  /// Names that are the numbers themselves, so that ties go by number.
  private struct Names: SlotNames {
    func nameBytes(_ number: UInt32) -> ArraySlice<UInt8> { [] }
    func namePrecedes(_ left: UInt32, _ right: UInt32) -> Bool { left < right }
  }

  private struct Entry: Hashable, Comparable {
    var key: UInt64
    var number: UInt32

    static func < (left: Entry, right: Entry) -> Bool {
      (left.key, left.number) < (right.key, right.number)
    }
  }

  @Test(arguments: [4, 50, UInt64.max])
  func agreesWithASortedArrayOverRandomSteps(keys: UInt64) {
    let seed = UInt64.random(in: 0...(.max))
    var random = SplitMix(seed: seed)
    var set = OrderedSlots()
    var model: [UInt32: UInt64] = [:]
    for step in 0..<6000 {
      // Grows, then shrinks, so that chunks are split and merged.
      let number = UInt32(random.next() % 2500)
      let isRemoving = random.next() % 100 < (step < 3500 ? 15 : 75)
      if isRemoving, let key = model[number] {
        let wasRemoved = set.remove(number, key, Names())
        #expect(wasRemoved, "seed \(seed) step \(step)")
        model[number] = nil
      } else if model[number] == nil {
        let key = random.next() % keys
        let isNew = set.insert(number, key, Names())
        #expect(isNew, "seed \(seed) step \(step)")
        model[number] = key
      } else if let key = model[number] {
        let isNew = set.insert(number, key, Names())
        #expect(!isNew, "seed \(seed) step \(step)")
      }
      guard step % 500 == 499 else { continue }
      check(set, model, "seed \(seed) step \(step)")
    }
  }

  private func check(_ set: OrderedSlots, _ model: [UInt32: UInt64], _ where: String) {
    let sorted = model.map { Entry(key: $0.value, number: $0.key) }.sorted()
    #expect(set.count == sorted.count, "\(`where`)")
    #expect(set.holdsInvariants(Names()), "\(`where`)")
    #expect(set.numbers(from: 0, count: .max) == sorted.map(\.number), "\(`where`)")
    for (rank, entry) in sorted.enumerated() where rank % 37 == 0 {
      #expect(set.rank(of: entry.number, entry.key, Names()) == rank, "\(`where`)")
      #expect(set.numbers(from: rank, count: 1) == [entry.number], "\(`where`)")
    }
  }

  @Test func whatIsNotHereIsNotRemoved() {
    var set = OrderedSlots()
    set.insert(1, 10, Names())
    let wasRemoved = set.remove(2, 10, Names())
    #expect(!wasRemoved)
    #expect(set.rank(of: 1, 11, Names()) == nil)
    #expect(set.numbers(from: 1, count: 5).isEmpty)
    #expect(set.numbers(from: -3, count: 5) == [1])
  }

  @Test func whatComesInOrderFillsItsChunks() {
    var set = OrderedSlots(breaksTiesDescending: true)
    for number in (0..<2000 as Range<UInt32>).reversed() { set.insert(number, 7, Names()) }
    #expect(set.numbers(from: 0, count: 3) == [1999, 1998, 1997])
    #expect(set.holdsInvariants(Names()))
  }
}
