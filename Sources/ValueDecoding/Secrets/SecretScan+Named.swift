/// What stands under a name that says that it is secret: in JSON, in forms, queries and settings, in
/// what PHP serializes, in addresses with a password.
extension SecretScan {
  /// Bytes of one value that are looked at.
  private static let longestValue = 64 << 10
  private static let longestWord = 4096

  mutating func findNamed() {
    var place = 0
    while place < bytes.count {
      let sign = bytes[place]
      var next = place + 1
      if sign == UInt8(ascii: ":") || sign == UInt8(ascii: "=") || sign == UInt8(ascii: ";") {
        if sign == UInt8(ascii: ":"), byte(at: place + 1) == UInt8(ascii: "/"),
          let end = takeAddress(at: place)
        {
          next = end
        } else if let end = takeNamed(at: place) {
          next = max(end, next)
        }
      }
      place = next
    }
  }

  /// The end of the value behind a sign, when it is a secret.
  private mutating func takeNamed(at sign: Int) -> Int? {
    guard let name = name(before: sign), let meaning = SecretNames.meaning(of: bytes[name])
    else { return nil }
    if bytes[sign] == UInt8(ascii: ";") {
      return phpString(from: sign + 1).flatMap { take($0, meaning, isQuoted: true) }
    }
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    let start = end(from: sign + 1, atMost: 16, while: isBlank)
    switch byte(at: start) {
    case UInt8(ascii: "["): return takeList(from: start, meaning)
    case UInt8(ascii: "{"): return takeTagged(from: start, meaning)
    default: break
    }
    if let value = quoted(from: start) { return take(value, meaning, isQuoted: true) }
    return takeBare(from: start, after: sign, meaning)
  }

