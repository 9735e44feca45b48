import CacheBackends
import CacheModel
import ChangeJournal
import Plans
import RESP
import SystemIO
import TestSupport
import Testing

/// Whatever was done through the journal, key by key and by plans, is taken back by undoing all of it,
/// newest first: the first keyspace is there again, deadlines to 5 ms, and of keys that others have
/// written meanwhile exactly what they wrote last.
@Suite(.timeLimit(.minutes(30))) struct KeyspaceJournalTests {
  private struct State: Equatable {
    var content: ValueContent?
    var deadline: Int64

    func isSame(as other: State) -> Bool {
      content == other.content && abs(deadline - other.deadline) <= 5
    }
  }

  private static let count = 60

  private func keyspace(_ source: SourceUnderTest) async throws -> [CacheKey: State] {
    var states: [CacheKey: State] = [:]
    for key in source.kind.names(Self.count) {
      states[key] = State(
        content: try await source.backend.read(key, within: .standard)?.content.inOrder,
        deadline: try await source.deadline(key) ?? -9)
    }
    return states
  }

  /// Other clients, who write values that nobody else writes, until they are told to stop; what
  /// each wrote last of its own keys.
  private func others(
    _ source: SourceUnderTest, _ keys: [CacheKey], _ stop: PlanControl, seed: UInt64
  ) async throws -> [CacheKey: State] {
    var random = SeededRandom(seed: seed)
    var wrote: [CacheKey: State] = [:]
    var number = 0
    while !stop.isCancelled {
      let key = keys[Int.random(in: 0..<keys.count, using: &random)]
      number += 1
      let value = bytes("theirs \(seed) \(number)")
      let deadline =
        try await source.now() + Int64.random(in: 3_000_000...4_000_000, using: &random)
      try await source.run(
        "SET", key.bytes, value, bytes("PXAT"), bytes("\(deadline)"))
      wrote[key] = State(content: .string(value), deadline: deadline)
      for _ in 0..<Int.random(in: 0...40, using: &random) { await Task.yield() }
    }
    return wrote
  }

  private static let world = PlanRun.Surroundings(
    now: { SystemClock.monotonicMilliseconds * 1000 }, rest: { _ in }, look: { nil })

  private func plan(_ chooser: inout ChangeChooser, _ names: [CacheKey]) -> PlannedChange {
    chooser.choice(of: [
      .delete, .setTTL(.persist), .setTTL(.fromNow(milliseconds: 1_500_000)),
      .setTTL(.adjust(milliseconds: 100_000)), .spreadTTL(milliseconds: 2_000_000, percent: 20),
      .renamePrefix(from: [names[3].bytes[0]], to: [names[4].bytes[0], 7]),
    ])
  }

  @Test(arguments: SourceKind.unhurried, [false, true])
  func everythingCanBeTakenBack(_ kind: SourceKind, _ hasOthers: Bool) async throws {
    for round in 0..<min(20, LongRun.factor) {
      let seed = LongRun.seed(UInt64(40 + round), for: "keyspace through the journal")
      try await takesBack(kind, hasOthers, seed)
    }
  }

  private func takesBack(_ kind: SourceKind, _ hasOthers: Bool, _ seed: UInt64) async throws {
    let source = try SourceUnderTest(kind)
    let folder = try TemporaryFolder("keyspace")
    let options = JournalOptions { WallTime(milliseconds: SystemClock.wallMilliseconds) }
    let journal = try await Journal.open(in: folder.path, options)
    let identity = try await source.backend.open().identity
    let changes = JournaledChanges(source.backend, keeper: journal)
    let header = { (title: String) in
      ChangeHeader(
        title: title, at: WallTime(milliseconds: SystemClock.wallMilliseconds), source: identity,
        address: kind.rawValue)
    }
    let names = kind.names(Self.count)
    var chooser = ChangeChooser(seed: seed, names: names, staysInSlot: kind == .redisCluster)
    for key in names.prefix(50) {
      _ = try await source.backend.apply(
        .create(chooser.value(), chooser.lifetime()), to: key, undoLimit: nil)
    }
    let first = try await keyspace(source)
    let stop = PlanControl()
    let theirs = hasOthers ? Array(names.suffix(25)) : []
    async let written = hasOthers ? others(source, theirs, stop, seed: seed) : [:]

    for _ in 0..<60 {
      if chooser.isHeads(of: 6) {
        let keys = names.filter { _ in chooser.isHeads(of: 2) }
        let pages = KeyPages(keys)
        let report = await PlanRun(plan(&chooser, names), changes, Self.world).run(header("plan")) {
          pages.next()
        }
        #expect(report.problem == nil && report.lost == 0, "seed \(seed): \(report)")
      } else {
        let key = chooser.name()
        let content = try await source.backend.read(key, within: .standard)?.content
        let change = chooser.change(of: key, content)
        // Two keys are taken back together or not at all, whichever of them others have written.
        if let other = change.secondKey, theirs.contains(key) || theirs.contains(other) { continue }
        _ = try await changes.make([KeyedChange(key: key, change: change)], header("\(change)"))
      }
    }
    stop.cancel()
    let wrote = try await written

    let entries = try await journal.entries(of: identity, limit: 1000, before: nil)
    #expect(entries.count > 15, "seed \(seed)")
    for entry in entries where entry.canBeTakenBack {
      let report = try await changes.takeBack(entry.id, overwriting: false, header("back"))
      #expect(report.problem == nil && report.failures.isEmpty, "seed \(seed): \(report)")
      if !hasOthers { #expect(report.changedMeanwhile == 0, "seed \(seed): \(entry.header.title)") }
    }
    let last = try await keyspace(source)
    for key in names {
      let expected = try #require(wrote[key] ?? first[key])
      let found = try #require(last[key])
      #expect(found.isSame(as: expected), "seed \(seed), \(key): \(found), not \(expected)")
    }
    await journal.close()
    await source.close()
  }
}

extension KeyChange {
  fileprivate var secondKey: CacheKey? {
    switch self {
    case .rename(let key, _), .copy(let key, _): key
    default: nil
    }
  }
}

/// Hands keys out once.
private final class KeyPages: Sendable {
  private let control = PlanControl()
  private let keys: [CacheKey]

  init(_ keys: [CacheKey]) {
    self.keys = keys
  }

  /// All of them, then nil.
  func next() -> [CacheKey]? {
    guard !control.isCancelled else { return nil }
    control.cancel()
    return keys
  }
}
