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

  /// Names of which most begin alike and some do not, in sets that become large enough for their sort
  /// keys to leave out what the names share, and then lose half of it again.
  @Test(arguments: [false, true], [false, true])
  func namesThatBeginAlikeAreInOrder(isTree: Bool, isReversed: Bool) {
    let seed = UInt64.random(in: 0...(.max))
    var random = SplitMix(seed: seed)
    var keys = KeysState()
    keys.list(asTree: isTree)
    keys.order.isReversed = isReversed
    keys.rebuildOrder()
    var names: Set<String> = []
    while names.count < 9000 {
      let number = String(random.next() % 100_000 + 100_000)
      switch random.next() % 100 {
      case 0: names.insert("a" + number)
      case 1: names.insert("tenant:0" + number)
      case 2: names.insert("tenant:000000000")
      case 3: names.insert("zz:" + number + ":x")
      case 4: names.insert("tenant0000000" + number + ":y")
      default: names.insert("tenant:000000000" + number)
      }
    }
    keys.unfold(folder: "tenant:")
    for name in names.sorted().reversed() { _ = keys.insert(CacheKey(name)) }
    keys.unfold(folder: "tenant:")
    checkOrder(keys, names, isTree, isReversed, seed)
    for name in names where random.next() % 2 == 0 {
      names.remove(name)
      if let slot = keys.index.slot(of: CacheKey(name)) { keys.remove(slot) }
    }
    checkOrder(keys, names, isTree, isReversed, seed)
  }

  private func checkOrder(
    _ keys: KeysState, _ names: Set<String>, _ isTree: Bool, _ isReversed: Bool, _ seed: UInt64
  ) {
    var keys = keys
    while keys.hasPendingWork { keys.advance() }
    keys.place()
    var listed = keys.rows(from: 0, count: .max).map { row in
      switch row.item {
      case .key(let slot): String(decoding: keys.index.name(slot), as: UTF8.self)
      case .folder(let folder): String(decoding: keys.tree.prefix(folder), as: UTF8.self)
      }
    }
    guard isTree else {
      #expect(listed == (isReversed ? names.sorted().reversed() : names.sorted()), "seed \(seed)")
      return
    }
    let inTenant = listed.filter { $0.hasPrefix("tenant:") && $0 != "tenant:" }
    let expected = names.filter { $0.hasPrefix("tenant:") }.sorted()
    #expect(inTenant == (isReversed ? expected.reversed() : expected), "seed \(seed)")
    listed.removeAll { $0.hasPrefix("tenant:") && $0 != "tenant:" || !$0.hasSuffix(":") }
    let folders = Set(
      names.filter { $0.contains(":") }.compactMap { name in
        name.firstIndex(of: ":").map { String(name[...$0]) }
      }
    ).sorted()
    #expect(listed == (isReversed ? folders.reversed() : folders), "seed \(seed)")
  }
}

extension KeysState {
  fileprivate mutating func unfold(folder prefix: String) {
    if let folder = tree.folder(withPrefix: Array(prefix.utf8)) { unfold(folder) }
  }
}
