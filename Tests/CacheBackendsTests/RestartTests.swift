import CacheBackends
import CacheModel
import Plans
import RESP
import TestSupport
import Testing

/// Records of a server that goes by another id by now, and looking before anything is put back.
@Suite(.timeLimit(.minutes(5))) struct RestartTests {
  /// The source says that its data went by `former` before.
  private static func told(
    _ former: String
  ) -> @Sendable (SourceUnderTest) -> any RESPChannel {
    { source in
      MappedChannel(
        inner: source.channel,
        answered: { command, reply in
          guard command.verb == "INFO", let text = reply.text else { return reply }
          let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map { line in
            // A cluster is known by its nodes, one of which has gone.
            let ofNodes = line.hasPrefix("cluster_node_ids:") && former.contains { $0 != "0" }
            return line.hasPrefix("master_replid2:")
              ? "" : ofNodes ? "\(line),\(former)" : String(line)
          }
          let told = lines + ["master_replid2:\(former)", ""]
          return .bulk(bytes(told.joined(separator: "\r\n")))
        })
    }
  }

  private let former = String(repeating: "0123456789", count: 4)
  private let nobody = String(repeating: "0", count: 40)
  private let keys = ["a", "b", "c"].map { CacheKey($0) }

  private func delete(_ source: JournaledSource) async throws -> ChangeID {
    for key in keys { try await source.fill(key, .string(key.bytes)) }
    let batch = try await source.changes.make(
      keys.map { KeyedChange(key: $0, change: .delete) }, source.header("delete"))
    let origin = origin(on: source.source.kind)
    return try await source.keepAgain(batch.change) { $0.origin.serverID = origin }
  }

  private func origin(on kind: SourceKind) -> String {
    kind == .redisCluster ? "cluster:\(former)" : former
  }

  @Test(arguments: SourceKind.overSockets)
  func aFormerIDIsTheSameData(_ kind: SourceKind) async throws {
    try await JournaledSource.with(kind, through: Self.told(former)) { source in
      let before = try await delete(source)
      #expect(source.identity.formerIDs.contains(origin(on: kind)))
      #expect(source.identity.formerIDs.count == (kind == .redisCluster ? 6 : 1))
      // One alone, and many at once.
      let records = try await source.keeper.records(in: source.keeper.batches(of: before)[0])
      let alone = try await source.backend.undo(records[0].record, overwriting: false)
      guard case .restored(let redo?) = alone else {
        Issue.record("\(alone)")
        return
      }
      #expect(redo.origin.serverID == source.identity.serverID)
      _ = try await source.backend.undo(redo, overwriting: false)
      let report = try await source.takeBack(before)
      #expect(report.restored == 3 && report.otherSource == 0)
      for key in keys { #expect(try await source.source.value(key) == key.bytes) }
      // What takes that back belongs to the present id.
      let again = try #require(report.change)
      let kept = try await source.keeper.records(in: source.keeper.batches(of: again)[0])
      #expect(kept.allSatisfy { $0.record.origin.serverID == source.identity.serverID })
    }
  }

  @Test(arguments: SourceKind.overSockets)
  func anUnknownIDIsTakenOnlyWhenToldSo(_ kind: SourceKind) async throws {
    try await JournaledSource.with(kind, through: Self.told(nobody)) { source in
      let before = try await delete(source)
      #expect(source.identity.formerIDs.count == (kind == .redisCluster ? 5 : 0))
      #expect(try await source.takeBack(before).otherSource == 3)
      try await source.fill(keys[1], .string(bytes("newer")))
      let report = try await source.changes.takeBack(
        before, overwriting: false, adopting: true, source.header("undo"))
      #expect(report.restored == 2 && report.newerKeys == [keys[1]] && report.otherSource == 0)
      #expect(try await source.source.value(keys[1]) == bytes("newer"))
      #expect(try await source.source.value(keys[0]) == keys[0].bytes)
    }
  }

  /// What is foreseen is what comes of it, and foreseeing changes nothing.
  @Test(arguments: SourceKind.allCases)
  func whatIsForeseenComesTrue(_ kind: SourceKind) async throws {
    try await JournaledSource.with(kind) { source in
      let names = ["gone", "newer", "same", "expired", "changed"].map { CacheKey($0) }
      for key in names { try await source.fill(key, .string(key.bytes)) }
      try await source.fill(names[3], .string([1]), ttl: 6000)
      let deleted = try await source.changes.make(
        names.dropLast().map { KeyedChange(key: $0, change: .delete) }, source.header("delete"))
      let changed = try await source.made(.setTTL(.persist), of: names[4])
      let change = try #require(deleted.change)
      try await source.fill(names[1], .string(bytes("newer")))
      // Somebody has put it back already, exactly as it was.
      let records = try await source.keeper.records(in: source.keeper.batches(of: change)[0])
      try #require(records.count == 4)
      _ = try await source.source.backend.undo(records[2].record, overwriting: false)
      while try await source.source.now() <= records[3].record.deadline {}
      let pictures = try await source.pictures(names)

      var foreseeing = Foreseeing(source.backend, keeper: source.keeper)
      let foreseen = try await foreseeing.look(at: change)
      #expect(foreseen.restored == 2 && foreseen.newerKeys == [names[1]])
      #expect(foreseen.expiredKeys == [names[3]] && foreseen.otherSource == 0)
      #expect(try await foreseeing.look(at: try #require(changed)).restored == 1)
      #expect(try await source.pictures(names) == pictures)

      let elsewhere = try await source.keepAgain(change) { $0.origin.serverID = former }
      var other = Foreseeing(source.backend, keeper: source.keeper)
      #expect(try await other.look(at: elsewhere).otherSource == 4)
      var adopting = Foreseeing(
        source.backend, keeper: source.keeper, adopter: source.identity)
      #expect(try await adopting.look(at: elsewhere).newer == 1)

      let report = try await source.takeBack(change)
      #expect(report.restored == 2 && report.newerKeys == [names[1]])
      #expect(report.expiredKeys == [names[3]])
    }
  }

  /// An older change of a key counts as what becomes of the newer one.
  @Test func changesOfOneKeyAreForeseenTogether() async throws {
    try await JournaledSource.with(.redisRESP3) { source in
      try await source.fill(keys[0], .string(bytes("one")))
      let first = try await source.made(.setTTL(.persist), of: keys[0])
      let second = try await source.made(.delete, of: keys[0])
      var foreseeing = Foreseeing(source.backend, keeper: source.keeper)
      #expect(try await foreseeing.look(at: try #require(second)).restored == 1)
      #expect(try await foreseeing.look(at: try #require(first)).restored == 1)
      try await source.fill(keys[0], .string(bytes("newer")))
      var later = Foreseeing(source.backend, keeper: source.keeper)
      #expect(try await later.look(at: try #require(second)).newer == 1)
      #expect(try await later.look(at: try #require(first)).newer == 1)
    }
  }
}

extension UndoRecord {
  fileprivate var deadline: Int64 { transitions[0].before?.deadline?.milliseconds ?? 0 }
}
