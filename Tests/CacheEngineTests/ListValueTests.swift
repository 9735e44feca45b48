import CacheEngine
import TestSupport
import Testing

struct ListValueTests {
  /// Random changes of every kind, compared with an array after each. Elements are integers of all
  /// widths and strings of all lengths, so that nodes of packed elements are cut and emptied.
  @Test(arguments: LongRun.seeds(1...5))
  func agreesWithAnArray(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var list = ListValue()
    var model: [[UInt8]] = []
    for step in 0..<2500 {
      act(Int.random(in: 0..<12, using: &random), &list, &model, &random)
      #expect(list.count == model.count, "seed \(seed) step \(step)")
      if let place = model.indices.randomElement(using: &random) {
        #expect(list[place] == model[place], "seed \(seed) step \(step)")
      }
      guard step % 50 == 0 else { continue }
      #expect(elements(list, 0..<list.count) == model, "seed \(seed) step \(step)")
      #expect(list.violatedInvariants() == [], "seed \(seed) step \(step)")
    }
  }

  private func act(
    _ choice: Int, _ list: inout ListValue, _ model: inout [[UInt8]],
    _ random: inout SeededGenerator
  ) {
    let element = anyElement(&random)
    let known = model.randomElement(using: &random) ?? element
    switch choice {
    case 0, 1, 2:
      list.append(element)
      model.append(element)
    case 3, 4, 5:
      list.prepend(element)
      model.insert(element, at: 0)
    case 6:
      let popped = list.popFirst()
      #expect(popped == (model.isEmpty ? nil : model.removeFirst()))
    case 7:
      let popped = list.popLast()
      #expect(popped == model.popLast())
    case 8:
      guard let place = model.indices.randomElement(using: &random) else { return }
      list.replace(at: place, with: element)
      model[place] = element
    case 9:
      let before = Bool.random(using: &random)
      let isFound = list.insert(element, before: before, pivot: known)
      #expect(isFound == model.contains(known))
      if let place = model.firstIndex(of: known) {
        model.insert(element, at: before ? place : place + 1)
      }
    case 10:
      let (limit, fromEnd) = (Int.random(in: 1...3, using: &random), Bool.random(using: &random))
      let removed = list.remove(known, limit: limit, fromEnd: fromEnd)
      let places = model.indices.filter { model[$0] == known }
      let gone = fromEnd ? places.suffix(limit) : places.prefix(limit)
      #expect(removed == gone.count)
      for place in gone.reversed() { model.remove(at: place) }
    default: keepMost(&list, &model, &random)
    }
  }

  private func keepMost(
    _ list: inout ListValue, _ model: inout [[UInt8]], _ random: inout SeededGenerator
  ) {
    guard model.count > 1 else { return }
    let first = Int.random(in: 0...min(40, model.count / 4), using: &random)
    let last = Int.random(in: (model.count * 3 / 4)...model.count, using: &random)
    list.keep(first..<last)
    model = Array(model[first..<last])
  }

  private func anyElement(_ random: inout SeededGenerator) -> [UInt8] {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return bytes(String(Int64.random(in: -200...200, using: &random)))
    case 1:
      let width = Int64.random(in: 0...62, using: &random)
      return bytes(String(Int64.random(in: -(1 << width)...(1 << width), using: &random)))
    case 2:
      return bytes(
        ["-0", "007", "", "+5", "9223372036854775808"].randomElement(using: &random) ?? "")
    case 3: return Array(repeating: 7, count: Int.random(in: 0...9000, using: &random))
    case 4: return Array(repeating: 8, count: Int.random(in: 60...70, using: &random))
    default: return bytes("element \(Int.random(in: 0...30, using: &random))")
    }
  }

  private func elements(_ list: ListValue, _ range: Range<Int>) -> [[UInt8]] {
    var found: [[UInt8]] = []
    list.forEach(in: range) { found.append($0) }
    return found
  }

  @Test func rangesAndPlaces() {
    var list = ListValue()
    for index in 0..<5000 { list.append(bytes("\(index % 100)")) }
    #expect(elements(list, 4990..<4993) == ["90", "91", "92"].map(bytes))
    func places(_ skipped: Int, _ limit: Int, _ compared: Int, _ fromEnd: Bool) -> [Int] {
      list.places(
        of: bytes("7"), skipped: skipped, limit: limit, compared: compared, fromEnd: fromEnd)
    }
    #expect(places(0, 3, .max, false) == [7, 107, 207])
    #expect(places(1, 2, .max, true) == [4807, 4707])
    #expect(places(0, .max, 200, false) == [7, 107])
    #expect(places(0, .max, 92, true) == [])
    #expect(places(0, .max, 93, true) == [4907])
  }

  /// A queue that is filled at one end and emptied at the other keeps nothing of what has left.
  @Test func aQueueStaysSmall() {
    var list = ListValue()
    var largest = 0
    for index in 0..<200_000 {
      list.prepend(bytes("message \(index)"))
      if list.count > 100 {
        let popped = list.popLast()
        #expect(popped == bytes("message \(index - 100)"))
      }
      largest = max(largest, list.charge)
    }
    #expect(largest < 20_000)
    #expect(list.violatedInvariants() == [])
  }
}
