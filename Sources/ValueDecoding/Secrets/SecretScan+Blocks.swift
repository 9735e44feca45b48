/// Private keys and card numbers.
extension SecretScan {
  private static let keyHead = Array("-----BEGIN ".utf8)
  private static let keyName = Array("PRIVATE KEY".utf8)

  /// What stands between `-----BEGIN … PRIVATE KEY-----` and `-----END`.
  mutating func findPrivateKeys() {
    var place = 0
    while let head = next(Self.keyHead, from: place) {
      place = head + Self.keyHead.count
      let lineEnd = end(from: place, atMost: 64) { $0 != UInt8(ascii: "-") }
      let isPrivate = contains(Self.keyName, in: place..<lineEnd)
      guard isPrivate else { continue }
      var start = end(from: lineEnd, atMost: 5) { $0 == UInt8(ascii: "-") }
      start = end(from: start, atMost: 8) { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 }
      // In a JSON string its lines end with `\n`.
      if byte(at: start) == UInt8(ascii: "\\") { start = min(start + 2, bytes.count) }
      var stop = next(Array("-----END".utf8), from: start) ?? bytes.count
      place = stop
      while stop > start, bytes[stop - 1] <= 0x20 { stop -= 1 }
      if stop > start + 1, bytes[stop - 1] == UInt8(ascii: "n"),
        bytes[stop - 2] == UInt8(ascii: "\\")
      {
        stop -= 2
      }
      if stop - start >= 64 || place == bytes.count && stop > start {
        add(start..<stop, .privateKey)
      }
    }
  }

  private func contains(_ text: [UInt8], in range: Range<Int>) -> Bool {
    next(text, from: range.lowerBound, to: range.upperBound) != nil
  }

  private func next(_ text: [UInt8], from start: Int, to end: Int? = nil) -> Int? {
    guard let first = text.first else { return nil }
    var place = start
    let last = (end ?? bytes.count) - text.count
    while place <= last {
      if bytes[place] == first, bytes[place...].starts(with: text) { return place }
      place += 1
    }
    return nil
  }

  // MARK: Cards

  /// Numbers in groups as they are printed on cards.
  mutating func findCards() {
    var place = 0
    while place < bytes.count {
      guard (0x33...0x36).contains(bytes[place]) else {
        place += 1
        continue
      }
      let start = place
      let groups = digitGroups(from: start)
      place = max(groups.end, start + 1)
      let isFree = start == 0 || !Self.isRun(bytes[start - 1])
      if isFree, groups.counts == [4, 4, 4, 4] || groups.counts == [4, 6, 5],
        Self.isCard(bytes[start..<groups.end])
      {
        add(start..<groups.end, .card)
      }
    }
  }

  /// How many digits there are between equal blanks or dashes.
  private func digitGroups(from start: Int) -> (counts: [Int], end: Int) {
    var counts: [Int] = []
    var place = start
    var separator: UInt8?
    while true {
      let stop = end(from: place, atMost: 20) { (0x30...0x39).contains($0) }
      counts.append(stop - place)
      let sign = byte(at: stop)
      let isSign = sign == 0x20 || sign == UInt8(ascii: "-")
      guard counts.count < 6, isSign, separator == nil || separator == sign,
        (0x30...0x39).contains(byte(at: stop + 1))
      else { return (counts, stop) }
      separator = sign
      place = stop + 1
    }
  }

  /// Thirteen to nineteen digits of one of the large issuers with Luhn's check digit, not all the same,
  /// and none of the numbers that are there to be tried with.
  static func isCard(_ text: ArraySlice<UInt8>) -> Bool {
    let digits = text.filter { (0x30...0x39).contains($0) }.map { Int($0) - 0x30 }
    guard (13...19).contains(digits.count), let first = digits.first, (3...6).contains(first),
      digits.contains(where: { $0 != first })
    else { return false }
    let tried = [[4, 1, 1, 1, 1, 1, 1, 1], [4, 2, 4, 2, 4, 2, 4, 2]]
    guard !tried.contains(where: { digits.starts(with: $0) }) else { return false }
    var sum = 0
    for (place, digit) in digits.reversed().enumerated() {
      let doubled = place % 2 == 1 ? digit * 2 : digit
      sum += doubled > 9 ? doubled - 9 : doubled
    }
    return sum % 10 == 0
  }
}
