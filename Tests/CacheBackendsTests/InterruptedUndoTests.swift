import CacheBackends
import CacheModel
import ChangeJournal
import Plans
import SystemIO
import TestSupport
import Testing

/// Undo that is interrupted and asked for again, on a real source with a real journal.
@Suite(.timeLimit(.minutes(5))) struct InterruptedUndoTests {
  private let keys = (0..<6).map { CacheKey("k:\($0)") }

  /// Each time the same keys come first and are as before already. They count once: what was never
  /// reached can be taken back until it is.
  @Test(arguments: [SourceKind.redisRESP3, .engineRESP3])
  func whatWasNotReachedCanStillBeTakenBack(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    let folder = try TemporaryFolder("interrupted")
    let journal = try await Journal.open(
      in: folder.path,
      JournalOptions { WallTime(milliseconds: SystemClock.wallMilliseconds) })
    let identity = try await source.backend.open().identity
    let changes = JournaledChanges(source.backend, keeper: journal)
    func header(_ title: String) -> ChangeHeader {
      ChangeHeader(
        title: title, at: WallTime(milliseconds: SystemClock.wallMilliseconds),
        source: identity, address: kind.rawValue)
    }
    for key in keys {
      _ = try await source.backend.apply(
        .create(.string([7]), .fromNow(milliseconds: 80_000_000)), to: key, undoLimit: nil)
    }
    let change = try await changes.begin(header("persist"))
    for start in stride(from: 0, to: keys.count, by: 2) {
      let batch = keys[start..<start + 2].map { KeyedChange(key: $0, change: .setTTL(.persist)) }
      _ = try await change.apply(batch)
    }
    _ = await change.finish(lost: 0)
    let id = try #require(change.id)

    for _ in 0..<3 {
      let report = try await changes.takeBack(id, overwriting: false, header("back")) { _ in
        false
      }
      #expect(report.isCancelled && report.restored == 2)
      let entry = try #require(try await journal.entry(id))
      #expect(entry.keptCount == 4 && entry.canBeTakenBack)
    }
    let report = try await changes.takeBack(id, overwriting: false, header("back"))
    #expect(report.restored == 6)
    #expect(try await journal.entry(id)?.standing == .takenBack)
    for key in keys {
      let page = try await source.backend.read(key, within: .standard)
      #expect(page?.lifetime != .unlimited, "\(key)")
    }
    await journal.close()
    await source.close()
  }
}
