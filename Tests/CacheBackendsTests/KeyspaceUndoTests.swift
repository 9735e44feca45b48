import CacheBackends
import CacheModel
import RESP
import Testing

/// Whatever was done can be taken back: after random changes of random keys, undoing all of them,
/// last first, gives the keyspace that was there before; redoing all gives the later one again.
@Suite(.timeLimit(.minutes(5))) struct KeyspaceUndoTests {
  private struct State: Equatable {
    var content: ValueContent
    var deadline: Int64
    var tags: [[UInt8]]
  }

  private func keyspace(_ source: SourceUnderTest) async throws -> [CacheKey: State] {
    var states: [CacheKey: State] = [:]
    for key in source.kind.names(8) {
      guard let page = try await source.backend.read(key, within: .standard) else { continue }
      states[key] = State(
        content: page.content.inOrder, deadline: try await source.deadline(key) ?? -9,
        tags: try await tags(of: key, source))
    }
    return states
  }

  /// The engine alone keeps tags.
  private func tags(of key: CacheKey, _ source: SourceUnderTest) async throws -> [[UInt8]] {
    guard source.kind.isEngine else { return [] }
    return try await source.run("CACHESCOPE.TAGS", key.bytes).elements?.compactMap(\.bytes) ?? []
  }

  private func isSame(_ one: [CacheKey: State], _ two: [CacheKey: State]) -> Bool {
    one.keys == two.keys
      && one.allSatisfy { key, state in
        guard let other = two[key] else { return false }
        return other.content == state.content && other.tags == state.tags
          && abs(other.deadline - state.deadline) <= 5
      }
  }

  @Test(arguments: SourceKind.unhurried)
  func allChangesCanBeTakenBack(_ kind: SourceKind) async throws {
    let seed = UInt64.random(in: 1 ... .max)
    let source = try SourceUnderTest(kind)
    let backend = source.backend
    _ = try await backend.open()
    let names = kind.names(8)
    var chooser = ChangeChooser(seed: seed, names: names, staysInSlot: kind == .redisCluster)
    for key in names.prefix(5) {
      _ = try await backend.apply(
        .create(chooser.value(), chooser.lifetime()), to: key, undoLimit: nil)
      if kind.isEngine {
        try await source.run("CACHESCOPE.TAG", key.bytes, [key.bytes[0]], bytes("all"), everyByte)
      }
    }
    let first = try await keyspace(source)
    var records: [UndoRecord] = []
    for _ in 0..<250 {
      let key = chooser.name()
      let content = try await backend.read(key, within: .standard)?.content
      let change = chooser.change(of: key, content)
      let outcome = try await backend.apply(change, to: key, undoLimit: 1 << 20)
      if case .done(let record) = outcome {
        records.append(try #require(record, "seed \(seed), \(change)"))
      }
    }
    #expect(records.count > 100, "seed \(seed)")
    let last = try await keyspace(source)
    for _ in 0..<2 {
      records = try await takeBack(records, backend, seed)
      #expect(isSame(try await keyspace(source), first), "seed \(seed)")
      records = try await takeBack(records, backend, seed)
      #expect(isSame(try await keyspace(source), last), "seed \(seed)")
    }
    await source.close()
  }

  /// Takes all back, last first; answers what takes that back.
  private func takeBack(
    _ records: [UndoRecord], _ backend: RedisBackend, _ seed: UInt64
  ) async throws -> [UndoRecord] {
    var redo: [UndoRecord] = []
    for record in records.reversed() {
      let outcome = try await backend.undo(record, overwriting: false)
      guard case .restored(let again?) = outcome else {
        Issue.record("seed \(seed): \(outcome)")
        return []
      }
      redo.append(again)
    }
    return redo
  }
}
