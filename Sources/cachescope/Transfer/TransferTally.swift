import CacheModel
import Plans
import SystemIO
import TerminalCanvas
import ValueDecoding

/// What became of the entries of an import or a copy: told at the end, and on the way where somebody
/// looks on.
struct TransferTally: Sendable {
  private let output: CommandOutput
  /// `imported`, `copied`.
  private let doneWord: String
  private let conflict: ConflictChoice
  private(set) var done = 0
  private(set) var alreadyThere = 0
  private(set) var skipped = 0
  private(set) var expired = 0
  private(set) var failed = 0
  private var shownFailures = 0
  private var toldAt = SystemClock.monotonicMilliseconds
  private let isWatched = StandardStream.error.isTerminal

  /// Failures that are told one by one.
  private static let failuresShown = 20

  init(_ output: CommandOutput, doneWord: String, conflict: ConflictChoice) {
    self.output = output
    self.doneWord = doneWord
    self.conflict = conflict
  }

  /// What was under way when a source was lost is told with that, and not here.
  mutating func count(_ outcomes: [EntryOutcome]) {
    for outcome in outcomes {
      switch outcome.result {
      case .success(let fate): count(fate, of: outcome.key)
      case .failure(let error) where error.isOfOneKey:
        fail(CommandFailure(error).kind, error.sentence, outcome.key)
      case .failure: break
      }
    }
    showProgress()
  }

  private mutating func count(_ fate: EntryOutcome.Fate, of key: CacheKey) {
    switch fate {
    case .put: done += 1
    case .alreadyThere: alreadyThere += 1
    case .expired: expired += 1
    case .taken where conflict == .skip: skipped += 1
    case .taken: fail(.conflict, "exists already", key)
    case .otherSource: fail(.server, "the server has changed", key)
    case .gone: break
    }
  }

  private mutating func fail(_ kind: CommandFailure.Kind, _ reason: String, _ key: CacheKey) {
    failed += 1
    shownFailures += 1
    if shownFailures <= Self.failuresShown {
      output.tell(CommandFailure(kind, "\(key.shown): \(reason)"))
    } else if shownFailures == Self.failuresShown + 1 {
      output.note("further failures are only counted")
    }
  }

  /// A line on the terminal about once a second.
  private mutating func showProgress() {
    let now = SystemClock.monotonicMilliseconds
    guard isWatched, now - toldAt >= 1000 else { return }
    toldAt = now
    output.note("\(FigureFormat.grouped(done)) \(doneWord) …")
  }

  /// The result.
  func finish() {
    if output.isJSON {
      var writer = JSONWriter()
      writer.beginObject()
      writer.write(doneWord, Int64(done))
      writer.write("already_there", Int64(alreadyThere))
      writer.write("skipped", Int64(skipped))
      writer.write("expired", Int64(expired))
      writer.write("failed", Int64(failed))
      writer.endObject()
      return output.line(writer.text)
    }
    var parts = ["\(Self.entries(done)) \(doneWord)"]
    if alreadyThere > 0 { parts.append("\(FigureFormat.grouped(alreadyThere)) already there") }
    if skipped > 0 {
      parts.append("\(FigureFormat.grouped(skipped)) hold something else and stay as they are")
    }
    if expired > 0 { parts.append("\(FigureFormat.grouped(expired)) would have expired by now") }
    if failed > 0 { parts.append("\(FigureFormat.grouped(failed)) failed") }
    output.line(parts.joined(separator: ", "))
  }

  private static func entries(_ count: Int) -> String {
    count == 1 ? "1 entry" : "\(FigureFormat.grouped(count)) entries"
  }
}
