/// Tokens by the way they are written.
extension SecretScan {
  /// How the tokens of one service are written.
  private struct Form {
    var prefix: [UInt8]
    /// Characters behind the prefix at least.
    var count: Int
    var noun: String

    init(_ prefix: String, _ count: Int, _ noun: String) {
      (self.prefix, self.count, self.noun) = (Array(prefix.utf8), count, noun)
    }
  }

  private static let forms: [UInt8: [Form]] = Dictionary(
    grouping: [
      Form("ghp_", 36, "GitHub token"), Form("gho_", 36, "GitHub token"),
      Form("ghu_", 36, "GitHub token"), Form("ghs_", 36, "GitHub token"),
      Form("ghr_", 36, "GitHub token"), Form("github_pat_", 22, "GitHub token"),
      Form("glpat-", 20, "GitLab token"),
      Form("xoxb-", 10, "Slack token"), Form("xoxa-", 10, "Slack token"),
      Form("xoxp-", 10, "Slack token"), Form("xoxr-", 10, "Slack token"),
      Form("xoxs-", 10, "Slack token"),
      Form("sk_live_", 10, "Stripe key"), Form("sk_test_", 10, "Stripe key"),
      Form("sk_prod_", 10, "Stripe key"), Form("rk_live_", 10, "Stripe key"),
      Form("rk_test_", 10, "Stripe key"), Form("rk_prod_", 10, "Stripe key"),
      Form("AIza", 35, "Google key"), Form("ya29.", 20, "Google token"),
      Form("npm_", 36, "npm token"), Form("pypi-AgE", 40, "PyPI token"),
      Form("sk-ant-", 20, "API key"), Form("sk-proj-", 20, "API key"), Form("sk-", 40, "API key"),
      Form("hf_", 30, "API key"), Form("AGE-SECRET-KEY-1", 58, "age key"),
      Form("SG.", 60, "SendGrid key"), Form("shpat_", 32, "Shopify token"),
      Form("shpss_", 32, "Shopify token"), Form("dop_v1_", 64, "DigitalOcean token"),
    ], by: { $0.prefix.first ?? 0 })

  /// Looks at each run of the characters of tokens, and within it at what follows a sign.
  mutating func findRuns() {
    var place = 0
    var awsKey: Int?
    while place < bytes.count {
      guard Self.isRun(bytes[place]) else {
        place += bytes[place] == UInt8(ascii: "\\") ? escapeLength(at: place) : 1
        continue
      }
      let start = place
      place = end(from: place, while: Self.isRun)
      if place - start < 5 { continue }
      if takeScheme(start..<place) { continue }
      takeTokens(in: start..<place, &awsKey)
    }
  }

