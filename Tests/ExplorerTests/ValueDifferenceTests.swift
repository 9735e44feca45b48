import CacheModel
import Explorer
import Testing

/// What two values differ in, in the words that a person reads.
@Suite struct ValueDifferenceTests {
  private func page(_ content: ValueContent, _ kind: ValueKind, total: Int? = nil) -> ValuePage {
    ValuePage(
      key: CacheKey("k"), kind: kind, lifetime: .unlimited, content: content,
      totalLength: Int64(total ?? content.count))
  }

  private func text(_ value: String, total: Int? = nil) -> ValuePage {
    page(.string(Array(value.utf8)), .string, total: total)
  }

  private func differences(_ old: String, _ new: String) -> [String] {
    ValueDifference(from: text(old), to: text(new)).items.map(\.text)
  }

  // MARK: Strings

  @Test func jsonIsComparedByPath() {
    let old = #"{"user":{"cart":[{"price":8},{"price":9},{"price":10}],"name":"Ann"},"old":[]}"#
    let new = #"{"user":{"name":"Ann","cart":[{"price":8},{"price":9},{"price":12}],"vip":true}}"#
    #expect(
      differences(old, new) == [
        "user.cart[2].price: 10 → 12", "added user.vip: true", "removed old: []",
      ])
  }

  @Test func namesThatAreNoWordsAreQuotedInAPath() {
    #expect(differences(#"{"a b":{"":1}}"#, #"{"a b":{"":2}}"#) == [#"["a b"][""]: 1 → 2"#])
    #expect(differences(#"[1,{"x":1}]"#, #"[1,{"x":"1"}]"#) == [#"[1].x: 1 → "1""#])
  }

  @Test func whatIsOnlyWrittenOtherwiseIsNoDifference() {
    let difference = ValueDifference(
      from: text(#"{"a":1,"b":[2]}"#), to: text("{ \"b\": [2],\n \"a\": 1 }"))
    #expect(difference.items.isEmpty)
    #expect(difference.summary == "written otherwise, the same values")
  }

  @Test func ofAPartThatWasReadNothingIsCalledAddedOrRemoved() {
    let cut = text(#"{"a":1,"b":22"#, total: 900)
    let whole = text(#"{"a":2,"b":3,"c":4}"#)
    #expect(ValueDifference(from: cut, to: whole).items.map(\.text) == ["a: 1 → 2"])
    #expect(ValueDifference(from: whole, to: cut).items.map(\.text) == ["a: 2 → 1"])
    let longer = text(#"{"a":1,"b":22"#, total: 901)
    #expect(ValueDifference(from: cut, to: longer).summary == "different beyond what was read")
  }

  @Test func numbersTellTheStep() {
    #expect(differences("41", "42") == ["41 → 42 (+1)"])
    #expect(differences("42", "-1") == ["42 → -1 (-43)"])
    let least = "-9223372036854775808"
    #expect(differences(least, "9223372036854775807") == ["\(least) → 9223372036854775807"])
  }

  @Test func textIsComparedByLine() {
    #expect(
      differences("one\ntwo\nthree\nfour", "one\nthree\nfour\nfive") == [
        "removed line 2: two", "added line 4: five",
      ])
    #expect(differences("a\nb\nc", "a\nB\nc") == ["line 2: b → B"])
  }

  @Test func ofALongLineTheMiddleIsShown() {
    let (head, tail) = (String(repeating: "h", count: 200), String(repeating: "t", count: 200))
    #expect(
      differences(head + "old" + tail, head + "new!" + tail) == [
        "…hhhhhhhhhhhholdtttttttttttt… → …hhhhhhhhhhhhnew!tttttttttttt…"
      ])
    // The first bytes of the two characters are the same; neither is torn apart.
    #expect(differences("price é!", "price è!") == ["price é! → price è!"])
  }

  @Test func bytesAreShownFromTheFirstThatDiffers() {
    let (old, new): ([UInt8], [UInt8]) = ([0, 1, 2, 255], [0, 1, 3])
    let difference = ValueDifference(
      from: page(.string(old), .string), to: page(.string(new), .string))
    #expect(difference.items.map(\.text) == ["from byte 2 on: 02 ff → 03"])
    #expect(differences("plain", "{\"a\":1}") == [#"plain → {"a":1}"#])
  }

  // MARK: Collections

  private func hash(_ fields: [(String, String)], total: Int? = nil) -> ValuePage {
    page(
      .hash(fields.map { HashField(field: Array($0.0.utf8), value: Array($0.1.utf8)) }), .hash,
      total: total)
  }

  @Test func fieldsByName() {
    let difference = ValueDifference(
      from: hash([("city", "Paris"), ("n", "1"), ("gone", "x"), ("j", #"{"a":1}"#)]),
      to: hash([("n", "2"), ("city", "Rome"), ("new", "y"), ("j", #"{"a":2}"#)]))
    #expect(
      difference.items.map(\.text) == [
        "n: 1 → 2 (+1)", "city: Paris → Rome", "added new: y", "j a: 1 → 2", "removed gone: x",
      ])
    let part = ValueDifference(from: hash([("a", "1")], total: 9), to: hash([("b", "1")], total: 9))
    #expect(part.isEmpty)
    // A hash has no order.
    let fields = [("a", "1"), ("b", "2")]
    #expect(ValueDifference(from: hash(fields), to: hash(fields.reversed())).isEmpty)
  }

  @Test func membersAndScores() {
    func bytes(_ names: String...) -> [[UInt8]] { names.map { Array($0.utf8) } }
    let set = ValueDifference(
      from: page(.set(bytes("a", "b")), .set), to: page(.set(bytes("c", "b")), .set))
    #expect(set.items.map(\.text) == ["added c", "removed a"])
    func zset(_ score: Double, _ name: String) -> ScoredMember {
      ScoredMember(member: Array(name.utf8), score: score)
    }
    let scores = ValueDifference(
      from: page(.sortedSet([zset(1, "ann"), zset(2, "bob")]), .sortedSet),
      to: page(.sortedSet([zset(1.5, "ann"), zset(3, "cy")]), .sortedSet))
    #expect(scores.items.map(\.text) == ["ann: 1 → 1.5", "added cy: 3", "removed bob: 2"])
  }

  private func list(_ elements: [String], total: Int? = nil) -> ValuePage {
    page(.list(from: 0, elements.map { Array($0.utf8) }), .list, total: total)
  }

  @Test func elementsByPosition() {
    let pushed = ValueDifference(from: list(["a", "b", "c"]), to: list(["z", "a", "b", "C"]))
    #expect(pushed.items.map(\.text) == ["added [0]: z", "[3]: c → C"])
    // Of the first three of many, a push moves the last one out of what was read.
    let window = ValueDifference(
      from: list(["a", "b", "c"], total: 90), to: list(["z", "a", "b"], total: 91))
    #expect(window.items.map(\.text) == ["added [0]: z"])
  }

  @Test func manyDifferencesAreCounted() {
    let old = hash((0..<80).map { ("f\($0)", "1") })
    let new = hash((0..<80).map { ("f\($0)", "2") })
    let difference = ValueDifference(from: old, to: new)
    #expect(difference.items.count == 50 && difference.further == 30)
    #expect(difference.summary.hasSuffix("· and 77 more"))
  }

  /// Whatever the bytes: no trap, bounded, and two different values never look the same.
  @Test func anyBytes() {
    var random = SystemRandomNumberGenerator()
    let alphabet = Array(#"{}[]",:ab1é\#u{0}\ne-"#.utf8) + [0xFF, 0xC3]
    for _ in 0..<3000 {
      func value() -> [UInt8] {
        (0..<Int.random(in: 0...30, using: &random)).map { _ in alphabet.randomElement() ?? 0 }
      }
      let (old, new) = (value(), value())
      let difference = ValueDifference(
        from: page(.string(old), .string), to: page(.string(new), .string))
      #expect(difference.isEmpty == (old == new), "\(old) \(new)")
      let cut = ValueDifference(
        from: page(.string(old), .string, total: 99), to: page(.string(new), .string, total: 100))
      #expect(cut.summary.count < 1000)
    }
  }
}
