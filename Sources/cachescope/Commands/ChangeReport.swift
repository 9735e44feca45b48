import CacheModel
import ValueDecoding

/// What became of changing keys, told one by one: results to standard output, failures to standard
/// error, so that a part that failed does not hide what was done.
struct ChangeReport {
  let output: CommandOutput
  /// The word for a change that was made: `deleted`.
  let doneWord: String

  func tell(_ outcome: ChangeOutcome, of key: CacheKey) {
    switch outcome {
    case .done: result(doneWord, key)
    case .nothingToDo: result("unchanged", key)
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

  private func result(_ word: String, _ key: CacheKey) {
    guard output.isJSON else { return output.line("\(word) \(key.shown)") }
    var writer = JSONWriter()
    writer.beginObject()
    writer.write(key)
    writer.key("result")
    writer.string(word)
    writer.endObject()
    output.line(writer.text)
  }

  /// A key that the server refused; it may allow the next one.
  func tell(_ refusal: CommandFailure, of key: CacheKey) {
    fail(refusal.kind, "\(key.shown): \(refusal.message)")
  }

  private func fail(_ kind: CommandFailure.Kind, _ message: String) {
    output.tell(CommandFailure(kind, message))
  }
}

extension ScriptSession {
  /// Makes a change without keeping the old state.
  func apply(_ change: KeyChange, to key: CacheKey) async throws(CommandFailure) -> ChangeOutcome {
    try await ask { backend throws(BackendError) in
      try await backend.apply(change, to: key, undoLimit: nil)
    }
  }

  /// Makes a change of one key among several and tells what became of it. Only what concerns all
  /// keys, such as a lost connection, is thrown.
  func apply(
    _ change: KeyChange, to key: CacheKey, telling report: ChangeReport
  ) async throws(CommandFailure) {
    do throws(CommandFailure) {
      report.tell(try await apply(change, to: key), of: key)
    } catch {
      guard error.kind == .server else { throw error }
      report.tell(error, of: key)
    }
  }
}
