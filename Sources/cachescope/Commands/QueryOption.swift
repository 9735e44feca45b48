import CacheModel
import Explorer
import KeyQuery

extension ParsedCommandLine {
  /// `--where`, read and not contradicting itself; nil when it is not given.
  func query() throws(UsageError) -> Query? {
    guard let text = value(.whereQuery) else { return nil }
    let query: Query
    do throws(QueryError) {
      query = try Query(text)
    } catch {
      throw UsageError("--where: \(error.sentence)", command: command)
    }
    guard !query.isEmpty else {
      throw UsageError(.whereQuery, text, "holds no term", command: command)
    }
    if let refusal = query.contradiction {
      throw UsageError("--where: \(refusal.sentence)", command: command)
    }
    return query
  }
}

extension ScriptSession {
  /// Refuses a query that no key of the source can answer.
  func check(_ query: Query) throws(CommandFailure) {
    let ground = QueryGround(
      source, codecs: KnownCodecs.names, frameworks: KnownCodecs.frameworks)
    if let refusal = query.refusal(on: ground) {
      throw CommandFailure(.usage, "--where: \(refusal.sentence)")
    }
  }

  /// Says, when nothing was found, what was probably meant.
  func tellDoubt(about query: Query?) {
    if let doubt = query?.doubt { output.note("--where: \(doubt)") }
  }

  /// Says what a query will read before it does.
  func tellCost(of query: Query) {
    let reading = query.split(by: .fromValue).needing
    guard !reading.isEmpty else { return }
    let bound = ValueBound.standard
    output.note(
      "\(reading) reads the values of all keys that the rest of the query lets pass, of each up to "
        + "\(bound.bytes >> 20) MB or \(bound.elements) parts")
  }
}
