/// Names under which secrets stand, whatever the way they are written: `apiKey`, `API-KEY`, `api_key`.
enum SecretNames {
  enum Meaning {
    case password
    case token
    case session
    /// A header whose value is a scheme and a token.
    case authorization
    case card
  }

  private static let meanings: [String: Meaning] = {
    var table: [String: Meaning] = [:]
    for name in ["password", "passwd", "pwd", "passphrase", "passcode", "userpass", "dbpass"] {
      table[name] = .password
    }
    for name in [
      "token", "secret", "api_key", "apikey", "private_key", "privatekey", "access_key",
      "accesskey",
      "secret_key", "secretkey", "auth_key", "authkey", "encryption_key", "signing_key",
      "authtoken", "accesstoken", "refreshtoken", "csrfmiddlewaretoken", "csrftoken",
    ] {
      table[name] = .token
    }
    for name in [
      "session", "sess", "sid", "session_id", "sessionid", "session_key", "sessionkey",
      "phpsessid", "jsessionid", "sessid",
    ] {
      table[name] = .session
    }
    table["authorization"] = .authorization
    for name in ["card_number", "cardnumber", "credit_card", "creditcard", "cc_number", "pan"] {
      table[name] = .card
    }
    return table
  }()

  /// The names in which a token only says where to go on, or is a word of a language model.
  private static let harmless: Set<String> = [
    "next", "page", "prev", "previous", "continuation", "cursor", "sync", "cancel", "start",
    "stop", "end", "pad", "bos", "eos", "unk", "sep", "max", "num", "design",
  ]

  private static let lastLetters = Set("dteynsrDTEYNSR".utf8)

  /// What a value under a name is; nil for a name that says nothing. Bounded.
  static func meaning(of name: ArraySlice<UInt8>) -> Meaning? {
    guard let last = name.last, lastLetters.contains(last), name.count >= 3 else { return nil }
    return meaning(ofWords: words(name.suffix(80)))
  }

  /// The meaning of the last words of a name, the longest that have one.
  private static func meaning(ofWords words: [String]) -> Meaning? {
    for count in stride(from: min(3, words.count), through: 1, by: -1) {
      guard let meaning = meanings[words.suffix(count).joined(separator: "_")] else { continue }
      if case .token = meaning, words.dropLast(count).contains(where: harmless.contains) {
        return nil
      }
      return meaning
    }
    return nil
  }

  /// Whether a part of a key's name says that what follows it is random and secret.
  static func announcesSecret(_ segment: ArraySlice<UInt8>) -> Bool {
    var words = words(segment)
    guard let last = words.last, words.count <= 8 else { return false }
    if last.hasSuffix("s"), last != "sess", last.count > 4 {
      words[words.count - 1] = String(last.dropLast())
    }
    switch meaning(ofWords: words) {
    case .token, .session, .password: return true
    case .authorization, .card, nil: return words.last == "reset" || words == ["starsession"]
    }
  }

  /// In lower case, apart at `_`, `-`, `.`, blanks, and where a small letter stands before a large one.
  static func words(_ name: ArraySlice<UInt8>) -> [String] {
    var words: [[UInt8]] = [[]]
    var before: UInt8 = 0
    for byte in name.prefix(80) {
      let isUpper = (0x41...0x5A).contains(byte)
      guard SecretScan.isAlphanumeric(byte) else {
        words.append([])
        before = 0
        continue
      }
      if isUpper, (0x61...0x7A).contains(before) { words.append([]) }
      words[words.count - 1].append(isUpper ? byte | 0x20 : byte)
      before = byte
    }
    return words.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
  }
}
