import CacheModel
import KeyQuery

/// `keys`: lists keys as they are found, or in order once all are known.
///
/// A walk over a keyspace may report a key twice; what has been listed is remembered by a
/// fingerprint of 128 bits, so that a name is neither kept nor listed again.
struct KeysCommand: ScriptCommand {
  private let glob: [UInt8]?
  private let query: Query?
  private let sort: KeySortField?
  private let isReversed: Bool
  private let limit: Int
  private let namesOnly: Bool

  private static let scanCount = 1000
  private static let describeCount = 250

  init(_ line: ParsedCommandLine) throws(UsageError) {
    glob = line.value(.match).map { Array($0.utf8) }
    query = try line.query()
    sort = try line.choice(.sort, KeySortField.self)
    isReversed = line.has(.reverse)
    limit = try line.optionalNumber(.limit, in: 0...Int(Int32.max)) ?? .max
    namesOnly = line.has(.names)
    if isReversed, sort == nil {
      throw UsageError(
        "--reverse needs --sort; for example --sort ttl --reverse", command: .keys)
    }
    if namesOnly, let sort, sort != .key {
      throw UsageError(
        "--names asks for nothing to sort by \(sort.rawValue); sort by key or leave --names out",
        command: .keys)
    }
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    if let query {
      try session.check(query)
      session.tellCost(of: query)
    }
    let listing = KeyListing(session, namesOnly: namesOnly)
    if limit > 0 { listing.begin() }
    var collected: [KeySummary] = []
    var left = limit
    var search = try await KeySearch(
      session, glob: glob, query: query, count: Self.scanCount)
    while left > 0,
      let found = try await session.ask({ _ throws(BackendError) in
        try await search.next()
      })
    {
      let summaries = try await described(found, session)
      if sort != nil {
        collected += summaries
      } else {
        listing.add(summaries.prefix(left))
        left -= min(left, summaries.count)
      }
    }
    if let sort {
      let order = collected.sorted { sort.isOrdered($0, $1, reversed: isReversed) }
      listing.add(order.prefix(limit))
    }
    try search.finish()
  }

  /// What the list shows of these keys beyond what is known already; keys that have gone meanwhile
  /// are left out.
  private func described(
    _ known: [KeySummary], _ session: ScriptSession
  ) async throws(CommandFailure) -> [KeySummary] {
    if namesOnly { return known }
    let needsAll = session.output.isJSON || sort == .idle
    let detail = (needsAll ? SummaryDetail.everything : .sizes).subtracting(query?.detail ?? [])
    var found: [KeySummary] = []
    for start in stride(from: 0, to: known.count, by: Self.describeCount) {
      let portion = Array(known[start..<min(start + Self.describeCount, known.count)])
      let answers = try await session.ask { backend throws(BackendError) in
        try await backend.describe(portion.map(\.key), detail)
      }
      for (summary, answer) in zip(portion, answers) {
        guard var answer else { continue }
        answer.fill(from: summary)
        found.append(answer)
      }
    }
    return found
  }
}
