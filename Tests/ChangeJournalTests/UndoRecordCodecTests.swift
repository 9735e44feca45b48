import CacheModel
import ChangeJournal
import TestSupport
import Testing

@Suite struct UndoRecordCodecTests {
  @Test func recordsOfEveryShapeComeBack() throws {
    for seed in LongRun.seeds(1...40) {
      let records = RandomRecords.batch(seed: seed, count: 30)
      #expect(try UndoRecordCodec.decode(UndoRecordCodec.encode(records)) == records, "\(seed)")
    }
    #expect(try UndoRecordCodec.decode(UndoRecordCodec.encode([])).isEmpty)
  }

  @Test func whatIsCutOffIsNoBatch() throws {
    let bytes = UndoRecordCodec.encode(RandomRecords.batch(seed: 7, count: 8, largest: 20))
    for length in bytes.indices {
      #expect(throws: KeeperError.self, "\(length)") {
        try UndoRecordCodec.decode(Array(bytes[..<length]))
      }
    }
    #expect(throws: KeeperError.self) { try UndoRecordCodec.decode(bytes + [0]) }
  }

  @Test func anotherVersionIsNamed() throws {
    var bytes = UndoRecordCodec.encode(RandomRecords.batch(seed: 7, count: 1))
    bytes[0] = 9
    #expect(
      throws: KeeperError.damaged("a batch has version 9, and this program reads 1")
    ) { try UndoRecordCodec.decode(bytes) }
  }

  /// Whatever the bytes are: an answer or an error, and no room for what they claim to have.
  @Test func anyBytesAreSurvived() {
    var random = SeededRandom(seed: LongRun.seed(3, for: "any bytes"))
    let whole = UndoRecordCodec.encode(RandomRecords.batch(seed: 11, count: 6, largest: 30))
    for _ in 0..<(4000 * LongRun.factor) {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        bytes[place] =
          [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &random)]
          .randomElement(using: &random) ?? 0
      }
      if let records = try? UndoRecordCodec.decode(bytes) {
        #expect(UndoRecordCodec.encode(records).count <= bytes.count * 2)
      }
    }
  }

  @Test func aCountBeyondAllBytesIsRefused() {
    let huge: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
    #expect(throws: KeeperError.self) { try UndoRecordCodec.decode([1] + huge) }
    #expect(throws: KeeperError.self) { try UndoRecordCodec.decode([1, 0] + huge) }
    #expect(throws: KeeperError.self) { try UndoRecordCodec.decode([1] + huge + [0x7F]) }
  }
}
