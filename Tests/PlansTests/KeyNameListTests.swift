import CacheModel
import Plans
import Testing

/// Names that are packed and come out as they went in.
@Suite struct KeyNameListTests {
  @Test func namesOfAllBytesComeBackInOrder() {
    let names = (0..<5000).map { number in
      CacheKey((0..<(number * 7 % 900)).map { UInt8(truncatingIfNeeded: $0 + number) })
    }
    var list = KeyNameList(bound: 64 << 20)
    var isAll = true
    for name in names { isAll = list.append(name) && isAll }
    #expect(isAll)
    #expect(list.count == names.count)
    var place = KeyNameList.Place()
    var read: [CacheKey] = []
    while let some = list.next(333, from: &place) { read += some }
    #expect(read == names)
    var again = KeyNameList.Place()
    let two = list.next(2, from: &again)
    #expect(two == Array(names.prefix(2)))
  }

  @Test func takesNothingBeyondItsBound() {
    var list = KeyNameList(bound: 30)
    let taken = ["0123456789", "abcdefghij", "k"].map { list.append(CacheKey($0)) }
    #expect(taken == [true, true, false])
    #expect(list.count == 2)
    var large = KeyNameList(bound: 8 << 20)
    let name = CacheKey(Array(repeating: 7, count: 3 << 20))
    let both = [name, CacheKey("k")].map { large.append($0) }
    #expect(both == [true, true])
    var place = KeyNameList.Place()
    let first = large.next(10, from: &place)
    let second = large.next(10, from: &place)
    #expect(first == [name, CacheKey("k")] && second == nil)
  }
}
