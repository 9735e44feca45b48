import KeyQuery
import Testing

/// What does not parse, and what cannot be answered.
@Suite struct QueryErrorTests {
  private static let wrong: [(text: String, offset: Int, words: String)] = [
    ("type:sting", 5, "\"sting\" is found, but string, hash, list, set, zset or stream"),
    ("user type:", 10, "it ends here, but string, hash"),
    ("ttl<", 4, "it ends here, but a time in w, d, h, m, s or ms is expected; for example ttl<60"),
    ("ttl<abc", 4, "\"abc\" is found, but a time"),
    ("ttl<5x", 5, "\"x\" is found, but a time"),
    ("ttl<5m~10%", 4, "but a time"),
    ("ttl<+5m", 4, "\"+5m\" is found"),
    ("ttl<99999999999999999999d", 4, "but a time"),
    ("ttl:soon", 3, "\":soon\" is found, but <, <=, >, >=, = and a time, or :none is expected"),
    ("size:5", 4, "but <, <=, >, >= or = is expected; for example size>1mb"),
    ("size>5m", 6, "\"m\" is found, but a size in b, kb, mb, gb or tb is expected"),
    ("size>1.5", 8, "but a size"),
    ("size>9999999999tb", 5, "a smaller number"),
    ("freq<two", 5, "a number is expected; for example freq<2"),
    ("freq<9999999999999999999", 5, "a smaller number"),
    ("db:x", 3, "the number of a database is expected; for example db:3"),
    ("db:99999999999", 3, "the number of a database"),
    ("prefix:", 7, "a word is expected behind prefix:; for example prefix:app:session"),
    ("a !value:", 9, "a word is expected behind value:"),
    ("~", 1, "a word is expected behind ~"),
    ("user \"a b", 9, "a closing quote is expected; for example \"user[1]\""),
    ("re:/a", 5, "a closing / is expected"),
    ("re:a", 3, "a regular expression between slashes"),
    ("re://", 4, "a regular expression between slashes"),
    ("re:/a/i", 6, "\"i\" is found, but a blank is expected behind the expression"),
    ("re:/(a/", 4, "a group has no end, a ) is expected; for example re:/^user:\\d+$/"),
    ("é re:/é\\1/", 7, "cannot be named again"),
  ]

  @Test(arguments: wrong.indices) func saysWhereAndWhatWasExpected(_ row: Int) throws {
    let (text, offset, words) = Self.wrong[row]
    let error = try #require(throws: QueryError.self) { try Query(text) }
    #expect(error.offset == offset, "\(text): \(error.sentence)")
    #expect(error.sentence.contains(words), "\(text): \(error.sentence)")
    #expect(error.sentence.hasPrefix("at character \(offset + 1) "))
    #expect(error.sentence.contains("; for example "))
  }

  @Test func hugeTextsAreRefused() throws {
    let long = String(repeating: "a", count: Query.longestText + 1)
    #expect(throws: QueryError.self) { try Query(long) }
    #expect(throws: QueryError.self) { try Query(String(repeating: "a ", count: 101)) }
    #expect(throws: QueryError.self) { try Query("~" + String(repeating: "a", count: 65)) }
  }

  @Test func whatIsBeingTypedCountsAsFarAsItGoes() throws {
    for (text, meaning) in [
      ("user ttl<", "user"), ("user type:", "user"), ("~", ""), ("\"a b", "\"a b\""),
      ("x re:/ab", "x re:/ab/"), ("x re:/a(", "x"), ("ttl:no", ""), ("user !", "user"),
    ] {
      #expect(try Query.typed(text).query == Query(meaning), "\(text)")
    }
    #expect(Query.typed("user ttl<").error?.isIncomplete == true)
    #expect(Query.typed("re:/a(").error?.isIncomplete == true)
    #expect(Query.typed("\"a").error == nil)
    let wrong = Query.typed("user type:sting")
    #expect(wrong.query == nil && wrong.error?.isIncomplete == false)
    // A slip in the middle is not mended by going on.
    #expect(Query.typed("ttl< user").query == nil)
  }

  private static let refused: [(text: String, words: String)] = [
    ("type:hash type:list", "no key can match type:hash type:list: a key has one type"),
    ("ttl<1 ttl>1h", "no key can match ttl<1s ttl>1h: they exclude each other"),
    ("ttl<0", "no figure is so small"),
    ("ttl:none ttl<5", "no key can match ttl:none ttl<5s"),
    ("ttl:none !ttl:none", "exclude each other"),
    ("size>2kb !size>=1kb", "exclude each other"),
    ("size=3 size=4", "exclude each other"),
    ("user !user", "no key can match user !user"),
    ("user:7 !user", "no key can match user:7 !user"),
    ("prefix:a prefix:b", "a name has one beginning"),
    ("type:set !type:set", "exclude each other"),
    ("db:3", "db:3 cannot be answered: database 0 is open"),
    ("!db:0", "database 0 is the one that is open"),
    ("freq<2", "does not tell how often keys are used (Redis does with an LFU maxmemory-policy)"),
    ("tag:x", "tag:x cannot be answered: this source keeps no tags"),
    ("fw:rails", "frameworks that are recognised are django, rq"),
    ("codec:pickle", "codecs that are recognised are json, text"),
  ]

  private let ground = QueryGround(
    facts: [.name, .kind, .lifetime, .size, .idle, .value, .codec, .framework], database: 0,
    codecs: ["json", "text"], frameworks: ["django", "rq"])

  @Test(arguments: refused.indices) func whatNoKeyCanAnswerIsRefused(_ row: Int) throws {
    let (text, words) = Self.refused[row]
    let refusal = try #require(try Query(text).refusal(on: ground))
    #expect(refusal.sentence.contains(words), "\(refusal.sentence)")
  }

  @Test(arguments: [
    "", "user", "user !users", "ttl<1h ttl>1", "!type:hash !type:list", "ttl:none !ttl<5",
    "size>1kb size<1mb", "prefix:app prefix:app:s", "db:0", "!db:3", "codec:json", "size=3 !size=4",
    "User !user:7", "a* !b*", "ttl<5 !ttl:none",
  ])
  func whatAKeyMayAnswerIsNot(_ text: String) throws {
    #expect(try Query(text).refusal(on: ground) == nil)
  }
}
