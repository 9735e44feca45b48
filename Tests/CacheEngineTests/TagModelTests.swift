import CacheEngine
import TestSupport
import Testing

/// Keys with deadlines and tags, as dictionaries.
private struct TagModel {
  struct Place: Hashable {
    var database: Int
    var key: [UInt8]
  }

  struct Entry {
    var deadline: Int64?
    var tags: [[UInt8]] = []
  }

  var entries: [Place: Entry] = [:]

  mutating func expire(at now: Int64) {
    entries = entries.filter { $0.value.deadline ?? .max > now }
  }

  func keys(tagged tag: [UInt8], in database: Int) -> Set<[UInt8]> {
    Set(
      entries.filter { $0.key.database == database && $0.value.tags.contains(tag) }.map(\.key.key))
  }

  func tags(in database: Int) -> [[UInt8]: Int] {
    let all = entries.filter { $0.key.database == database }.flatMap(\.value.tags)
    return Dictionary(all.map { ($0, 1) }, uniquingKeysWith: +)
  }
}

/// One run of random steps over a keyspace and its model.
private struct TagRun {
  var keyspace = Keyspace(databases: 2)
  var model = TagModel()
  var now: Int64 = 1_000_000
  /// The most pairs of a key and a tag that there were at a time.
  var mostPairs = 0
  var random: SeededGenerator

  mutating func place() -> TagModel.Place {
    TagModel.Place(
      database: Int.random(in: 0...1, using: &random),
      key: bytes("k\(Int.random(in: 0..<40, using: &random))"))
  }

  mutating func tag() -> [UInt8] { bytes("t\(Int.random(in: 0..<12, using: &random))") }

  mutating func step() {
    now += Int64.random(in: 0...3, using: &random)
    model.expire(at: now)
    let place = place()
    switch Int.random(in: 0..<30, using: &random) {
    case 0...1: set(place)
    case 2: keepingSet(place)
    case 3: remove(place)
    case 4...18: give(place)
    case 19...20: take(place)
    case 21...22: rename(place)
    case 23...25: copy(place)
    case 26: invalidate(place.database)
    case 27: evict()
    default: Int.random(in: 0..<80, using: &random) == 0 ? flush(place.database) : expire()
    }
    model.expire(at: now)
  }

  private mutating func set(_ place: TagModel.Place) {
    let deadline: Int64? =
      Bool.random(using: &random) ? now + Int64.random(in: 1...200, using: &random) : nil
    keyspace.set(
      place.key, to: .string([1]), deadline: deadline.map { .set($0) } ?? .remove,
      in: place.database, at: now)
    model.entries[place] = .init(deadline: deadline)
  }

  private mutating func keepingSet(_ place: TagModel.Place) {
    keyspace.set(place.key, to: .string([2, 3]), deadline: .keep, in: place.database, at: now)
    if model.entries[place] == nil { model.entries[place] = .init() }
  }

  private mutating func remove(_ place: TagModel.Place) {
    keyspace.remove(place.key, in: place.database, at: now)
    model.entries[place] = nil
  }

  private mutating func give(_ place: TagModel.Place) {
    let tags = [tag(), tag(), tag()]
    let added = try? keyspace.tag(place.key, with: tags, in: place.database, at: now)
    let old = model.entries[place]?.tags ?? []
    for tag in tags where model.entries[place]?.tags.contains(tag) == false {
      model.entries[place]?.tags.append(tag)
    }
    #expect(added == (model.entries[place]?.tags.count ?? 0) - old.count)
  }

  private mutating func take(_ place: TagModel.Place) {
    let tags = Int.random(in: 0..<6, using: &random) == 0 ? nil : [tag(), tag()]
    let had = model.entries[place]?.tags ?? []
    let removed = keyspace.untag(place.key, tags, in: place.database, at: now)
    model.entries[place]?.tags.removeAll { tags?.contains($0) ?? true }
    #expect(removed == had.count - (model.entries[place]?.tags.count ?? 0))
  }

  private mutating func rename(_ place: TagModel.Place) {
    var other = self.place()
    other.database = place.database
    let isThere = keyspace.rename(place.key, to: other.key, in: place.database, at: now)
    #expect(isThere == (model.entries[place] != nil))
    guard place != other, let entry = model.entries.removeValue(forKey: place) else { return }
    model.entries[other] = entry
  }

  private mutating func copy(_ place: TagModel.Place) {
    let other = self.place()
    let isThere = keyspace.copy(
      place.key, in: place.database, to: other.key, in: other.database, at: now)
    #expect(isThere == (model.entries[place] != nil))
    if let entry = model.entries[place] { model.entries[other] = entry }
  }

  /// In small steps, with a key that gets the tag meanwhile and stays.
  private mutating func invalidate(_ database: Int) {
    let (tag, stamp) = (tag(), keyspace.latestStamp)
    let late = TagModel.Place(database: database, key: bytes("late"))
    var expected = model.keys(tagged: tag, in: database)
    expected.remove(late.key)
    keyspace.set(late.key, to: .string([9]), deadline: .remove, in: database, at: now)
    let added = try? keyspace.tag(late.key, with: [tag], in: database, at: now)
    #expect(added == 1)
    model.entries[late] = .init(tags: [tag])
    var removed: Set<[UInt8]> = []
    var cursor: UInt64 = 0
    repeat {
      let step = keyspace.removeTagged(
        tag, since: stamp, from: cursor, count: 3, in: database, at: now)
      removed.formUnion(step.removed)
      cursor = step.next
    } while cursor != 0
    #expect(removed == expected)
    for key in expected { model.entries[TagModel.Place(database: database, key: key)] = nil }
  }

