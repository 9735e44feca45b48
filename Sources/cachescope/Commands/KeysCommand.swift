import CacheModel
import ValueDecoding

/// `keys`: lists keys as they are found, or in order once all are known.
///
/// A walk over a keyspace may report a key twice; what has been listed is remembered by a
/// fingerprint of 128 bits, so that a name is neither kept nor listed again.
struct KeysCommand: ScriptCommand {
  private let glob: [UInt8]?
  private let query: KeyQuery?
  private let sort: KeySortField?
  private let isReversed: Bool
  private let limit: Int
  private let namesOnly: Bool

  private static let scanCount = 1000
  private static let describeCount = 250

  init(_ line: ParsedCommandLine) throws(UsageError) {
    glob = line.value(.match).map { Array($0.utf8) }
    query = try KeyQuery(line)
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
    let listing = KeyListing(session, namesOnly: namesOnly)
    if limit > 0 { listing.begin() }
    var collected: [KeySummary] = []
    var left = limit
    var walk = KeyWalk(session: session, glob: glob, count: Self.scanCount)
    while left > 0, let keys = try await walk.next() {
      let summaries = try await summaries(of: keys, session)
      if sort != nil {
        collected += summaries
      } else {
        listing.add(summaries.prefix(left))
        left -= min(left, summaries.count)
      }
    }
    guard let sort else { return }
    let order = collected.sorted { sort.isOrdered($0, $1, reversed: isReversed) }
    listing.add(order.prefix(limit))
  }

  /// What the list shows of the keys that the query finds; keys that have gone meanwhile are left
  /// out.
  private func summaries(
    of keys: [CacheKey], _ session: ScriptSession
  ) async throws(CommandFailure) -> [KeySummary] {
    guard let query else { return try await described(keys, session) }
    if query.needsKind {
      return try await described(keys, session, leastDetail: .lifetimes).filter {
        query.holds($0.key, $0.kind)
      }
    }
    return try await described(keys.filter { query.holds($0, nil) }, session)
  }

  private func described(
    _ keys: [CacheKey], _ session: ScriptSession, leastDetail: SummaryDetail? = nil
  ) async throws(CommandFailure) -> [KeySummary] {
    if namesOnly, leastDetail == nil { return keys.map { KeySummary(key: $0) } }
    let needsAll = session.output.isJSON || sort == .idle
    let detail = namesOnly ? leastDetail ?? .lifetimes : needsAll ? .everything : .sizes
    var found: [KeySummary] = []
    for start in stride(from: 0, to: keys.count, by: Self.describeCount) {
      let portion = Array(keys[start..<min(start + Self.describeCount, keys.count)])
      let answers = try await session.ask { backend throws(BackendError) in
        try await backend.describe(portion, detail)
      }
      found += answers.compactMap { $0 }
    }
    return found
  }
}

/// A walk over all keys that match, each once.
private struct KeyWalk {
  let session: ScriptSession
  let glob: [UInt8]?
  let count: Int
  private var cursor: ScanCursor? = .start
  private var seen: Set<KeyFingerprint> = []

  init(session: ScriptSession, glob: [UInt8]?, count: Int) {
    self.session = session
    self.glob = glob
    self.count = count
  }

  /// The next keys, perhaps none; nil at the end.
  mutating func next() async throws(CommandFailure) -> [CacheKey]? {
    guard let from = cursor else { return nil }
    let (glob, count) = (glob, count)
    let page = try await session.ask { backend throws(BackendError) in
      try await backend.scan(from: from, matching: glob, count: count)
    }
    cursor = page.next
    return page.keys.filter { seen.insert(KeyFingerprint($0)).inserted }
  }
}

/// 128 bits that stand for a key: two keyed hashes of this process.
private struct KeyFingerprint: Hashable {
  private let first: Int
  private let second: Int

  init(_ key: CacheKey) {
    var hasher = Hasher()
    hasher.combine(0)
    hasher.combine(key)
    first = hasher.finalize()
    hasher = Hasher()
    hasher.combine(1)
    hasher.combine(key)
    second = hasher.finalize()
  }
}
