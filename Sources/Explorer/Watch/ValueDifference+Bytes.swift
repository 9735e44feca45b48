import ValueDecoding

/// Bytes compared by what they mean.
extension ValueDifference {
  mutating func compare(_ old: [UInt8], _ new: [UInt8], at place: String, _ reach: Reach) {
    guard old != new else { return }
    let before = ValueForm.of(old, isComplete: reach.isOldWhole)
    let after = ValueForm.of(new, isComplete: reach.isNewWhole)
    switch (before, after) {
    case (.json, .json): compareJSON(old, new, at: place, reach)
    case (.integer, .integer): compareNumbers(old, new, at: place)
    case (.text, .text): compareLines(old, new, at: place, reach)
    case (.binary, .binary): compareBinary(old, new, at: place)
    default: add(place, text(old, at: place), text(new, at: place))
    }
  }

  private mutating func compareNumbers(_ old: [UInt8], _ new: [UInt8], at place: String) {
    var after = text(new, at: place)
    if let past = Int64(text(old, at: place)), let number = Int64(after) {
      let (step, overflow) = number.subtractingReportingOverflow(past)
      if !overflow { after += step > 0 ? " (+\(step))" : " (\(step))" }
    }
    add(place, text(old, at: place), after)
  }

  // MARK: Text

  private mutating func compareLines(
    _ old: [UInt8], _ new: [UInt8], at place: String, _ reach: Reach
  ) {
    let before = Self.lines(old, isWhole: reach.isOldWhole)
    let after = Self.lines(new, isWhole: reach.isNewWhole)
    let isOneLine = before.count == 1 && after.count == 1
    func name(_ line: Int) -> String {
      let number = isOneLine ? "" : "line \(line + 1)"
      return [place, number].filter { !$0.isEmpty }.joined(separator: " ")
    }
    for change in OrderedChange.between(before, after, isWhole: reach.isWhole) {
      switch change {
      case .removed(let line): add(name(line), text(before[line], at: place), nil)
      case .added(let line): add(name(line), nil, text(after[line], at: place))
      case .changed(let past, let line):
        let middles = middles(before[past], after[line], at: place)
        add(name(line), middles.0, middles.1)
      }
    }
  }

  /// Of text that was read in part the last line may break off: it is left out when there are others.
  private static func lines(_ bytes: [UInt8], isWhole: Bool) -> [[UInt8]] {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    return isWhole || lines.count == 1 ? lines : lines.dropLast()
  }

  /// What differs within two lines, with a little of what is around it.
  private func middles(_ old: [UInt8], _ new: [UInt8], at place: String) -> (String, String) {
    if masksSecrets, [old, new].contains(where: { isSecret($0, at: place) }) {
      return (text(old, at: place), text(new, at: place))
    }
    let shorter = min(old.count, new.count)
    var head = zip(old, new).prefix { $0 == $1 }.count
    while head > 0, head < max(old.count, new.count), Self.isWithinCharacter(old, new, at: head) {
      head -= 1
    }
    var tail = zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.count
    tail = min(tail, shorter - head)
    while tail > 0, old[old.count - tail] & 0xC0 == 0x80 { tail -= 1 }
    let (start, end) = (max(0, head - 12), max(0, tail - 12))
    func part(_ bytes: [UInt8]) -> String {
      let slice = bytes[Self.wholeStart(bytes, start)..<Self.wholeStart(bytes, bytes.count - end)]
      return (start > 0 ? "…" : "") + text(slice) + (end > 0 ? "…" : "")
    }
    return (part(old), part(new))
  }

  /// Whether a part of the bytes alone would show what is masked in them.
  private func isSecret(_ bytes: [UInt8], at place: String) -> Bool {
    !SecretScan.secrets(in: bytes, named: place.isEmpty ? name : Array(place.utf8)).isEmpty
  }

  private static func isWithinCharacter(_ old: [UInt8], _ new: [UInt8], at place: Int) -> Bool {
    [old, new].contains { $0.indices.contains(place) && $0[place] & 0xC0 == 0x80 }
  }

  /// The place, or the beginning of the character that it lies in.
  private static func wholeStart(_ bytes: [UInt8], _ place: Int) -> Int {
    var place = place
    while place > 0, place < bytes.count, bytes[place] & 0xC0 == 0x80 { place -= 1 }
    return place
  }

  // MARK: Binary

  private mutating func compareBinary(_ old: [UInt8], _ new: [UInt8], at place: String) {
    let offset = zip(old, new).prefix { $0 == $1 }.count
    if masksSecrets, isSecret(old, at: place) || isSecret(new, at: place) {
      return add(place, SecretMask.dots, SecretMask.dots)
    }
    let name = [place, "from byte \(offset) on"].filter { !$0.isEmpty }.joined(separator: " ")
    add(name, Self.hexadecimal(old.dropFirst(offset)), Self.hexadecimal(new.dropFirst(offset)))
  }

  private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
    let shown = bytes.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return shown.isEmpty ? "nothing" : shown.joined(separator: " ") + (bytes.count > 8 ? " …" : "")
  }
}
