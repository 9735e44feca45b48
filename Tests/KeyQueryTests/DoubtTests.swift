import KeyQuery
import Testing

/// Words that were probably meant as a term.
@Suite struct DoubtTests {
  @Test(arguments: [
    ("tpye:hash", "no term tpye:; type: is meant?"), ("tt<5", "no term tt<; ttl< is meant?"),
    ("user szie>1mb", "no term szie>; size> is meant?"),
    ("!valeu:x", "no term valeu:; value: is meant?"),
    ("tll:none", "no term tll:; ttl: is meant?"), ("vlaue:*", "no term vlaue:; value: is meant?"),
  ])
  func aMistypedTermIsSaid(text: String, doubt: String) throws {
    #expect(try Query(text).doubt == doubt)
  }

  @Test(arguments: [
    "app:user:7", "type:hash", "ttl<5", "ttl:none", "\"tpye:hash\"", "session", "page:*", "a=b",
    "prefix:tpye:hash", "::", "re:/^x/",
  ])
  func aNameIsNone(text: String) throws {
    #expect(try Query(text).doubt == nil)
  }
}
