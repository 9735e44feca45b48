import KeyQuery
import TestSupport
import Testing

/// A query printed and read again is the same query.
@Suite struct RoundTripTests {
  @Test(arguments: [
    "user", "User", "7", "!!a", "\"user\"", "\"a b\"", "!\"!a\"", "\"!a\"*", "\"type:\"*",
    "a\" \"*",
    "\"\\xff\"*", "\"\\xff\"", "\"\\\\\"*", "a\\*", "~\"a b\"", "~a", "prefix:\"a b\"", "prefix:a*",
    "type:zset", "!ttl<90", "ttl:none", "ttl=none", "ttl>=1500ms", "ttl<0", "size>1536kb", "size=0",
    "size<=3tb", "idle>1w", "freq<2", "db:3", "tag:\"x y\"", "codec:PICKLE", "value:\"Anna\"",
    "value:anna", "value:\"two words\"", "re:/a b\\/[c]/", "\"~a\"", "\"re:\"*", "\"ttl<60\"",
    "us\"er\"",
    "\"a\\x00\\x1fb\"", "!\"db:3\"",
  ])
  func readsBackWhatItPrints(_ text: String) throws {
    let query = try Query(text)
    #expect(!query.isEmpty)
    #expect(try Query(query.description) == query, "\(query)")
  }

  @Test func theShortestFormIsPrinted() throws {
    #expect(try Query("  user   !ttl<90  ").description == "user !ttl<1m30s")
    #expect(try Query("\"User\" \"user\"").description == "User \"user\"")
    #expect(try Query("size>1536kb").description == "size>1536kb")
    #expect(try Query("size>2048kb").description == "size>2mb")
  }

  @Test func anyTextIsAQueryOrAnError() throws {
    var random = SeededRandom(seed: LongRun.seed(5, for: "RoundTripTests"))
    let parts = [
      "!", "\"", "\\", "*", "?", "[", "]", " ", "a", "B", "é", "~", "re:/", "/", "(", ")", "type:",
      "hash",
      "ttl", "<", ">", "=", ":", "none", "5", "m", "kb", "size", "value:", "prefix:", "x41",
      "\\xff",
      "db:", "tag:", "|", "+", "{2}", "\t", "codec:", "freq",
    ]
    var parsed = 0
    for _ in 0..<(30_000 * LongRun.factor) {
      let text = (0..<Int.random(in: 1...7, using: &random))
        .compactMap { _ in parts.randomElement(using: &random) }.joined()
      do throws(QueryError) {
        let query = try Query(text)
        parsed += 1
        #expect((try? Query(query.description)) == query, "\(text) prints \(query)")
        #expect(Query.typed(text).query == query, "\(text)")
      } catch {
        #expect((0...text.count).contains(error.offset), "\(text)")
        _ = error.sentence
        _ = Query.typed(text)
      }
      _ = Query.completions(at: text.count, in: text, knowing: QueryVocabulary())
    }
    #expect(parsed > 5000)
  }
}
