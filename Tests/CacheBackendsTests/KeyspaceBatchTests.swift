import CacheBackends
import CacheModel
import RESP
import Testing

/// Whatever was done in batches can be taken back in batches: the first keyspace is there again, but
/// for what another client has written meanwhile.
@Suite(.timeLimit(.minutes(5))) struct KeyspaceBatchTests {
  private struct State: Equatable {
    var content: ValueContent
    var deadline: Int64
  }

  private static let count = 120

  private func keyspace(_ source: SourceUnderTest) async throws -> [CacheKey: State] {
    var states: [CacheKey: State] = [:]
    for key in source.kind.names(Self.count) {
      guard let page = try await source.backend.read(key, within: .standard) else { continue }
      states[key] = State(
        content: page.content.inOrder, deadline: try await source.deadline(key) ?? -9)
    }
    return states
  }

  private func differences(
    _ one: [CacheKey: State], _ two: [CacheKey: State]
  ) -> Set<CacheKey> {
    var different: Set<CacheKey> = []
    for key in Set(one.keys).union(two.keys) {
      guard let first = one[key], let second = two[key] else {
        if one[key] != two[key] { different.insert(key) }
        continue
      }
      if first.content != second.content || abs(first.deadline - second.deadline) > 5 {
        different.insert(key)
      }
    }
    return different
  }

  private func batch(_ chooser: inout ChangeChooser, _ source: SourceUnderTest) async throws
    -> [KeyedChange]
  {
    let deadline = WallTime(milliseconds: try await source.now() + 2_000_000)
    let quick: [KeyChange] = [
      .delete, .setTTL(.persist), .setTTL(.until(deadline)),
      .setTTL(.fromNow(milliseconds: 1_500_000)),
    ]
    var changes: [KeyedChange] = []
    for _ in 0..<60 {
      let key = chooser.name()
      if chooser.isHeads(of: 4) {
        let content = try await source.backend.read(key, within: .standard)?.content
        changes.append(KeyedChange(key: key, change: chooser.change(of: key, content)))
      } else {
        changes.append(KeyedChange(key: key, change: chooser.choice(of: quick)))
      }
    }
    return changes
  }

  @Test(arguments: SourceKind.unhurried, [false, true])
  func allBatchesCanBeTakenBack(_ kind: SourceKind, _ hasOtherWriter: Bool) async throws {
    let seed = UInt64.random(in: 1 ... .max)
    let source = try SourceUnderTest(kind)
    let backend = source.backend
    _ = try await backend.open()
    let names = kind.names(Self.count)
    var chooser = ChangeChooser(seed: seed, names: names, staysInSlot: kind == .redisCluster)
    for key in names.prefix(100) {
      _ = try await backend.apply(
        .create(chooser.value(), chooser.lifetime()), to: key, undoLimit: nil)
    }
    let first = try await keyspace(source)
    var records: [UndoRecord] = []
    for _ in 0..<6 {
      let changes = try await batch(&chooser, source)
      for result in await backend.apply(changes, undoLimit: 1 << 20) {
        if case .success(.done(let record)) = result {
          records.append(try #require(record, "seed \(seed)"))
        }
        if case .failure(let error) = result { Issue.record("seed \(seed): \(error)") }
      }
    }
    #expect(records.count > 100, "seed \(seed)")
    // Of keys that nothing has been done to, and of some that have been changed.
    let theirs = hasOtherWriter ? Set((0..<10).map { _ in chooser.name() }) : []
    for key in theirs { try await source.run("SET", key.bytes, bytes("theirs")) }
    let touched = Set(records.filter { !theirs.isDisjoint(with: $0.keys) }.flatMap(\.keys))
    let results = await backend.undo(records.reversed(), overwriting: false)
    for (record, result) in zip(records.reversed(), results) {
      switch result {
      case .success(.restored): break
      // Of a key that was gone by then there may be nothing to put back.
      case .success(.changedMeanwhile), .success(.asBefore):
        #expect(hasOtherWriter, "seed \(seed): \(record.key)")
      default: Issue.record("seed \(seed): \(result)")
      }
    }
    let last = try await keyspace(source)
    for key in theirs {
      #expect(last[key] == State(content: .string(bytes("theirs")), deadline: -1), "seed \(seed)")
    }
    let different = differences(first, last).subtracting(theirs)
    // A rename that could not be taken back leaves its other key as it is too.
    if !hasOtherWriter { #expect(different.isEmpty, "seed \(seed)") }
    #expect(different.count <= touched.count * 4, "seed \(seed)")
    await source.close()
  }
}