  /// Evicts a few, which the notes tell.
  private mutating func evict() {
    keyspace.policy = .allKeysLRU
    keyspace.notedKinds = [.evicted]
    keyspace.memoryBound = max(1, keyspace.usedMemory - 600)
    _ = keyspace.makeRoom(at: now)
    for note in keyspace.takeNotes() {
      model.entries[TagModel.Place(database: note.database, key: note.key)] = nil
    }
    keyspace.memoryBound = nil
  }

  private mutating func flush(_ database: Int) {
    keyspace.removeAll(in: database)
    model.entries = model.entries.filter { $0.key.database != database }
  }

  private mutating func expire() {
    _ = keyspace.expireDue(at: now, limit: 3)
  }

  /// What walks and lookups tell, beside the model.
  mutating func compare(_ comment: Comment) {
    #expect(keyspace.violatedInvariants() == [], comment)
    for (place, entry) in model.entries {
      let tags = keyspace.tags(of: place.key, in: place.database, at: now)
      #expect(tags == entry.tags, comment)
    }
    mostPairs = max(mostPairs, model.entries.values.reduce(0) { $0 + $1.tags.count })
    for database in 0...1 {
      _ = keyspace.expireDue(at: now, limit: .max)
      let expected = model.tags(in: database)
      #expect(tags(in: database) == expected, comment)
      for tag in expected.keys {
        #expect(keys(tagged: tag, in: database) == model.keys(tagged: tag, in: database), comment)
      }
    }
  }

  private func tags(in database: Int) -> [[UInt8]: Int] {
    var found: [[UInt8]: Int] = [:]
    var cursor: UInt64 = 0
    repeat {
      let step = keyspace.tagNames(from: cursor, count: 2, in: database)
      for (tag, keys) in step.tags { found[tag] = keys }
      cursor = step.next
    } while cursor != 0
    return found
  }

  private mutating func keys(tagged tag: [UInt8], in database: Int) -> Set<[UInt8]> {
    var found: Set<[UInt8]> = []
    var cursor: UInt64 = 0
    repeat {
      let step = keyspace.keys(
        tagged: tag, from: cursor, count: 2, in: database, at: now)
      found.formUnion(step.keys)
      cursor = step.next
    } while cursor != 0
    return found
  }
}

struct TagModelTests {
  @Test(arguments: LongRun.seeds(1...5))
  func agreesWithDictionaries(seed: UInt64) {
    var run = TagRun(random: SeededGenerator(seed: seed))
    for step in 0..<2000 {
      run.step()
      if step % 5 == 0 { run.compare("seed \(seed) step \(step)") }
    }
    #expect(run.mostPairs > 10)
  }

  @Test func keysWithoutTagsCostNothing() throws {
    var keyspace = Keyspace()
    keyspace.set(bytes("plain"), to: .string([1]), deadline: .remove, in: 0, at: 1)
    let plain = keyspace.usedMemory
    keyspace.set(bytes("other"), to: .string([1]), deadline: .remove, in: 0, at: 1)
    let other = keyspace.usedMemory - plain
    #expect(plain == other)
    let added = try keyspace.tag(bytes("other"), with: [bytes("t")], in: 0, at: 1)
    #expect(added == 1)
    #expect(keyspace.usedMemory > 2 * plain)
    #expect(keyspace.entry(bytes("plain"), in: 0, at: 1)?.charge == plain)
    let removed = keyspace.untag(bytes("other"), nil, in: 0, at: 1)
    #expect(removed == 1)
    #expect(keyspace.usedMemory == 2 * plain)
  }

  @Test func refusesMoreThanABound() throws {
    var keyspace = Keyspace()
    keyspace.set(bytes("k"), to: .string([1]), deadline: .remove, in: 0, at: 1)
    let many = (0..<Keyspace.tagsOfKeyLimit).map { bytes("t\($0)") }
    let added = try keyspace.tag(bytes("k"), with: many, in: 0, at: 1)
    #expect(added == many.count)
    #expect(throws: TagRefusal.tooMany) {
      try keyspace.tag(bytes("k"), with: [bytes("one more")], in: 0, at: 1)
    }
    let again = try keyspace.tag(bytes("k"), with: many, in: 0, at: 1)
    #expect(again == 0)
    for wrong in [[], Array(repeating: 1, count: Keyspace.tagLengthLimit + 1)] as [[UInt8]] {
      #expect(throws: TagRefusal.wrongLength) {
        try keyspace.tag(bytes("k"), with: [wrong], in: 0, at: 1)
      }
    }
    #expect(keyspace.violatedInvariants() == [])
  }

  /// A change of tags is a change for optimistic locking.
  @Test func taggingChangesTheVersion() throws {
    var keyspace = Keyspace()
    keyspace.set(bytes("k"), to: .string([1]), deadline: .remove, in: 0, at: 1)
    let fresh = keyspace.version(bytes("k"), in: 0, at: 1)
    _ = try keyspace.tag(bytes("k"), with: [bytes("t")], in: 0, at: 1)
    let tagged = keyspace.version(bytes("k"), in: 0, at: 1)
    _ = try keyspace.tag(bytes("k"), with: [bytes("t")], in: 0, at: 1)
    let same = keyspace.version(bytes("k"), in: 0, at: 1)
    _ = keyspace.untag(bytes("k"), [bytes("t")], in: 0, at: 1)
    let untagged = keyspace.version(bytes("k"), in: 0, at: 1)
    #expect(Set([fresh, tagged, untagged]).count == 3 && same == tagged)
  }
}
