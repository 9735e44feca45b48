import CacheEngine
import Testing

struct HashValueTests {
  @Test func keepsTheOrderOfInsertion() {
    var hash = HashValue()
    for index in 0..<100 { hash.set(bytes("f\(index)"), bytes("\(index)")) }
    var fields: [[UInt8]] = []
    hash.forEach { field, _ in fields.append(field) }
    #expect(fields == (0..<100).map { bytes("f\($0)") })
    let outcome1 = hash.set(bytes("f5"), [])
    #expect(outcome1 == false)
  }

  @Test func isPackedUntilItIsLarge() {
    var hash = HashValue()
    for index in 0..<HashValue.packedFields { hash.set(bytes("f\(index)"), []) }
    #expect(hash.isPacked)
    hash.set(bytes("one more"), [])
    #expect(!hash.isPacked)
    var long = HashValue()
    long.set(bytes("f"), Array(repeating: 0, count: HashValue.packedBytes + 1))
    #expect(!long.isPacked)
  }

  @Test func aLargeHashIsWalkedInSteps() {
    var hash = HashValue()
    for index in 0..<3000 { hash.set(bytes("f\(index)"), bytes("v")) }
    var seen: Set<[UInt8]> = []
    var cursor: UInt64 = 0
    var steps = 0
    repeat {
      cursor = hash.scan(from: cursor, count: 10) { field, _ in seen.insert(field) }
      steps += 1
      hash.set(bytes("more\(steps)"), [])
      _ = hash.remove(bytes("more\(steps - 3)"))
    } while cursor != 0
    #expect(steps > 100)
    #expect((0..<3000).allSatisfy { seen.contains(bytes("f\($0)")) })
  }
}
