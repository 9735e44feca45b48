import KeyQuery
import Testing

/// Pages are found by their addresses, under the names that frameworks make of those.
@Suite struct PageAddressTests {
  private func finds(_ query: String, _ name: String) throws -> Bool {
    let query = try Query(query)
    return query.verdict(for: Candidate(Array(name.utf8)[...])) == .matches
  }

  private let django =
    ":1:views.decorators.cache.cache_page.site1.GET.3fb4e14ed170eb304cdb9194d7de8b4c"
    + ".d41d8cd98f00b204e9800998ecf8427e.en-us.UTC"

  @Test func djangoNamesPagesByTheDigestOfTheAddress() throws {
    #expect(try finds("url:http://testserver/items/?page=2", django))
    #expect(try finds("url:\"http://testserver/items/?page=2\"", django))
    let head = django.replacing("cache_page.site1.GET", with: "cache_header.site1")
    #expect(try finds("url:http://testserver/items/?page=2", head))
    for other in [
      "http://testserver/items/?page=3", "http://testserver/items?page=2", "/items/?page=2",
    ] {
      #expect(try !finds("url:\(other)", django), "\(other)")
    }
  }

  /// As Flask-Caching 2 wrote them.
  @Test func flaskNamesPagesByTheirPath() throws {
    let search =
      "flask_cache_view//search31c638eae4c0f9f520bfd8cd148040b8873c69c8ede55ebdcbd29e4b1b464540"
    for address in [
      "/search?q=lamp&page=2", "/search?page=2&q=lamp", "http://localhost/search?q=lamp&page=2",
      "/search?q=l%61mp&page=2",
    ] {
      #expect(try finds("url:\(address)", search), "\(address)")
    }
    #expect(try !finds("url:/search?q=lamp", search) && !finds("url:/search", search))
    #expect(try finds("url:/catalog", "flask_cache_view//catalog"))
    #expect(try finds("url:https://h/catalog", "flask_cache_view//catalog"))
    #expect(try !finds("url:/catalog", "flask_cache_view//catalogue"))
    #expect(
      try !finds("url:/", "flask_cache_view//catalog") && finds("url:/", "flask_cache_view//"))
  }

  /// MD5 of the arguments, as older releases have it.
  @Test func olderReleasesUseAnotherDigest() throws {
    #expect(
      try finds(
        "url:/search?page=2&a=x", "flask_cache_view//search813140dbee6752ee9db902f1fed5fd2c"))
  }

  @Test(arguments: ["url:http://h/?a=1", "!url:/a", "url:\"/a b\""])
  func theTermReadsBack(_ text: String) throws {
    let query = try Query(text)
    #expect(try Query(query.description) == query)
  }

  @Test func anAddressIsExpected() {
    #expect(throws: QueryError.self) { _ = try Query("url:") }
  }
}
