import CacheModel
import ChangeJournal
import Glibc
import SystemIO
import TestSupport

// Keeps and settles batches in a journal until it is killed, and tells of each on standard output
// once the journal has answered: `kept CHANGE BATCH SEED COUNT`, `settled BATCH`, `finished CHANGE`.

let arguments = CommandLine.arguments
guard arguments.count == 3, let seed = UInt64(arguments[2]) else {
  print("usage: JournalProbe FOLDER SEED")
  exit(2)
}
var options = JournalOptions { WallTime(milliseconds: SystemClock.wallMilliseconds) }
options.patienceMilliseconds = 60_000
let journal = try await Journal.open(in: arguments[1], options)
let source = SourceIdentity(serverID: "probe", database: 0)

/// One write, so that a line is told whole or not at all.
@Sendable func tell(_ line: String) {
  let bytes = Array("\(line)\n".utf8)
  _ = write(1, bytes, bytes.count)
}

@Sendable func keepBatches(of change: ChangeID, _ random: SeededRandom) async throws {
  var random = random
  for _ in 0..<Int.random(in: 1...6, using: &random) {
    let seed = random.next()
    let count = Int.random(in: 1...40, using: &random)
    let batch = try await journal.keep(
      RandomRecords.batch(seed: seed, count: count), of: change)
    tell("kept \(change.number) \(batch.number) \(seed) \(count)")
    guard Int.random(in: 0...3, using: &random) > 0 else { continue }
    try await journal.settle(batch, RandomRecords.batch(seed: seed, count: count))
    tell("settled \(batch.number)")
  }
}

var random = SeededRandom(seed: seed)
while true {
  let change = try await journal.begin(
    ChangeHeader(
      title: "a change", at: WallTime(milliseconds: SystemClock.wallMilliseconds),
      source: source, address: "redis://probe"))
  let (first, second) = (SeededRandom(seed: random.next()), SeededRandom(seed: random.next()))
  async let one: Void = keepBatches(of: change, first)
  async let two: Void = keepBatches(of: change, second)
  _ = try await (one, two)
  try await journal.finish(change, lost: 0)
  tell("finished \(change.number)")
}
