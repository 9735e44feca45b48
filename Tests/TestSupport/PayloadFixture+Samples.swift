extension PayloadFixture {
  /// Every encoding that redis-server 7.0 reads, old ones included.
  package static let oldSamples: [PayloadFixture] =
    strings + lists + sets + sortedSets + hashes

  /// Those that came after it.
  package static let newSamples: [PayloadFixture] = [
    PayloadFixture(
      "set in a listpack", 11, "set", ["a", "7"],
      [20] + string(PackedFixture.listpack([PackedFixture.listpackEntry("a"), [7]])))
  ]

  private static let long = String(repeating: "long ", count: 60)
  private static let longer = String(repeating: "longer", count: 3000)

  private static let strings: [PayloadFixture] = [
    PayloadFixture("string", 6, "string", ["hello"], [0] + string("hello")),
    PayloadFixture("empty string", 6, "string", [""], [0, 0]),
    PayloadFixture("string of 14 bits' length", 6, "string", [long], [0] + string(long)),
    PayloadFixture("string of 32 bits' length", 6, "string", [longer], [0] + string(longer)),
    PayloadFixture("string of 8 bits", 6, "string", ["-123"], [0, 0xC0, 0x85]),
    PayloadFixture("string of 16 bits", 6, "string", ["-12345"], [0, 0xC1] + signed(-12_345, 2)),
    PayloadFixture("string of 32 bits", 6, "string", ["-100000"], [0, 0xC2] + signed(-100_000, 4)),
    // A literal "ab", then 18 bytes from two back.
    PayloadFixture(
      "compressed string", 6, "string", [String(repeating: "ab", count: 10)],
      [0, 0xC3, 6, 20, 0x01, 0x61, 0x62, 0xE0, 0x09, 0x01]),
  ]

  /// An entry in every encoding of a ziplist, and what they are.
  private static let ziplistEntries: [([UInt8], String)] =
    [
      (PackedFixture.ziplistEntry("short"), "short"), (PackedFixture.ziplistEntry(""), ""),
      (PackedFixture.ziplistEntry(long), long), (PackedFixture.ziplistEntry(longer), longer),
      ([0xF1], "0"), ([0xFD], "12"), ([0xFE, 0x80], "-128"),
      ([0xC0] + signed(-32_768, 2), "-32768"), ([0xF0] + signed(-8_388_608, 3), "-8388608"),
      ([0xD0] + signed(Int64(Int32.min), 4), "\(Int32.min)"),
      ([0xE0] + signed(Int64.min, 8), "\(Int64.min)"),
      ([0xE0] + signed(Int64.max, 8), "\(Int64.max)"),
    ]

  private static func ziplist(_ words: [String]) -> [UInt8] {
    string(PackedFixture.ziplist(words.map(PackedFixture.ziplistEntry)))
  }

  private static func listpack(_ words: [String]) -> [UInt8] {
    string(PackedFixture.listpack(words.map(PackedFixture.listpackEntry)))
  }

  private static let lists: [PayloadFixture] = [
    PayloadFixture(
      "list by element", 6, "list", ["a", "", "a"], [1, 3] + string("a") + string("") + string("a")),
    PayloadFixture(
      "list in a ziplist", 6, "list", ziplistEntries.map(\.1),
      [10] + string(PackedFixture.ziplist(ziplistEntries.map(\.0)))),
    PayloadFixture(
      "list of ziplists", 7, "list", ["a", "b", "12", "c"],
      [14, 2] + ziplist(["a", "b"]) + string(PackedFixture.ziplist([[0xFD], [1, 0x63]]))),
    PayloadFixture(
      "list of nodes", 10, "list", ["a", longer, "7", "-1", "30000", "-8000000", "b"],
      [18, 3, 2] + listpack(["a"]) + [1] + string(longer) + [2]
        + string(
          PackedFixture.listpack([
            [7], [0xDF, 0xFF], [0xF1] + signed(30_000, 2), [0xF2] + signed(-8_000_000, 3),
            PackedFixture.listpackEntry("b"),
          ]))),
    PayloadFixture(
      "list of large numbers in a listpack", 10, "list",
      ["\(Int64.min)", "\(Int32.max)", long, longer],
      [18, 1, 2]
        + string(
          PackedFixture.listpack([
            [0xF4] + signed(Int64.min, 8), [0xF3] + signed(Int64(Int32.max), 4),
            PackedFixture.listpackEntry(long),
          ]).withLargeElement(longer))),
  ]

  private static let sets: [PayloadFixture] = [
    PayloadFixture("set by member", 6, "set", ["a", "", "b"], [2, 3, 1, 0x61, 0, 1, 0x62]),
    PayloadFixture(
      "set of 16 bits", 6, "set", ["-32768", "0", "32767"],
      [11] + string(PackedFixture.integers([-32_768, 0, 32_767], width: 2))),
    PayloadFixture(
      "set of 32 bits", 6, "set", ["-70000", "1"],
      [11] + string(PackedFixture.integers([-70_000, 1], width: 4))),
    PayloadFixture(
      "set of 64 bits", 6, "set", ["\(Int64.min)", "\(Int64.max)"],
      [11] + string(PackedFixture.integers([.min, .max], width: 8))),
  ]

  private static let sortedSets: [PayloadFixture] = [
    PayloadFixture(
      "sorted set with scores as text", 6, "zset",
      ["n", "-inf", "a", "1.5", "b", "2e20", "i", "inf"],
      [3, 4] + string("a") + string("1.5") + string("i") + [254] + string("n") + [255] + string("b")
        + string("2e20")),
    PayloadFixture(
      "sorted set with scores in bytes", 8, "zset", ["n", "-inf", "a", "0.1"],
      [5, 2] + string("a") + little((0.1).bitPattern, 8) + string("n")
        + little((-Double.infinity).bitPattern, 8)),
    PayloadFixture(
      "sorted set in a ziplist", 6, "zset", ["a", "-1.5", "b", "12"],
      [12]
        + string(
          PackedFixture.ziplist([
            [1, 0x61], PackedFixture.ziplistEntry("-1.5"), [1, 0x62], [0xFD],
          ]))),
    PayloadFixture(
      "sorted set in a listpack", 10, "zset", ["a", "-1.5", "b", "12"],
      [17]
        + string(
          PackedFixture.listpack([
            PackedFixture.listpackEntry("a"), PackedFixture.listpackEntry("-1.5"),
            PackedFixture.listpackEntry("b"), [12],
          ]))),
  ]

  private static let hashes: [PayloadFixture] = [
    PayloadFixture(
      "hash by field", 6, "hash", ["f", "v", "", "w"],
      [4, 2] + string("f") + string("v") + string("") + string("w")),
    PayloadFixture(
      "hash in a ziplist", 6, "hash", ["f", "v", "n", "-128"],
      [13] + string(PackedFixture.ziplist([[1, 0x66], [1, 0x76], [1, 0x6E], [0xFE, 0x80]]))),
    PayloadFixture(
      "hash in a listpack", 10, "hash", ["f", "v", "n", "300"],
      [16]
        + string(
          PackedFixture.listpack([[0x81, 0x66], [0x81, 0x76], [0x81, 0x6E], [0xC1, 0x2C]]))),
    // The second value has three unused bytes behind it; the last length takes five bytes.
    PayloadFixture(
      "hash in a zipmap", 6, "hash", ["f", "v", "g", "", "h", long],
      [9]
        + string(
          [3, 1, 0x66, 1, 0, 0x76, 1, 0x67, 0, 3, 9, 9, 9, 1, 0x68]
            + [254] + little(UInt64(long.utf8.count), 4) + [0] + Array(long.utf8) + [0xFF])),
  ]
}

extension [UInt8] {
  /// A listpack with one more element, whose length takes four bytes.
  fileprivate func withLargeElement(_ text: String) -> [UInt8] {
    let element = [0xF0] + PayloadFixture.little(UInt64(text.utf8.count), 4) + Array(text.utf8)
    let size = element.count
    let back = [UInt8(size >> 14), UInt8(size >> 7 & 0x7F) | 0x80, UInt8(size & 0x7F) | 0x80]
    let body = self[6..<count - 1] + element + back
    let number = UInt64(self[4]) + 1
    return PayloadFixture.little(UInt64(body.count + 7), 4) + PayloadFixture.little(number, 2)
      + body + [0xFF]
  }
}
