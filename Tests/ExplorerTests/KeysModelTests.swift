import CacheModel
import Explorer
import KeyQuery
import Testing

/// The list against a plain model of it: random keys come, change, go, are marked, filtered, sorted
/// and unfolded, and after every few steps all rows and all counts are compared.
@Suite struct KeysModelTests {
  private struct Model {
    struct Key {
      var name: [UInt8]
      var bytes: Int64?
      var kind: ValueKind?
      var expiry: Expiry = .unknown
      var isMarked = false

      /// As the filter sees it at the moment 0.
      var candidate: Candidate {
        var candidate = Candidate(name[...])
        candidate.kind = kind
        candidate.bytes = bytes.map { ByteCount($0) }
        candidate.lifetime =
          switch expiry {
          case .unknown: nil
          case .never: .unlimited
          case .at(let moment): .remaining(TTL(milliseconds: moment.milliseconds))
          }
        return candidate
      }
    }

    var keys: [[UInt8]: Key] = [:]
    var separators: Set<UInt8>
    var open: Set<[UInt8]> = [[]]

    func folder(of name: [UInt8]) -> [UInt8] {
      Array(name.prefix((name.lastIndex { separators.contains($0) } ?? -1) + 1))
    }

    func parent(of prefix: [UInt8]) -> [UInt8] { folder(of: Array(prefix.dropLast())) }

    func below(_ prefix: [UInt8], _ filter: Query) -> [Key] {
      keys.values.filter {
        folder(of: $0.name).starts(with: prefix) && filter.verdict(for: $0.candidate) == .matches
      }
    }

    func folders(in prefix: [UInt8], _ filter: Query) -> Set<[UInt8]> {
      var found: Set<[UInt8]> = []
      for key in below(prefix, filter) {
        var folder = folder(of: key.name)
        while folder.count > prefix.count {
          if parent(of: folder) == prefix { found.insert(folder) }
          folder = parent(of: folder)
        }
      }
      return found
    }

    func rows(_ prefix: [UInt8], _ order: KeyOrder, _ filter: Query) -> [String] {
      let names = folders(in: prefix, filter).sorted { left, right in
        if order.field == .size {
          let (a, b) = (bytes(left), bytes(right))
          if a != b { return order.isReversed ? a < b : a > b }
        }
        let isBefore = left.lexicographicallyPrecedes(right)
        return order.field == .key && order.isReversed ? !isBefore : isBefore
      }
      var rows: [String] = []
      for name in names {
        rows.append("folder " + String(decoding: name, as: UTF8.self))
        if open.contains(name) { rows += self.rows(name, order, filter) }
      }
      let own = below(prefix, filter).filter { folder(of: $0.name) == prefix }
      return rows + sorted(own, order)
    }

    func bytes(_ prefix: [UInt8]) -> Int64 {
      below(prefix, Query()).reduce(0) { $0 + ($1.bytes ?? 0) }
    }

    func sorted(_ keys: [Key], _ order: KeyOrder) -> [String] {
      keys.sorted { left, right in
        let isBefore = left.name.lexicographicallyPrecedes(right.name)
        let (a, b) = (rank(left, order), rank(right, order))
        if a != b { return a < b }
        return order.field == .key && order.isReversed ? !isBefore : isBefore
      }
      .map { String(decoding: $0.name, as: UTF8.self) }
    }

    /// What comes first has the lowest rank; what is not known comes last either way.
    private func rank(_ key: Key, _ order: KeyOrder) -> Int64 {
      let sign: Int64 = order.isReversed ? -1 : 1
      switch order.field {
      case .key, .idle: return 0
      case .ttl: return key.expiry == .unknown ? .max : key.expiry.rank * sign
      case .size: return key.bytes.map { -$0 * sign } ?? .max
      case .kind:
        let kinds: [ValueKind] = [.hash, .list, .string]
        return key.kind.flatMap { kinds.firstIndex(of: $0) }.map { Int64($0) * sign } ?? .max
      }
    }
  }

  @Test(arguments: [":", ":/", ""], [true, false])
  func rowsAndCountsAgreeOverRandomSteps(separators: String, isTree: Bool) throws {
    let seed = UInt64.random(in: 0...(.max))
    var random = SplitMix(seed: seed)
    var keys = KeysState(separators: KeySeparators(Array(separators.utf8)))
    var model = Model(separators: Set(isTree ? Array(separators.utf8) : []))
    keys.list(asTree: isTree)
    for step in 0..<1500 {
      change(&keys, &model, &random)
      if isTree, step % 3 == 0 { toggleFolder(&keys, &model, &random) }
      if step % 40 == 0 { chooseOrder(&keys, &random) }
      if step % 60 == 59 { try chooseFilter(&keys, &model, &random) }
      guard step % 10 == 0 else { continue }
      settle(&keys)
      check(keys, &model, "seed \(seed) step \(step)")
    }
  }

