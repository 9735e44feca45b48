import CacheModel
import Explorer
import Testing

@Suite struct KeyOrderTests {
  @Test(arguments: SortField.allCases)
  func updatingInBatchesEqualsSortingAnew(field: SortField) {
    let seed = UInt64.random(in: 0...(.max))
    var generator = SplitMix(seed: seed)
    var index = KeyIndex()
    var order = KeyOrder()
    order.field = field
    order.isReversed = generator.next() % 2 == 0
    let filter = KeyFilter("1")
    order.apply(filter, in: index)
    for step in 0..<60 {
      var changed: Set<KeyIndex.Slot> = []
      for _ in 0..<40 {
        let slot = index.insert(CacheKey("key:\(generator.next() % 500)")).slot
        index[figures: slot].bytes = ByteCount(Int64(generator.next() % 50))
        index[figures: slot].expiry =
          generator.next() % 4 == 0
          ? .never : .at(Moment(milliseconds: Int64(generator.next() % 1000)))
        index.setKind(generator.next() % 2 == 0 ? .hash : .string, slot)
        changed.insert(slot)
      }
      if let gone = order.slots.randomElement(using: &generator) {
        order.remove([gone])
        index.remove(gone)
        changed.remove(gone)
      }
      order.update(changed, in: index, passing: filter)
      var fresh = KeyOrder()
      fresh.field = field
      fresh.isReversed = order.isReversed
      fresh.rebuild(from: index, passing: filter)
      #expect(order.slots == fresh.slots, "seed \(seed) step \(step)")
    }
    for (place, slot) in order.slots.enumerated() {
      #expect(order.position(of: slot, in: index) == place)
    }
  }

  @Test func whatExpiresFirstComesFirst() {
    var index = KeyIndex()
    var order = KeyOrder()
    order.field = .ttl
    let expiries: [(String, Expiry)] = [
      ("unknown", .unknown), ("never", .never), ("later", .at(Moment(milliseconds: 90))),
      ("soon", .at(Moment(milliseconds: 10))),
    ]
    for (name, expiry) in expiries {
      let slot = index.insert(CacheKey(name)).slot
      index[figures: slot].expiry = expiry
    }
    order.rebuild(from: index, passing: KeyFilter())
    #expect(order.slots.map { index.key($0).text } == ["soon", "later", "never", "unknown"])
  }

  @Test func theFilterIgnoresCaseUnlessItHasAnUpperCaseLetter() {
    let name = Array("App:User:7".utf8)[...]
    #expect(KeyFilter("user").matches(name))
    #expect(KeyFilter("User").matches(name))
    #expect(!KeyFilter("USER").matches(name))
    #expect(!KeyFilter("users").matches(name))
    #expect(KeyFilter(":7").range(in: name) == 8..<10)
    #expect(KeyFilter("").matches([]))
  }
}
