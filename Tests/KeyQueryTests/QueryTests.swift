import CacheModel
import KeyQuery
import Testing

/// What each term means.
@Suite struct QueryTests {
  private func verdict(_ text: String, _ name: String, _ kind: ValueKind? = nil) throws -> Verdict {
    try verdict(text, name) { $0.kind = kind }
  }

  private func verdict(
    _ text: String, _ name: String, _ tell: (inout Candidate) -> Void
  ) throws -> Verdict {
    var candidate = Candidate(Array(name.utf8)[...])
    tell(&candidate)
    return try Query(text).verdict(for: candidate)
  }

  private func matches(_ text: String, _ name: String) throws -> Bool {
    let query = try Query(text)
    let bytes = Array(name.utf8)[...]
    let verdict = query.verdict(for: Candidate(bytes))
    // The name alone never says otherwise.
    #expect(query.nameVerdict(bytes) == (query.isByName ? verdict : .unknown))
    return verdict == .matches
  }

  @Test func caseMattersOnlyWithACapital() throws {
    #expect(try matches("user", "App:User:7"))
    #expect(try matches("User", "App:User:7"))
    #expect(try !matches("USER", "App:User:7"))
    #expect(try !matches("users", "App:User:7"))
    #expect(try matches("", ""))
  }

  @Test func allTermsMustHoldAndAMarkNegates() throws {
    #expect(try matches("user 7", "app:user:7"))
    #expect(try !matches("user 8", "app:user:7"))
    #expect(try matches("user !8", "app:user:7"))
    #expect(try !matches("!user", "app:user:7"))
    #expect(try matches("!", "app:user:7"))
    #expect(try matches("!!", "app!"[...].description) == false)
    #expect(try matches("a!", "a!"))
  }

  @Test func aGlobStandsForTheWholeNameAndQuotesTakeItsMeaningAway() throws {
    #expect(try matches("app:*:7", "app:user:7"))
    #expect(try !matches("user*", "app:user:7"))
    #expect(try matches("user[1]", "user1"))
    #expect(try !matches("\"user[1]\"", "user1"))
    #expect(try matches("\"user[1]\"", "user[1]"))
    #expect(try matches("user\"[1]\"*", "user[1]:x"))
    #expect(try !matches("user\"[1]\"*", "user1:x"))
    #expect(try matches("!\"a b\"", "ab"))
  }

  @Test func quotesAreExact() throws {
    #expect(try !matches("\"user\"", "USER"))
    #expect(try matches("\"a\\\"b\"", "a\"b"))
    #expect(try matches("\"a\\\\b\"", "a\\b"))
    #expect(try matches("\"a\\b\"", "a\\b"))
    #expect(try matches("\"\\x41\\x20\"", "A "))
    #expect(try matches("\"ttl<60\"", "the ttl<60"))
    #expect(try matches("\"\"", "anything"))
    let bytes: [UInt8] = [1, 0xFF, 2]
    #expect(try Query("\"\\xff\"").verdict(for: Candidate(bytes[...])) == .matches)
  }

  @Test func aPrefixIsTheBeginningAsItIs() throws {
    #expect(try matches("prefix:app:s[1]", "app:s[1]:x"))
    #expect(try !matches("prefix:app:s[1]", "app:s1"))
    #expect(try !matches("prefix:user", "app:user"))
    #expect(try !matches("prefix:user", "User"))
    #expect(try matches("prefix:\"a b\"", "a b c"))
  }

  @Test func fuzzyLettersStandInOrderAndNearToEachOther() throws {
    #expect(try matches("~usr42", "app:user:profile:42"))
    #expect(try matches("~usr", "app:USER"))
    #expect(try !matches("~Usr", "app:user"))
    #expect(try !matches("~rsu", "user"))
    let far = "u" + String(repeating: "-", count: 40)
    #expect(try !matches("~us", far + "s"))
    #expect(try matches("~us", far + "us"))
  }

  @Test func expressionsMayHoldBlanksAndSlashes() throws {
    #expect(try matches("re:/^user:\\d+$/", "user:42"))
    #expect(try !matches("re:/^user:\\d+$/", "user:42x"))
    #expect(try matches("re:/a b/ c", "c a b"))
    #expect(try matches("!re:/a\\/b/", "ab"))
    #expect(try !matches("!re:/a\\/b/", "a/b"))
  }

