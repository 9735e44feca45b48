/// What the name of a key or of a field says of its value, and what is secret in a name itself.
extension SecretScan {
  /// Takes all of a value that is a password or a token by what it is called.
  mutating func takeWhole(under name: [UInt8]) -> Bool {
    let segments = Self.segments(of: name)
    guard let last = segments.last else { return false }
    let value = bytes[...]
    if let meaning = SecretNames.meaning(of: name[last]), value.count <= 64 << 10,
      let kind = Self.kind(of: value, meaning, isQuoted: true), isBare(value)
    {
      add(bytes.indices, kind)
      return true
    }
    guard value.count <= 4096, value.allSatisfy(Self.isRun), Randomness.isLikely(value),
      segments.contains(where: { SecretNames.announcesSecret(name[$0]) })
    else { return false }
    add(bytes.indices, .sessionID)
    return true
  }

  /// Whether a value is itself, and no structure or text that tells of something.
  private func isBare(_ value: ArraySlice<UInt8>) -> Bool {
    guard let first = value.first, !"{[\"(".utf8.contains(first) else { return false }
    return value.count(where: { $0 == 0x20 || $0 == 0x0A }) <= 8
      && value.allSatisfy { $0 >= 0x20 || $0 == 0x0A }
  }

  private static let glued = [
    "django.contrib.sessions.cache", "django.contrib.sessions.cached_db",
  ].map { Array($0.utf8) }

  /// Random parts of a name behind one that announces them: `session:…`, `password_reset:…`.
  mutating func findSessionsInName() {
    var isAnnounced = false
    for segment in Self.segments(of: bytes) {
      let part = bytes[segment]
      if let before = Self.glued.first(where: { part.starts(with: $0) }) {
        let id = part.dropFirst(before.count)
        if Randomness.isLikely(id) { add(id.indices, .sessionID) }
      } else if isAnnounced, Randomness.isLikely(part), part.allSatisfy(Self.isRun) {
        add(segment, .sessionID)
      } else if part.starts(with: "starsessions.".utf8), Randomness.isLikely(part.dropFirst(13)) {
        add(segment.lowerBound + 13..<segment.upperBound, .sessionID)
      }
      isAnnounced = isAnnounced || SecretNames.announcesSecret(part)
    }
  }

  /// The parts of a name between colons, slashes and bars.
  private static func segments(of name: [UInt8]) -> [Range<Int>] {
    name.split(omittingEmptySubsequences: true) {
      $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "|")
    }.prefix(32).map(\.indices)
  }
}
