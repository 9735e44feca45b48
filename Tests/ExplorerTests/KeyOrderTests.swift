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