  @Test func figuresAreCompared() throws {
    func ttl(_ text: String, _ left: Int64?) throws -> Verdict {
      try verdict(text, "k") {
        $0.lifetime = left.map { .remaining(TTL(milliseconds: $0)) } ?? .unlimited
      }
    }
    #expect(try ttl("ttl<60", 59_999) == .matches)
    #expect(try ttl("ttl<60", 60_000) == .fails)
    #expect(try ttl("ttl<=1m", 60_000) == .matches)
    #expect(try ttl("ttl>=1h", 3_600_000) == .matches)
    #expect(try ttl("ttl>1h30m", 5_400_000) == .fails)
    #expect(try ttl("ttl=60", 60_500) == .matches)
    #expect(try ttl("ttl=60", 61_000) == .fails)
    #expect(try ttl("ttl=1500ms", 1501) == .fails)
    #expect(try ttl("ttl:none", nil) == .matches)
    #expect(try ttl("ttl:none", 5) == .fails)
    #expect(try ttl("ttl>1h", nil) == .fails)
    #expect(try ttl("!ttl<1h", nil) == .matches)
    #expect(try ttl("ttl>0", 1) == .matches)
    #expect(try verdict("size>1mb", "k") { $0.bytes = ByteCount(1_048_577) } == .matches)
    #expect(try verdict("size>1.5kb", "k") { $0.bytes = ByteCount(1536) } == .fails)
    #expect(try verdict("size>=1.5kb", "k") { $0.bytes = ByteCount(1536) } == .matches)
    #expect(try verdict("size=12", "k") { $0.bytes = ByteCount(12) } == .matches)
    #expect(try verdict("idle>1d", "k") { $0.idleMilliseconds = 86_400_001 } == .matches)
    #expect(try verdict("freq<2", "k") { $0.frequency = 1 } == .matches)
  }

  @Test func whatIsNotKnownMatchesNeitherWay() throws {
    for term in ["type:hash", "ttl<60", "ttl:none", "size>1", "idle>1", "freq<2", "value:x"] {
      #expect(try verdict(term, "k") == .unknown)
      #expect(try verdict("!" + term, "k") == .unknown)
      #expect(try verdict(term + " k", "k") == .unknown)
      // What fails for sure decides.
      #expect(try verdict(term + " x", "k") == .fails)
    }
    #expect(try verdict("type:hash", "k", .hash) == .matches)
    #expect(try verdict("!type:hash", "k", .string) == .matches)
  }

  @Test func aValueOfWhichAPartIsMissingIsNotJudgedByTheRest() throws {
    func value(_ text: String, _ parts: [String], isWhole: Bool) throws -> Verdict {
      try verdict(text, "k") {
        $0.value = CandidateValue(parts: parts.map { Array($0.utf8) }, isWhole: isWhole)
      }
    }
    #expect(try value("value:anna", ["7", "Anna"], isWhole: true) == .matches)
    #expect(try value("value:\"anna\"", ["7", "Anna"], isWhole: true) == .fails)
    #expect(try value("value:anna", ["7"], isWhole: false) == .unknown)
    #expect(try value("!value:anna", ["7"], isWhole: false) == .unknown)
    #expect(try value("!value:anna", ["anna"], isWhole: false) == .fails)
  }

  @Test func codecsFrameworksAndTags() throws {
    #expect(try verdict("codec:JSON", "k") { $0.codecs = ["zlib", "json"] } == .matches)
    #expect(try verdict("fw:django", "k") { $0.framework = "Django" } == .matches)
    #expect(try verdict("tag:news", "k") { $0.tags = [Array("news".utf8)] } == .matches)
    #expect(try verdict("tag:new", "k") { $0.tags = [Array("news".utf8)] } == .fails)
  }

  @Test func tellsWhatItNeeds() throws {
    #expect(try Query("user re:/a/ ~b prefix:c db:0 *x").needs == .name)
    #expect(try Query("type:hash").needs == .kind)
    #expect(try Query("a ttl<1 size>1").needs == [.name, .lifetime, .size])
    #expect(
      try Query("codec:json idle>1 freq>1 tag:a").needs == [.codec, .idle, .frequency, .tags])
  }

  @Test func narrowingIsSeen() throws {
    func narrows(_ one: String, _ other: String) throws -> Bool {
      try Query(one).narrows(Query(other))
    }
    #expect(try narrows("user", "use") && !narrows("use", "user"))
    #expect(try narrows("Xuser", "user") && !narrows("user", "User"))
    #expect(try narrows("b a", "a") && narrows("a", ""))
    #expect(try narrows("!us", "!user") && !narrows("!user", "!us"))
    #expect(try narrows("ttl<5", "ttl<60") && !narrows("ttl<60", "ttl<5"))
    #expect(try narrows("ttl<5", "!ttl>9") && !narrows("ttl<5", "size<9"))
    #expect(try narrows("prefix:app:s", "prefix:app") && narrows("prefix:app:s", "app"))
    #expect(try !narrows("re:/ab/", "a"))
  }
}