  /// How many bytes a backslash and what it escapes take, where it is one of JSON's escapes.
  private func escapeLength(at place: Int) -> Int {
    switch byte(at: place + 1) {
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "\\"): 2
    case UInt8(ascii: "u"): 6
    default: 1
    }
  }

  private mutating func takeTokens(in run: Range<Int>, _ awsKey: inout Int?) {
    let forms = Self.forms
    var place = run.lowerBound
    while place < run.upperBound {
      let isBeginning = place == run.lowerBound || !Self.isAlphanumeric(bytes[place - 1])
      guard isBeginning, let end = takeToken(from: place, in: run, forms, &awsKey) else {
        place += 1
        continue
      }
      place = max(end, place + 1)
    }
  }

  /// The end of what begins at a place, when that is a token.
  private mutating func takeToken(
    from start: Int, in run: Range<Int>, _ forms: [UInt8: [Form]], _ awsKey: inout Int?
  ) -> Int? {
    let first = bytes[start]
    if first == UInt8(ascii: "e"), let end = takeJWT(from: start, in: run) { return end }
    if first == UInt8(ascii: "A"), let end = takeAWSKey(from: start, in: run) {
      awsKey = end
      return end
    }
    if let awsKey, start - awsKey < 200, let end = takeAWSSecret(from: start, in: run) {
      return end
    }
    if (0x41...0x5A).contains(first), let end = takeAccount(from: start, in: run) { return end }
    guard let forms = forms[first] else { return nil }
    for form in forms where bytes[start...].starts(with: form.prefix) {
      let body = start + form.prefix.count
      let isDotted = form.prefix.last == UInt8(ascii: ".")
      let end = end(from: body) { Self.isWord($0) || isDotted && $0 == UInt8(ascii: ".") }
      let isCutOff = !isEnd && end == bytes.count
      guard end - body >= (isCutOff ? 4 : form.count),
        isCutOff || Randomness.entropy(bytes[body..<min(end, body + 200)]) >= 2.5
      else { continue }
      add(start..<end, .token(form.noun))
      return end
    }
    return nil
  }

  // MARK: JWT

  private static let longestHeader = 4096

  /// `header.payload.signature` in base64url, whose header is JSON that names an algorithm.
  private mutating func takeJWT(from start: Int, in run: Range<Int>) -> Int? {
    let begins = ["eyJ", "ewogIC", "ewoid"].contains { bytes[start...].starts(with: $0.utf8) }
    guard begins else { return nil }
    let headerEnd = end(from: start, atMost: Self.longestHeader, while: Self.isWord)
    guard headerEnd - start >= 12 else { return nil }
    if headerEnd == bytes.count, !isEnd {
      add(start..<headerEnd, .part)
      return headerEnd
    }
    guard byte(at: headerEnd) == UInt8(ascii: "."),
      let header = json(start..<headerEnd), let algorithm = header.member("alg")
    else { return nil }
    let end = end(from: headerEnd) { Self.isWord($0) || $0 == UInt8(ascii: ".") }
    let payloadEnd = self.end(from: headerEnd + 1, while: Self.isWord)
    let isUnsigned = header.text(algorithm)?.lowercased() == "none"
    let expires = json(headerEnd + 1..<min(payloadEnd, headerEnd + (64 << 10))).flatMap(Self.expiry)
    add(start..<end, .jwt(expires: expires, isUnsigned: isUnsigned))
    return end
  }

  private func json(_ range: Range<Int>) -> DecodedValue? {
    guard !range.isEmpty,
      let text = Base64.bytes(of: String(decoding: bytes[range], as: UTF8.self))
    else { return nil }
    return try? JSONTreeReader.read(text, within: DecodingBudget())
  }

  private static func expiry(_ payload: DecodedValue) -> Int64? {
    guard let node = payload.member("exp") else { return nil }
    return switch payload[node] {
    case .integer(let seconds): seconds
    case .double(let seconds) where seconds.magnitude < 1e12: Int64(seconds)
    default: nil
    }
  }

  // MARK: AWS

  private mutating func takeAWSKey(from start: Int, in run: Range<Int>) -> Int? {
    let names = ["AKIA", "ASIA", "ABIA", "ACCA", "A3T"]
    guard names.contains(where: { bytes[start...].starts(with: $0.utf8) }) else { return nil }
    let end = end(from: start) { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }
    guard end - start == 20, !Self.isWord(byte(at: end)),
      Randomness.entropy(bytes[start..<end]) >= 3,
      !bytes[..<end].suffix(7).elementsEqual("EXAMPLE".utf8)
    else { return nil }
    add(start..<end, .token("AWS key"))
    return end
  }

  /// Forty characters of base64 shortly behind a key's id.
  private mutating func takeAWSSecret(from start: Int, in run: Range<Int>) -> Int? {
    let isBeginning = start == run.lowerBound
    guard isBeginning, run.count == 40, Randomness.entropy(bytes[run]) >= 4.25 else { return nil }
    add(run, .token("AWS secret"))
    return run.upperBound
  }

  // MARK: Accounts

  /// An IBAN: its number modulo 97 is 1 (ISO 13616).
  private mutating func takeAccount(from start: Int, in run: Range<Int>) -> Int? {
    let end = end(from: start, atMost: 35) {
      (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
    }
    guard (15...34).contains(end - start), !Self.isWord(byte(at: end)),
      (0x41...0x5A).contains(bytes[start + 1]), (0x30...0x39).contains(bytes[start + 2]),
      (0x30...0x39).contains(bytes[start + 3])
    else { return nil }
    var remainder = 0
    for byte in bytes[start + 4..<end] + bytes[start..<start + 4] {
      let value = byte < 0x40 ? Int(byte) - 0x30 : Int(byte) - 0x41 + 10
      remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
    }
    guard remainder == 1 else { return nil }
    add(start..<end, .account)
    return end
  }

  // MARK: Logins in headers

  /// `Bearer …` and `Basic …`; answers whether the run was such a word with a secret behind it.
  private mutating func takeScheme(_ run: Range<Int>) -> Bool {
    let isBearer = run.count == 6 && hasWord("bearer", at: run.lowerBound)
    let isBasic = run.count == 5 && hasWord("basic", at: run.lowerBound)
    guard isBearer || isBasic, byte(at: run.upperBound) == 0x20 else { return false }
    let start = end(from: run.upperBound, atMost: 3) { $0 == 0x20 }
    let stop = end(from: start) {
      Self.isRun($0) || $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "=")
    }
    let token = bytes[start..<stop]
    guard token.count >= 8 else { return false }
    if isBasic {
      guard token.count < 4096,
        let login = Base64.bytes(of: String(decoding: token, as: UTF8.self)),
        login.contains(UInt8(ascii: ":")), login.allSatisfy({ $0 >= 0x20 })
      else { return false }
    } else {
      let isHeader = (max(0, run.lowerBound - 24)..<run.lowerBound).contains {
        hasWord("authorization", at: $0)
      }
      let hasDigit = token.contains { (0x30...0x39).contains($0) }
      guard isHeader || hasDigit, Randomness.entropy(token.prefix(200)) >= 2.75 else {
        return false
      }
    }
    add(start..<stop, isBasic ? .login : .token("bearer token"))
    return false
  }
}