  private func settle(_ keys: inout KeysState) {
    while keys.hasPendingWork { keys.advance() }
    keys.place()
  }

  private func name(_ random: inout SplitMix) -> [UInt8] {
    let letters = Array("aabB::/".utf8)
    return (0..<random.next() % 7).map { _ in letters[Int(random.next() % 7)] }
  }

  private func change(_ keys: inout KeysState, _ model: inout Model, _ random: inout SplitMix) {
    let name = name(&random)
    if random.next() % 5 < 2, let slot = keys.index.slot(of: CacheKey(name)) {
      keys.remove(slot)
      model.keys[name] = nil
      return
    }
    let slot = keys.insert(CacheKey(name)).slot
    var key = model.keys[name] ?? Model.Key(name: name)
    if random.next() % 2 == 0 {
      key.bytes = Int64(random.next() % 20)
      key.kind = [.string, .hash, .list][Int(random.next() % 3)]
      key.expiry =
        random.next() % 2 == 0
        ? .never : .at(Moment(milliseconds: Int64(random.next() % 1000)))
      var figures = KeyFigures()
      figures.bytes = key.bytes.map { ByteCount($0) }
      figures.expiry = key.expiry
      keys.update(slot, figures, key.kind)
    }
    key.isMarked = random.next() % 3 == 0
    keys.mark(slot, key.isMarked)
    model.keys[name] = key
  }

  private func toggleFolder(
    _ keys: inout KeysState, _ model: inout Model, _ random: inout SplitMix
  ) {
    settle(&keys)
    guard keys.rowCount > 0 else { return }
    let row = keys.rows(from: Int(random.next() % UInt64(keys.rowCount)), count: 1).first
    guard case .folder(let folder) = row?.item else { return }
    if keys.isUnfolded(folder) { keys.fold(folder) } else { keys.unfold(folder) }
  }

  private func chooseOrder(_ keys: inout KeysState, _ random: inout SplitMix) {
    let fields: [SortField] = [.key, .ttl, .size, .kind]
    keys.order.field = fields[Int(random.next() % 4)]
    keys.order.isReversed = random.next() % 2 == 0
    keys.rebuildOrder()
  }

  private func chooseFilter(
    _ keys: inout KeysState, _ model: inout Model, _ random: inout SplitMix
  ) throws {
    let texts = [
      "", "a", "ab", "!b", "*a*b*", "type:hash", "B", "!type:list a", "size>9", "size>9 a",
      "ttl<500ms", "!ttl<500ms !b", "ttl:none", "re:/a.*b/",
    ]
    try keys.show(Query(texts[Int(random.next() % UInt64(texts.count))]))
  }

  private func check(_ keys: KeysState, _ model: inout Model, _ place: String) {
    let undecided = model.keys.values.count { keys.filter.verdict(for: $0.candidate) == .unknown }
    #expect(keys.undecidedCount == undecided, "\(place)")
    noteUnfolded(keys, &model)
    let shown = keys.rows(from: 0, count: keys.rowCount).map { text($0, keys) }
    #expect(shown == model.rows([], keys.order, keys.filter), "\(place)")
    for (row, item) in keys.rows(from: 0, count: keys.rowCount).enumerated() {
      #expect(keys.row(of: item.item) == row, "\(place)")
      guard case .folder(let folder) = item.item else { continue }
      let prefix = keys.tree.prefix(folder)
      let figures = keys.tree.figures(folder)
      let below = model.below(prefix, Query())
      #expect(figures.count == below.count, "\(place)")
      #expect(figures.shown == model.below(prefix, keys.filter).count, "\(place)")
      #expect(figures.marked == below.count { $0.isMarked }, "\(place)")
      let passing = model.below(prefix, keys.filter)
      let sized = passing.count { $0.bytes != nil }
      #expect(figures.isEstimate == (sized < passing.count), "\(place)")
      guard sized == passing.count else { continue }
      let bytes = passing.reduce(0) { $0 + ($1.bytes ?? 0) }
      #expect(figures.bytes?.bytes == bytes, "\(place)")
    }
  }

  /// Folders unfold and fold by themselves under a filter; the model takes that over.
  private func noteUnfolded(_ keys: KeysState, _ model: inout Model) {
    model.open = [[]]
    for row in keys.rows(from: 0, count: keys.rowCount) {
      guard case .folder(let folder) = row.item, keys.isUnfolded(folder) else { continue }
      model.open.insert(keys.tree.prefix(folder))
    }
  }

  private func text(_ row: ListRow, _ keys: KeysState) -> String {
    switch row.item {
    case .key(let slot): String(decoding: keys.index.name(slot), as: UTF8.self)
    case .folder(let folder): "folder " + String(decoding: keys.tree.prefix(folder), as: UTF8.self)
    }
  }
}