  /// The name before a sign, without the quotes and blanks between.
  private func name(before sign: Int) -> Range<Int>? {
    var end = sign
    let isPHP = bytes[sign] == UInt8(ascii: ";")
    if isPHP, byte(at: sign - 1) != UInt8(ascii: "\"") { return nil }
    while end > 0, sign - end < 4,
      [0x20, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\")].contains(bytes[end - 1])
    {
      end -= 1
    }
    var start = end
    while start > 0, end - start < 80,
      Self.isWord(bytes[start - 1]) || bytes[start - 1] == UInt8(ascii: ".")
    {
      start -= 1
    }
    return start < end ? start..<end : nil
  }

  // MARK: Values

  /// What stands between quotes, which may be escaped themselves; nil where there are none.
  private func quoted(from start: Int) -> Range<Int>? {
    var place = start
    if byte(at: place) == UInt8(ascii: "b") || byte(at: place) == UInt8(ascii: "u") { place += 1 }
    let slashes = end(from: place, atMost: 3) { $0 == UInt8(ascii: "\\") } - place
    let quote = byte(at: place + slashes)
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
    let first = place + slashes + 1
    place = first
    let last = min(bytes.count, first + Self.longestValue)
    while place < last, bytes[place] != quote {
      if slashes > 0, bytes[place] == UInt8(ascii: "\\"), byte(at: place + slashes) == quote {
        return first..<place
      }
      place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return first..<min(place, bytes.count)
  }

  /// `s:7:"hunter2"`
  private func phpString(from start: Int) -> Range<Int>? {
    guard byte(at: start) == UInt8(ascii: "s"), byte(at: start + 1) == UInt8(ascii: ":") else {
      return nil
    }
    let digits = end(from: start + 2, atMost: 9) { (0x30...0x39).contains($0) }
    guard digits > start + 2, byte(at: digits) == UInt8(ascii: ":"),
      byte(at: digits + 1) == UInt8(ascii: "\""),
      let count = Int(String(decoding: bytes[start + 2..<digits], as: UTF8.self))
    else { return nil }
    let first = digits + 2
    return first..<min(bytes.count, first + min(count, Self.longestValue))
  }

  /// `["a", "b"]`: each of its strings.
  private mutating func takeList(from start: Int, _ meaning: SecretNames.Meaning) -> Int? {
    var place = start + 1
    for _ in 0..<256 {
      place = end(from: place, atMost: 64) { $0 <= 0x20 || $0 == UInt8(ascii: ",") }
      guard let value = quoted(from: place) else { break }
      _ = take(value, meaning, isQuoted: true)
      place = min(value.upperBound + 1, bytes.count)
    }
    return place
  }

  /// `{"$bytes": "…"}`: one string under a tag.
  private mutating func takeTagged(from start: Int, _ meaning: SecretNames.Meaning) -> Int? {
    let tag = end(from: start + 1, atMost: 256) { $0 <= 0x20 }
    guard byte(at: tag) == UInt8(ascii: "\""), byte(at: tag + 1) == UInt8(ascii: "$"),
      let name = quoted(from: tag)
    else { return nil }
    let sign = end(from: name.upperBound + 1, atMost: 4) { $0 <= 0x20 }
    guard byte(at: sign) == UInt8(ascii: ":") else { return nil }
    let value = end(from: sign + 1, atMost: 16) { $0 <= 0x20 }
    return quoted(from: value).flatMap { take($0, meaning, isQuoted: true) }
  }

  /// A word without quotes. Behind a colon it has to be all that is left of its line: what goes on is
  /// a sentence.
  private mutating func takeBare(
    from start: Int, after sign: Int, _ meaning: SecretNames.Meaning
  ) -> Int? {
    let stops = Set(" \t\r\n,;&}])<>\"'|\\".utf8)
    var stop = end(from: start, atMost: Self.longestWord) { !stops.contains($0) }
    guard stop > start else { return nil }
    if case .authorization = meaning, byte(at: stop) == 0x20 {
      // The scheme first, then what is secret.
      let token = stop + 1
      stop = end(from: token, atMost: Self.longestWord) { !stops.contains($0) }
      return take(token..<stop, meaning, isQuoted: true)
    }
    let rest = byte(at: end(from: stop, atMost: 64) { $0 == 0x20 || $0 == 0x09 })
    let goesOn = bytes[sign] == UInt8(ascii: ":") && byte(at: stop) == 0x20 && rest > 0x20
    return goesOn ? nil : take(start..<stop, meaning, isQuoted: false)
  }

  /// Adds a value when it is none that stands for nothing; answers its end.
  private mutating func take(
    _ range: Range<Int>, _ meaning: SecretNames.Meaning, isQuoted: Bool
  ) -> Int? {
    guard let kind = Self.kind(of: bytes[range], meaning, isQuoted: isQuoted) else { return nil }
    if case .authorization = meaning, let blank = bytes[range].firstIndex(of: 0x20) {
      add(blank + 1..<range.upperBound, kind)
    } else {
      add(range, kind)
    }
    return range.upperBound
  }

  private static let placeholders: Set<String> = [
    "null", "none", "nil", "true", "false", "undefined", "placeholder", "redacted", "hidden",
    "masked", "required", "invalid", "empty", "unset", "todo", "example", "password", "secret",
    "token", "string", "bearer", "basic",
  ]

  /// What a value under such a name is; nil for what is no secret.
  static func kind(
    of value: ArraySlice<UInt8>, _ meaning: SecretNames.Meaning, isQuoted: Bool
  ) -> SecretKind? {
    guard let first = value.first, !isPlaceholder(value) else { return nil }
    let hasBlank = value.contains(0x20)
    switch meaning {
    case .password:
      if isHash(value) { return .passwordHash }
      let isNumber = value.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
      if !isQuoted, isNumber, value.count < 4 { return nil }
      // "This password is too short.": what a form says of it.
      if hasBlank, value.last == UInt8(ascii: ".") { return nil }
      return .password
    case .token, .authorization:
      if case .authorization = meaning { return value.count >= 8 ? .login : nil }
      let isNumber = value.allSatisfy { (0x30...0x39).contains($0) }
      return value.count >= 8 && !hasBlank && !isNumber ? .namedToken : nil
    case .session:
      return Randomness.isLikely(value.prefix(4096)) && !hasBlank && first < 0x80
        ? .sessionID : nil
    case .card: return isCard(value) && value.count < 32 ? .card : nil
    }
  }

  /// Nothing, stars, `{{ … }}`, `${…}`, `<…>`, a word that stands for a value.
  private static func isPlaceholder(_ value: ArraySlice<UInt8>) -> Bool {
    guard let first = value.first else { return true }
    if value.allSatisfy({ $0 == first }) { return true }
    for start in ["{{", "${", "%(", "<", "[REDACTED", "***"] where value.starts(with: start.utf8) {
      return true
    }
    guard value.count <= 16 else { return false }
    return placeholders.contains(String(decoding: value, as: UTF8.self).lowercased())
  }

  private static func isHash(_ value: ArraySlice<UInt8>) -> Bool {
    let starts = [
      "$2a$", "$2b$", "$2y$", "$argon2", "pbkdf2_", "bcrypt", "scrypt", "argon2", "$5$",
      "$6$", "$y$", "{SSHA}",
    ]
    return starts.contains { value.starts(with: $0.utf8) }
  }

  // MARK: Addresses

  /// `scheme://user:password@host`: the end of the address.
  private mutating func takeAddress(at colon: Int) -> Int? {
    guard byte(at: colon + 2) == UInt8(ascii: "/") else { return nil }
    let start = colon + 3
    let stops = Set("/?# \t\r\n\"'<>\\".utf8)
    let stop = end(from: start, atMost: 512) { !stops.contains($0) }
    guard let at = bytes[start..<stop].lastIndex(of: UInt8(ascii: "@")),
      let sign = bytes[start..<at].firstIndex(of: UInt8(ascii: ":")), sign + 1 < at,
      Self.kind(of: bytes[sign + 1..<at], .password, isQuoted: true) != nil
    else { return stop }
    add(sign + 1..<at, .password)
    return at
  }
}
