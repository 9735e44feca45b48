import CacheBackends
import CacheModel
import Plans
import RESP
import Synchronization
import Testing

/// What tools of this kind are known to damage without a word, one test for each, on the way that
/// every change goes. The rest is in the suite of the same name over the whole program.
@Suite(.timeLimit(.minutes(5))) struct SilentDamageTests {
  private static let everywhere = EditRuleTests.everywhere
  private let key = EditCase.key

  @Test("An edit makes a cache entry immortal", arguments: everywhere)
  func editsKeepTheTTL(_ kind: SourceKind, _ edit: EditCase) async throws {
    try await JournaledSource.with(kind) { source in
      try await source.send(edit.setUp + [EditCase.command("PEXPIRE", bytes("7654321"))])
      let before = try await source.picture(key).deadline
      _ = try await source.made(edit.change, of: key)
      #expect(try await source.picture(key).deadline == before)
      // What has expired between reading and saving does not come back.
      try await source.send(edit.setUp + [EditCase.command("PEXPIRE", bytes("1"))])
      while try await source.picture(key).content != nil {}
      _ = try await source.make(edit.change, of: key)
      #expect(try await source.picture(key).deadline == -2)
    }
  }

  @Test("Set-to-persist does not persist, or deletes", arguments: SourceKind.allCases)
  func persistingPersists(_ kind: SourceKind) async throws {
    try await JournaledSource.with(kind) { source in
      try await source.fill(key, .list([bytes("a")]))
      _ = try await source.made(.setTTL(.persist), of: key)
      #expect(
        try await source.picture(key)
          == JournaledSource.Picture(content: .list(from: 0, [bytes("a")]), deadline: -1))
      // A TTL of nothing is no TTL, and deletes nothing.
      for text in ["0", "0s", "-", ""] {
        #expect(throws: TTLSyntaxError.self) {
          try TTLInput.parse(text) { _ in nil }
        }
      }
    }
  }

  @Test("Wrong database after idle or reconnect", arguments: SourceKind.withDatabases)
  func theDatabaseStaysAfterAReconnect(_ kind: SourceKind) async throws {
    try await JournaledSource.with(kind, database: 3) { source in
      try await source.fill(key, .string(bytes("third")))
      try await inDatabaseZero(source, RESPCommand("SET", [key.bytes, [1]]))
      // Every connection is cut, again and again, while keys are changed.
      for _ in 0..<5 {
        _ = try? await source.source.other.send(
          RESPCommand("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"))
        _ = try? await source.make(.setTTL(.fromNow(milliseconds: 5_000_000)), of: key)
      }
      // Until the connection is there again.
      var isDone = false
      for _ in 0..<400 where !isDone {
        isDone = (try? await source.make(.delete, of: key).isDone) ?? false
        if !isDone { try await Task.sleep(for: .milliseconds(25)) }
      }
      #expect(isDone)
      #expect(try await source.source.other.send(RESPCommand("EXISTS", [key.bytes])).integer == 0)
      let other = try await inDatabaseZero(source, RESPCommand("GET", [key.bytes]))
      #expect(other.bytes == [1])
    }
  }

  @discardableResult
  private func inDatabaseZero(
    _ source: JournaledSource, _ command: RESPCommand
  ) async throws -> RESPValue {
    try await source.source.other.exclusively(for: nil) { connection throws(ChannelError) in
      let replies = try await connection.send([
        RESPCommand("SELECT", "0"), command, RESPCommand("SELECT", "3"),
      ])
      return replies[1]
    }
  }

  @Test("Binary or unprintable values corrupted on save", arguments: SourceKind.allCases)
  func everyByteSurvives(_ kind: SourceKind) async throws {
    let name = CacheKey(everyByte)
    let values: [NewValue] = [
      .string(everyByte), .hash([HashField(field: everyByte, value: everyByte)]),
      .list([everyByte]), .set([everyByte]),
      .sortedSet([ScoredMember(member: everyByte, score: 1)]),
    ]
    try await JournaledSource.with(kind) { source in
      for value in values {
        _ = try await source.made(.create(value, nil), of: name)
        let renamed = CacheKey(bytes("{|}") + everyByte.reversed())
        _ = try await source.made(.rename(to: renamed, replacing: false), of: name)
        let written = try await source.picture(renamed).content
        #expect(written == value.content.inOrder)
        let change = try await source.made(.delete, of: renamed)
        #expect(try await source.takeBack(change).restored == 1)
        #expect(try await source.picture(renamed).content == written)
        _ = try await source.made(.delete, of: renamed)
      }
    }
  }

  @Test("A list element deleted by index hits another one", arguments: SourceKind.overSockets)
  func elementsAreRemovedByPositionAndValue(_ kind: SourceKind) async throws {
    try await JournaledSource.with(kind) { source in
      let mine = (0..<40).map { bytes("mine \($0)") }
      try await source.fill(key, .list(mine))
      let stop = PlanControl()
      async let pushed = push(source, until: stop)
      var removed: Set<[UInt8]> = []
      for _ in 0..<60 {
        guard let page = try await source.backend.read(key, within: .standard),
          case .list(_, let elements) = page.content,
          let place = elements.lastIndex(where: { mine.contains($0) })
        else { break }
        let batch = try await source.make(
          .removeElement(at: Int64(place), expected: elements[place]), of: key)
        if batch.isDone { removed.insert(elements[place]) }
      }
      stop.cancel()
      let theirs = try await pushed
      guard case .list(_, let left)? = try await source.picture(key).content else {
        Issue.record("the list has gone")
        return
      }
      #expect(left.count == theirs + mine.count - removed.count)
      #expect(Set(left).isDisjoint(with: removed))
    }
  }

  /// Pushes to the head until told to stop; how many.
  private func push(_ source: JournaledSource, until stop: PlanControl) async throws -> Int {
    var count = 0
    while !stop.isCancelled, count < 400 {
      count += 1
      try await source.send([RESPCommand("LPUSH", [key.bytes, bytes("theirs \(count)")])])
      for _ in 0..<20 { await Task.yield() }
    }
    return count
  }

  @Test("Create overwrites", arguments: SourceKind.allCases)
  func creatingNeverOverwrites(_ kind: SourceKind) async throws {
    let values: [NewValue] = [
      .string([1]), .hash([HashField(field: [1], value: [2])]), .list([[1]]), .set([[1]]),
      .sortedSet([ScoredMember(member: [1], score: 1)]),
    ]
    try await JournaledSource.with(kind) { source in
      for old in values {
        try await source.fill(key, old)
        let before = try await source.picture(key)
        for new in values {
          let batch = try await source.make(.create(new, nil), of: key)
          #expect(batch.results == [.success(.alreadyExists)])
        }
        #expect(try await source.picture(key) == before)
      }
    }
  }

  @Test(
    "A bulk delete reports success and deletes nothing, or stops", arguments: SourceKind.allCases)
  func plansReportWhatTheyDid(_ kind: SourceKind) async throws {
    try await JournaledSource.with(kind) { source in
      let names = (0..<3000).map { CacheKey("bulk:\($0)") }
      try await source.send(names.map { RESPCommand("SET", [$0.bytes, [1]]) })
      let supply = Supply([
        Array(names[..<1300]), [], Array(names[1300...]) + [CacheKey("bulk:none")],
      ])
      let world = PlanRun.Surroundings(now: { 0 }, rest: { _ in }, look: { nil })
      let report = await PlanRun(.delete, source.changes, world)
        .run(source.header("bulk"), total: 3001) { supply.next() }
      #expect(report.done == 3000 && report.gone == 1 && report.isComplete)
      #expect(try await source.source.other.send(RESPCommand("DBSIZE")).integer == 0)
    }
  }
}

/// Hands pages of keys out in turn.
private final class Supply: Sendable {
  private let pages: Mutex<ArraySlice<[CacheKey]>>

  init(_ pages: [[CacheKey]]) {
    self.pages = Mutex(pages[...])
  }

  func next() -> [CacheKey]? { pages.withLock { $0.popFirst() } }
}
