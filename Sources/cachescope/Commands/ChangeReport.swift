import CacheModel
import SystemIO
import TerminalCanvas
import ValueDecoding

/// What became of changing keys, told one by one: results to standard output, failures to standard
/// error, so that a part that failed does not hide what was done.
struct ChangeReport {
  let output: CommandOutput
  /// The word for a change that was made: `deleted`.
  let doneWord: String
  /// Why a key stays as it is, where that has one reason.
  var unchangedWords: String?
  /// Whether the profile keeps nothing by which a change can be taken back.
  var cannotBeUndone = false

  /// `lifetime` is the key's after the change, where the change is about it.
  func tell(_ outcome: ChangeOutcome, of key: CacheKey, lifetime: Lifetime? = nil) {
    switch outcome {
    case .done: done(key, lifetime)
    case .nothingToDo: result("unchanged", key, detail: unchangedWords.map { ": \($0)" } ?? "")
    case .gone: fail(.notFound, "no such key: \(key.shown)")
    case .elementGone: fail(.notFound, "\(key.shown) does not hold that")
    case .elementExists: fail(.conflict, "\(key.shown) holds that already")
    case .alreadyExists:
      fail(.conflict, "\(key.shown) exists; without --create it would be replaced")
    case .otherKind(let kind):
      fail(.conflict, "\(key.shown) holds a \(kind.redisName); --replace would replace it")
    case .changedMeanwhile:
      fail(.conflict, "\(key.shown) was changed by somebody else meanwhile; nothing was done to it")
    }
  }

  private func done(_ key: CacheKey, _ lifetime: Lifetime?) {
    let loss = cannotBeUndone ? " (cannot be undone)" : ""
    if doneWord == Self.endsLater, Self.isOver(lifetime) {
      return result("expired now", key, detail: loss)
    }
    result(doneWord, key, lifetime, detail: (lifetime.map(Self.words) ?? "") + loss)
  }

  /// The word for a key that was given an end.
  static let endsLater = "expires"

  /// Whether the key has gone with its new TTL, or is about to.
  private static func isOver(_ lifetime: Lifetime?) -> Bool {
    guard let lifetime else { return true }
    return lifetime.ttl.map { $0.milliseconds <= 1 } ?? false
  }

  private func result(
    _ word: String, _ key: CacheKey, _ lifetime: Lifetime? = nil, detail: String = ""
  ) {
    guard output.isJSON else { return output.line("\(word) \(key.shown)\(detail)") }
    var writer = JSONWriter()
    writer.beginObject()
    writer.write(key)
    writer.key("result")
    writer.string(word)
    if let lifetime { writer.write(lifetime) }
    writer.endObject()
    output.line(writer.text)
  }

  /// ` in 10:00, at 2026-11-21T10:00:00.123Z`, by this machine's clock.
  private static func words(_ lifetime: Lifetime) -> String {
    guard let left = lifetime.ttl?.milliseconds else { return "" }
    let (end, overflow) = SystemClock.wallMilliseconds.addingReportingOverflow(left)
    let time = overflow ? "" : ", at \(UTCTime(WallTime(milliseconds: end)).text)"
    return " in \(FigureFormat.duration(milliseconds: left))\(time)"
  }

  /// A key that the server refused; it may allow the next one.
  func tell(_ refusal: CommandFailure, of key: CacheKey) {
    fail(refusal.kind, "\(key.shown): \(refusal.message)")
  }

  private func fail(_ kind: CommandFailure.Kind, _ message: String) {
    output.tell(CommandFailure(kind, message))
  }
}
