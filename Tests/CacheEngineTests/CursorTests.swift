import CacheEngine
import Testing

struct CursorTests {
  /// Keys present from the first step to the last come at least once, while others come and go so
  /// that the table grows to many times its size or shrinks to a fraction between the steps.
  @Test(arguments: [(100, 6000), (3000, -2900), (500, 0), (2000, 30_000)])
  func leavesNothingOut(start: Int, change: Int) {
    for seed in UInt64(1)...6 {
      var random = SeededGenerator(seed: seed)
      var keyspace = Keyspace(databases: 1)
      func put(_ key: String) {
        keyspace.set(bytes(key), to: .string([]), deadline: .remove, in: 0, at: 0)
      }
      let staying = (0..<100).map { "stay\($0)" }
      staying.forEach(put)
      var passing = (0..<start).map { "pass\($0)" }
      passing.forEach(put)
      var seen: Set<[UInt8]> = []
      var cursor: UInt64 = 0
      var left = change
      repeat {
        let step = keyspace.scan(in: 0, from: cursor, count: 7, at: 0)
        seen.formUnion(step.keys)
        cursor = step.next
        for _ in 0..<min(abs(left), 400) {
          if left > 0 {
            put("new\(left)")
            left -= 1
          } else if let key = passing.indices.randomElement(using: &random) {
            keyspace.remove(bytes(passing.swapRemove(at: key)), in: 0, at: 0)
            left += 1
          }
        }
      } while cursor != 0
      let missing = staying.filter { !seen.contains(bytes($0)) }
      #expect(missing == [], "seed \(seed), \(start) \(change)")
      #expect(keyspace.violatedInvariants() == [])
    }
  }

  @Test func leavesOutWhatHasExpired() {
    var keyspace = Keyspace(databases: 1)
    for index in 0..<200 {
      let deadline: Int64 = index % 2 == 0 ? 100 : 200
      keyspace.set(
        bytes("k\(index)"), to: .string([]), deadline: .set(deadline), in: 0, at: 0)
    }
    let (next, keys) = keyspace.scan(in: 0, from: 0, count: 1000, at: 100)
    #expect(next == 0)
    #expect(keys.count == 100)
    #expect(keyspace.count(in: 0) == 100)
    #expect(keyspace.statistics.expired == 100)
  }

  /// A cursor that was never given out must not trap or loop.
  @Test(arguments: [UInt64.max, 1 << 63, 12345, 3])
  func takesAnyCursor(cursor: UInt64) {
    var keyspace = Keyspace(databases: 1)
    for index in 0..<50 {
      keyspace.set(bytes("k\(index)"), to: .string([]), deadline: .remove, in: 0, at: 0)
    }
    var cursor = cursor
    var steps = 0
    repeat {
      cursor = keyspace.scan(in: 0, from: cursor, count: 1, at: 0).next
      steps += 1
    } while cursor != 0 && steps < 1000
    #expect(cursor == 0)
  }
}

extension Array {
  fileprivate mutating func swapRemove(at index: Int) -> Element {
    swapAt(index, count - 1)
    return removeLast()
  }
}
