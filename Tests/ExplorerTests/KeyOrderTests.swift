import CacheModel
import Explorer
import Testing

@Suite struct KeyOrderTests {
  private func listed(
    _ field: SortField, isReversed: Bool = false, _ figures: [(String, KeyFigures)]
  ) -> [String] {
    var keys = KeysState()
    keys.list(asTree: false)
    keys.order.field = field
    keys.order.isReversed = isReversed
    keys.rebuildOrder()
    for (name, figures) in figures {
      keys.update(keys.insert(CacheKey(name)).slot, figures, .string)
    }
    keys.place()
    return keys.rows(from: 0, count: 100).compactMap { row in
      if case .key(let slot) = row.item { keys.index.key(slot).text } else { nil }
    }
  }

  private func figures(_ change: (inout KeyFigures) -> Void) -> KeyFigures {
    var figures = KeyFigures()
    change(&figures)
    return figures
  }

  @Test func whatExpiresFirstComesFirstAndWhatIsUnknownLast() {
    let keys: [(String, KeyFigures)] = [
      ("unknown", KeyFigures()), ("never", figures { $0.expiry = .never }),
      ("later", figures { $0.expiry = .at(Moment(milliseconds: 90)) }),
      ("soon", figures { $0.expiry = .at(Moment(milliseconds: 10)) }),
    ]
    #expect(listed(.ttl, keys) == ["soon", "later", "never", "unknown"])
    #expect(listed(.ttl, isReversed: true, keys) == ["never", "later", "soon", "unknown"])
  }

  @Test func whatWasUsedLongestAgoComesFirst() {
    let keys: [(String, KeyFigures)] = [
      ("unknown", KeyFigures()),
      ("new", figures { $0.lastUse = Moment(milliseconds: 90_000) }),
      ("before the clock began", figures { $0.lastUse = Moment(milliseconds: -90_000) }),
    ]
    #expect(listed(.idle, keys) == ["before the clock began", "new", "unknown"])
    #expect(listed(.idle, isReversed: true, keys) == ["new", "before the clock began", "unknown"])
  }

  @Test func sizesAreKeptInOrderHoweverLarge() {
    let sizes: [Int64] = [0, 1, 2_147_483_647, 2_147_483_648, 1 << 33, 1 << 40, .max]
    let keys = sizes.map { size in ("\(size)", figures { $0.bytes = ByteCount(size) }) }
    #expect(listed(.size, keys) == sizes.reversed().map { "\($0)" })
  }
}

@Suite struct KeyFilterTests {
  private func matches(_ text: String, _ name: String, _ kind: ValueKind? = nil) -> Bool {
    KeyFilter(text).matches(Array(name.utf8)[...], kind)
  }

  @Test func caseMattersOnlyWithAnUpperCaseLetter() {
    #expect(matches("user", "App:User:7"))
    #expect(matches("User", "App:User:7"))
    #expect(!matches("USER", "App:User:7"))
    #expect(!matches("users", "App:User:7"))
    #expect(matches("", ""))
    #expect(KeyFilter(":7").range(in: Array("App:User:7".utf8)[...]) == 8..<10)
  }

  @Test func allTermsMustHoldAndAMarkNegates() {
    #expect(matches("user 7", "app:user:7"))
    #expect(!matches("user 8", "app:user:7"))
    #expect(matches("user !8", "app:user:7"))
    #expect(!matches("!user", "app:user:7"))
    #expect(matches("!", "app:user:7"))
  }

  @Test func aGlobStandsForTheWholeNameAndQuotesTakeItsMeaningAway() {
    #expect(matches("app:*:7", "app:user:7"))
    #expect(!matches("user*", "app:user:7"))
    #expect(matches("user[1]", "user1"))
    #expect(!matches("\"user[1]\"", "user1"))
    #expect(matches("\"user[1]\"", "user[1]"))
    #expect(matches("\"a b", "a b"))
    #expect(matches("!\"a b\"", "ab"))
  }

  @Test func aTypeThatIsNotKnownMatchesNeitherWay() {
    #expect(matches("type:hash", "k", ValueKind.hash))
    #expect(!matches("type:hash", "k", ValueKind.string))
    #expect(matches("!type:hash", "k", ValueKind.string))
    #expect(!matches("type:hash", "k"))
    #expect(!matches("!type:hash", "k"))
  }

  @Test func aWrongTypeSaysWhatIsRight() {
    #expect(KeyFilter("type:sting").problem?.contains("type:sting is no type") == true)
    #expect(KeyFilter("type:zset user").problem == nil)
  }
}
