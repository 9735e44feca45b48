import CacheModel
import ChangeJournal
import SystemIO
import TestSupport
import Testing

/// A journal that keeps names and times alone.
@Suite struct NamesAloneTests {
  /// Not on the way either: what is kept and not settled yet, as after a crash, holds no value.
  @Test func noValueIsEverInItsFiles() async throws {
    let scratch = try Scratch()
    let record = UndoRecord(
      KeyTransition(
        key: CacheKey("n4Qz7LkP0"),
        before: StoredState(payload: Array("x7Kp2vW9qLmZ4tRb8sYc".utf8), deadline: nil),
        after: .absent),
      origin: Sample.source)
    func isFound(_ text: String) throws -> Bool {
      try ["", "-wal"].contains { suffix in
        let bytes = try FileBytes.read(path: scratch.file + suffix, limit: 64 << 20)
        return String(decoding: bytes, as: UTF8.self).contains(text)
      }
    }
    let journal = try await scratch.journal(keepsValues: false)
    let change = try await journal.begin(Sample.header())
    let batch = try await journal.keep([record], of: change)
    #expect(try isFound("n4Qz7LkP0") && !isFound("x7Kp2vW9qLmZ4tRb8sYc"))
    try await journal.settle(batch, [record])
    try await journal.finish(change, lost: 0)
    #expect(try isFound("n4Qz7LkP0") && !isFound("x7Kp2vW9qLmZ4tRb8sYc"))
  }
}
