/// Finds secrets in clear: tokens, passwords, private keys, session ids.
///
/// Three things make a secret: the way it is written (a JWT, a key of AWS, a token of GitHub), the name
/// before it (`"password": "…"`, `api_key=…`, a field of a PHP array), and the key that it is the value
/// of (`session:…`). What is only random is none: digests, UUIDs and images in base64 are as random.
/// Neither are e-mail addresses, telephone numbers and the like: they belong to somebody, but open
/// nothing. A card number counts where it is grouped as on a card or stands under such a name.
///
/// Everything is a walk over the bytes without going back, so that the time is linear whatever they
/// are; nothing is sent anywhere to be tried. JSON's escapes end a word, so that a token after `\n` in a
/// string is found. Forms and scores after gitleaks, trufflehog and presidio.
package struct SecretScan {
  let bytes: [UInt8]
  /// Whether the bytes begin, and end, where the value does.
  let isStart: Bool
  let isEnd: Bool
  var found: [FoundSecret] = []

  /// The secrets in a value, rising and apart. `name` is the key that it is the value of, or the field.
  package static func secrets(
    in bytes: [UInt8], named name: [UInt8]? = nil, isStart: Bool = true, isEnd: Bool = true
  ) -> [FoundSecret] {
    guard bytes.count >= 3 else { return [] }
    var scan = SecretScan(bytes: bytes, isStart: isStart, isEnd: isEnd)
    if let name, isStart, isEnd, scan.takeWhole(under: name) {
      // What it is may be told better by the way it is written.
      scan.findRuns()
      return scan.settled()
    }
    scan.findPrivateKeys()
    scan.findRuns()
    scan.findNamed()
    scan.findCards()
    if !isStart { scan.takeFirstRun() }
    return scan.settled()
  }

  /// Longer names are not looked into.
  package static let longestName = 4096

  /// The secrets in the name of a key: tokens, and what follows `session:` and the like.
  package static func secrets(inName name: [UInt8]) -> [FoundSecret] {
    guard name.count >= 16, name.count <= longestName else { return [] }
    var scan = SecretScan(bytes: name, isStart: true, isEnd: true)
    scan.findRuns()
    scan.findSessionsInName()
    return scan.settled()
  }

  /// In order, and what overlaps as one.
  private func settled() -> [FoundSecret] {
    guard found.count > 1 else { return found }
    var result: [FoundSecret] = []
    for secret in found.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      guard let last = result.last, secret.range.lowerBound < last.range.upperBound else {
        result.append(secret)
        continue
      }
      let whole = last.range.lowerBound..<max(last.range.upperBound, secret.range.upperBound)
      // A name says less than the way it is written.
      let isNamed = [.namedToken, .password, .sessionID, .part].contains(last.kind)
      result[result.count - 1] = FoundSecret(
        range: whole, kind: isNamed ? secret.kind : last.kind)
    }
    return result
  }

  mutating func add(_ range: Range<Int>, _ kind: SecretKind) {
    found.append(FoundSecret(range: range, kind: kind))
  }

  func byte(at place: Int) -> UInt8 {
    bytes.indices.contains(place) ? bytes[place] : 0
  }

  /// The end of a stretch of bytes that `belongs` accepts, and at most so many.
  func end(
    from start: Int, atMost limit: Int = .max, while belongs: (UInt8) -> Bool
  ) -> Int {
    var place = start
    let last = limit < bytes.count - start ? start + limit : bytes.count
    while place < last, belongs(bytes[place]) { place += 1 }
    return place
  }

  /// Whether a text stands at a place, in lower case whatever its case there.
  func hasWord(_ word: StaticString, at place: Int) -> Bool {
    guard place >= 0, place + word.utf8CodeUnitCount <= bytes.count else { return false }
    return word.withUTF8Buffer { letters in
      letters.indices.allSatisfy { bytes[place + $0] | 0x20 == letters[$0] | 0x20 }
    }
  }

  /// The rest of a token at the beginning of a page: what it began with is not here.
  private mutating func takeFirstRun() {
    let stop = end(from: 0, while: Self.isRun)
    if stop >= 16, Randomness.isLikely(bytes[..<min(stop, 4096)]) { add(0..<stop, .part) }
  }
}

extension SecretScan {
  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  /// Letters, digits, `_` and `-`.
  static func isWord(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  /// What tokens of any kind are written with.
  static func isRun(_ byte: UInt8) -> Bool {
    isWord(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: "/")
  }
}
