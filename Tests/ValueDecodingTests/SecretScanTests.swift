import Testing
import ValueDecoding

/// What counts as a secret and what does not, and what is shown in its place.
@Suite struct SecretScanTests {
  /// HS256, sub 7, exp 1700000000.
  static let jwt =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3IiwiZXhwIjoxNzAwMDAwMDAwfQ"
    + ".c2lnbmF0dXJlLXRoYXQtaXMtbm90LWNoZWNrZWQ"

  private func masked(_ text: String, named name: String? = nil) -> String {
    let bytes = SecretMask.masked(Array(text.utf8), named: name.map { Array($0.utf8) })
    return String(decoding: bytes, as: UTF8.self)
  }

  private func kinds(_ text: String, named name: String? = nil) -> [SecretKind] {
    SecretScan.secrets(in: Array(text.utf8), named: name.map { Array($0.utf8) }).map(\.kind)
  }

  @Test func aTokenOfTheWebTellsWhenItEnds() {
    #expect(kinds(Self.jwt) == [.jwt(expires: 1_700_000_000, isUnsigned: false)])
    #expect(masked("x \(Self.jwt) y") == "x ey••••••WQ y")
    // alg none
    #expect(
      kinds("eyJhbGciOiJub25lIn0.eyJzdWIiOiI3In0.") == [.jwt(expires: nil, isUnsigned: true)])
    // In JSON, behind an escape, in an address.
    // Also under a name that says less.
    for name in ["user:7:token", "session:9f86d081884c7d659a2feaa0c55ad015"] {
      let found = SecretScan.secrets(in: Array(Self.jwt.utf8), named: Array(name.utf8))
      #expect(found.map(\.kind) == [.jwt(expires: 1_700_000_000, isUnsigned: false)])
      #expect(found.map(\.range) == [0..<Self.jwt.utf8.count])
    }
    for text in ["{\"t\":\"\(Self.jwt)\"}", #"a\n\#(Self.jwt)"#, "http://h/?t=\(Self.jwt)&x=1"] {
      #expect(!masked(text).contains("c2lnbmF0dXJl"), "\(text)")
    }
  }

  /// The way in which services write their tokens.
  @Test(arguments: [
    ("AKIAZ7QK3M4P5R6S2T2X", "AWS key"),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "GitHub token"),
    ("github_pat_11ABCDEFG0abcdefghij_klmnop", "GitHub token"),
    ("glpat-Zx81bQ7h2kTmP4sW9uYv", "GitLab token"),
    ("xoxb-263594206564-FGqddMF8t08v8N7Oq4i57vs1", "Slack token"),
    ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "Stripe key"),
    ("AIzaSyDdI0hCZtE6vySjMm-WEfRq3CPzqKqqsHI", "Google key"),
    ("npm_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5", "npm token"),
    ("sk-proj-Abc123Def456Ghi789Jkl012", "API key"),
    ("AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSABC123", "age key"),
    ("hf_aBcDeFgHiJkLmNoPqRsTuVwXyZ01234567", "API key"),
  ])
  func tokensOfServices(_ token: String, _ noun: String) {
    for text in [token, "key=\(token)", "[\"\(token)\"]", "see \(token), please"] {
      #expect(kinds(text) == [.token(noun)], "\(text)")
      #expect(!masked(text).contains(token.dropFirst(3).dropLast(3)), "\(text)")
    }
    // Glued to a word it is none.
    #expect(kinds("a" + token).isEmpty)
  }

  @Test func aSecretOfAWSStandsBehindItsKey() {
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzKEY12345"
    #expect(kinds("AKIAZ7QK3M4P5R6S2T2X \(secret)").last == .token("AWS secret"))
    #expect(kinds(secret).isEmpty)
  }

  @Test(arguments: ["\n", #"\n"#])
  func aPrivateKeyIsMaskedAndItsFrameStays(_ end: String) {
    let body = (0..<3).map { "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8c\($0)" }
      .joined(separator: end)
    let text = "-----BEGIN RSA PRIVATE KEY-----\(end)\(body)\(end)-----END RSA PRIVATE KEY-----"
    #expect(kinds(text) == [.privateKey])
    let shown = masked(text)
    #expect(shown.hasPrefix("-----BEGIN RSA PRIVATE KEY-----"))
    #expect(shown.hasSuffix("-----END RSA PRIVATE KEY-----") && !shown.contains("VJTUt9"))
    // A public one is nobody's secret, and a cut one is still one.
    #expect(kinds(text.replacing("PRIVATE", with: "PUBLIC")).isEmpty)
    #expect(kinds(String(text.prefix(150))) == [.privateKey])
  }

  @Test(arguments: [
    #"{"password": "hunter2"}"#, #"{"password":"hunter2","x":1}"#, "{'db_password': 'hunter2'}",
    #"{"user":{"dbPassword":"hunter2"}}"#, "user=ann&password=hunter2&x=1", "PASSWORD=hunter2",
    "password: hunter2", #"{\"password\": \"hunter2\"}"#, #"a:1:{s:8:"password";s:7:"hunter2";}"#,
    "postgres://ann:hunter2@db/x", #"{"passwd": {"$bytes": "hunter2"}}"#, "x-passphrase = hunter2",
    "{\n  \"pwd\": [\n    \"hunter2\"\n  ]\n}",
  ])
  func passwordsByTheirNames(_ text: String) {
    #expect(masked(text) == text.replacing("hunter2", with: "••••••"))
    #expect(kinds(text) == [.password])
  }

  @Test(arguments: [
    #"{"api_key": "zq81bd77xk"}"#, #"{"accessToken":"zq81bd77xk"}"#, "X-Api-Key: zq81bd77xk",
    "?refresh_token=zq81bd77xk", #"{"client-secret":"zq81bd77xk"}"#,
    #"{"csrfmiddlewaretoken": "zq81bd77xk"}"#,
  ])
  func tokensByTheirNames(_ text: String) {
    #expect(kinds(text) == [.namedToken])
    #expect(!masked(text).contains("zq81bd77xk"))
  }

  @Test func loginsInHeaders() {
    #expect(kinds("Authorization: Bearer mF_9.B5f-4.1JqM") == [.token("bearer token")])
    #expect(kinds(#"{"h": "Bearer mF_9.B5f-4.1JqM"}"#) == [.token("bearer token")])
    #expect(kinds("Basic YW5uOmh1bnRlcjI=") == [.login])
    #expect(!masked("Authorization: Token 9944b09199c62bcf9418ad846dd0e4bb").contains("b09199c6"))
    #expect(masked("Authorization: Basic YW5uOmh1bnRlcjI=").hasPrefix("Authorization: Basic "))
  }

  @Test func hashesOfPasswordsAndCards() {
    #expect(kinds(#"{"password": "pbkdf2_sha256$600000$abc$def="}"#) == [.passwordHash])
    #expect(kinds("4539 1488 0343 6467") == [.card])
    #expect(kinds(#"{"card_number": "4539148803436467"}"#) == [.card])
    #expect(kinds("GB82WEST12345698765432") == [.account])
    // One digit is wrong; a number of an order; a number that everybody tries.
    for text in ["4539 1488 0343 6468", "4539148803436467", "4111 1111 1111 1111"] {
      #expect(kinds(text).isEmpty, "\(text)")
    }
  }

  @Test func sessionsByTheirNames() {
    let id = "3k9f0a7c2b8d4e6f1a5c9b7d3e2f8a60"
    #expect(kinds(#"{"sessionid": "\#(id)"}"#) == [.sessionID])
    #expect(kinds("Cookie: theme=dark; sessionid=\(id)") == [.sessionID])
    #expect(kinds(id, named: "auth:token:7") == [.sessionID])
    #expect(kinds(id, named: "page:7").isEmpty)
    #expect(kinds("hunter2", named: "user:7:password") == [.password])
    #expect(kinds("hunter2", named: "password") == [.password])
  }

  @Test func idsInTheNamesOfKeys() {
    func shown(_ name: String) -> String {
      String(decoding: SecretMask.maskedName(Array(name.utf8)), as: UTF8.self)
    }
    let id = "3k9f0a7c2b8d4e6f1a5c9b7d3e2f8a60"
    #expect(shown("session:\(id)") == "session:3k••••••60")
    #expect(shown("app:sessions:\(id):cart") == "app:sessions:3k••••••60:cart")
    #expect(
      shown(":1:django.contrib.sessions.cache\(id)") == ":1:django.contrib.sessions.cache3k••••••60"
    )
    #expect(
      shown("spring:session:sessions:33fdd1b6-b496-4b33-9f7d-df96679d32fe").hasSuffix("33••••••fe"))
    for name in [
      "app:session:12:000041", "session:user:ann", "page:\(id)", "session_statistics:2026-11-22",
      "views.decorators.cache.cache_page.x.GET.d41d8cd98f00b204e9800998ecf8427e.en-us",
      "celery-task-meta-3f2a9d1c-7e53-4b0a-9a1e-52c1d3f4b6a7", "session:statistics_summary_v2_2026",
    ] {
      #expect(shown(name) == name)
    }
  }

  /// Ordinary data stays as it is.
  @Test(arguments: [
    #"{"id":"550e8400-e29b-41d4-a716-446655440000","at":"2026-11-22T07:23:10.123456+00:00"}"#,
    #"{"etag":"d41d8cd98f00b204e9800998ecf8427e","order":4539148803436467}"#,
    "The password must be at least eight characters long. Password: see the wiki page.",
    #"{"password": "", "token": null, "secret": "***", "api_key": "${API_KEY}"}"#,
    #"{"password": ["This field is required."], "token_type": "bearer", "tokens_used": 512}"#,
    #"{"next_token": "abcdefgh12345678", "page_token": "abcdefgh12345678"}"#,
    #"{"password_changed_at": "2026-11-22", "has_password": true, "token": 12345678}"#,
    #"{"session": "spring", "sid": 7, "secret": "Bob likes Alice"}"#,
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
    "https://example.com:8080/a@b?x=1", "mailto:ann@example.com", "tel:+49 30 1234567",
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit; bearer certificates of the estate.",
    "sk-learn and ghp_short, AKIAIOSFODNN7EXAMPLE", "eyJ", "a:2:{i:0;i:1;i:1;i:2;}", "10.0.0.7",
    #"{"sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}"#,
  ])
  func ordinaryDataIsNoSecret(_ text: String) {
    #expect(kinds(text).isEmpty, "\(SecretScan.secrets(in: Array(text.utf8)))")
  }

  @Test func jsonStaysJSON() throws {
    let json = Array(
      #"{"password": 123456, "pwd": "a\"bcdefghijklmn", "n": [1], "token": "zq81bd77xk"}"#.utf8)
    let shown = SecretMask.maskedJSON(json)
    #expect(ValueForm.of(shown) == .json)
    let text = String(decoding: shown, as: UTF8.self)
    #expect(text == #"{"password": "••••••", "pwd": "••••••", "n": [1], "token": "••••••"}"#)
    let number = SecretMask.maskedJSON(Array("123456".utf8), named: Array("a:password".utf8))
    #expect(String(decoding: number, as: UTF8.self) == "\"••••••\"")
  }

  /// The lines of a value: what is secret in them, over several lines too, and nothing else.
  @Test func linesAreMaskedWhereTheyStand() {
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8c"
    let text = "a\n-----BEGIN PRIVATE KEY-----\n\(body)\n\(body)\n-----END PRIVATE KEY-----\n\nb"
    let masked = ValueText(Array(text.utf8)).masked().text
    #expect(
      masked.lines.map(\.text)
        == ["a", "-----BEGIN PRIVATE KEY-----", "MI••••••8c", "-----END PRIVATE KEY-----", "", "b"])
    let json = ValueText(Array(#"{"a": 1, "password": "correct horse battery"}"#.utf8)).masked()
    #expect(
      json.text.lines.map(\.text)
        == ["{", "  \"a\": 1,", "  \"password\": \"co••••••ry\"", "}"])
    #expect(json.text.lines[2].tokens.map(\.role).contains(.masked))
    #expect(json.secrets.map(\.kind) == [.password])
  }

  @Test func aHexDumpHidesBytes() {
    let bytes = Array("x password=hunter2;".utf8)
    let hidden = SecretScan.secrets(in: bytes).map(\.range)
    let line = ValueText(bytes, as: .binary, hex: HexLayout(bytesPerLine: 32, hidden: hidden))
    let text = line.lines.first?.text ?? ""
    #expect(text.contains("|x password=*******;|") && !text.contains("68 75 6e"))
  }

  /// A token that a page breaks in two shows on neither.
  @Test func tokensOverTheEndOfAPage() {
    let token = Array("ghp_16C7e42F292c6912E7710c838347Ae178B4a".utf8)
    let (first, second) = (Array("see ".utf8) + token.prefix(20), Array(token.dropFirst(20)))
    #expect(SecretScan.secrets(in: first, isEnd: false).map(\.kind) == [.token("GitHub token")])
    #expect(SecretScan.secrets(in: second, isStart: false).map(\.kind) == [.part])
    let jwt = Array(Self.jwt.utf8)
    #expect(SecretScan.secrets(in: Array(jwt.prefix(30)), isEnd: false).map(\.kind) == [.part])
  }

  /// Whatever is put in, the answer comes in time that grows with it, and ranges rise.
  @Test(arguments: [
    "password:", "password=\"", "\"token\": [", "eyJ", "Bearer ", "4539 ", "\\", "://a:b@", "GB82",
    "-----BEGIN PRIVATE KEY-----", "s:9:\"password\";s:9", "a.b-c_", ";\"", "AKIA",
  ])
  func hostileRepetitions(_ piece: String) {
    let bytes = Array(String(repeating: piece, count: 200_000 / piece.utf8.count).utf8)
    let clock = ContinuousClock()
    var found: [FoundSecret] = []
    let spent = clock.measure { found = SecretScan.secrets(in: bytes) }
    #expect(spent < .seconds(20), "\(spent)")
    for (before, after) in zip(found, found.dropFirst()) {
      #expect(before.range.upperBound <= after.range.lowerBound)
    }
    #expect(found.allSatisfy { bytes.indices.contains($0.range.lowerBound) })
  }

  /// Cut anywhere, at any byte changed, nothing traps.
  @Test func anyBytes() {
    let seeds = [
      Self.jwt, #"{"password": {"$bytes": "x"}}"#, #"a:1:{s:8:"password";s:7:"hunter2";}"#,
    ]
    for seed in seeds.map({ Array($0.utf8) }) {
      for end in 0...seed.count {
        for byte in [UInt8(0), 0x22, 0x5C, 0x3A, 0xFF] {
          var bytes = Array(seed[..<end])
          if end > 0 { bytes[end / 2] = byte }
          for secret in SecretScan.secrets(in: bytes, isEnd: end % 2 == 0) {
            #expect(secret.range.upperBound <= bytes.count)
          }
          _ = SecretMask.maskedJSON(bytes)
          _ = ValueText(bytes).masked()
        }
      }
    }
  }
}
