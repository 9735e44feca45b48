import CacheModel
import ChangeJournal
import Glibc
import SystemIO
import TestSupport
import Testing

/// Programs that keep batches are killed at random moments.
@Suite struct JournalKillTests {
  /// Every batch that the journal said it had kept is there afterwards, as it was, and what was not
  /// finished is interrupted.
  @Test func everyKeptBatchIsThereAfterAKill() async throws {
    let scratch = try Scratch()
    let seed = LongRun.seed(21, for: "kills")
    var random = SeededRandom(seed: seed)
    var batches = 0
    for _ in 0..<(LongRun.factor > 1 ? 200 : 6) {
      let moment = Int32.random(in: 30...400, using: &random)
      let lines = try killed(
        in: scratch.path, count: 2, afterMilliseconds: moment, seed: random.next())
      batches += try await check(lines, scratch)
    }
    #expect(batches > 10)
  }

  /// Runs several programs for a moment, kills them, and answers what they told.
  private func killed(
    in folder: String, count: Int, afterMilliseconds moment: Int32, seed: UInt64
  ) throws -> [String] {
    let pipe = try OwnedDescriptor.pipe(nonBlocking: false)
    let program = BuiltProgram.path("JournalProbe")
    var children: [Int32] = []
    for place in 0..<count {
      children.append(
        try ChildProcess.startDetached(
          program, ["JournalProbe", folder, "\(seed &+ UInt64(place))"], output: pipe.writeEnd))
    }
    let reader = pipe.takenReadEnd()
    poll(nil, 0, moment)
    for child in children { kill(child, SIGKILL) }
    var text: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 1 << 16)
    while case .bytes(let count) = try room.withUnsafeMutableBytes({ try reader.read(into: $0) }) {
      text += room[..<count]
    }
    for child in children { waitpid(child, nil, 0) }
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// How many batches the lines tell of, all of which were found.
  private func check(_ lines: [String], _ scratch: Scratch) async throws -> Int {
    let journal = try await scratch.journal()
    let finished = Set(
      lines.filter { $0.hasPrefix("finished") }.map { $0.split(separator: " ")[1] })
    let settled = Set(lines.filter { $0.hasPrefix("settled") }.map { $0.split(separator: " ")[1] })
    var count = 0
    for line in lines where line.hasPrefix("kept") {
      let words = line.split(separator: " ")
      let numbers = words.dropFirst().compactMap { UInt64($0) }
      try #require(numbers.count == 4, "\(line)")
      let kept = try await journal.records(in: BatchID(Int64(numbers[1])))
      let written = RandomRecords.batch(seed: numbers[2], count: Int(numbers[3]))
      #expect(kept.map(\.record) == written, "\(line)")
      let isSettled = kept.allSatisfy(\.isSettled)
      #expect(isSettled || !settled.contains(words[2]), "\(line)")
      let entry = try await journal.entry(ChangeID(Int64(numbers[0])))
      #expect(entry?.standing == (finished.contains(words[1]) ? .done : entry?.standing))
      #expect(entry?.standing != .underWay, "\(line)")
      count += 1
    }
    await journal.close()
    return count
  }
}
