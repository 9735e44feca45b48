/// One source, in the words of the explorer: the upper of the two seams of the program. All kinds
/// of caches stand behind it, and what a source cannot do is missing from its `capabilities`.
///
/// Implementations may be called from any task; calls that overlap are answered independently.
/// Nothing but `apply`, `undo` and `flush` changes the source.
package protocol CacheBackend: Sendable {
  /// Connects and asks once what the source is and can do. Later calls reconnect by themselves.
  func open() async throws(BackendError) -> SourceDescription

  /// One step of a walk over all keys, about `count` of them. Linear over the whole walk. Keys of
  /// other kinds than `kind` are left out where the source can do that; the page then says so.
  func scan(
    from cursor: ScanCursor, matching glob: [UInt8]?, of kind: ValueKind?, count: Int
  ) async throws(BackendError) -> ScanPage

  /// What a list shows of these keys, in their order; nil for a key that does not exist.
  func describe(
    _ keys: [CacheKey], _ detail: SummaryDetail
  ) async throws(BackendError) -> [KeySummary?]

  /// The part of a value that begins at the position, within the bound; nil when there is no such
  /// key. A page past the end has no content.
  func read(
    _ key: CacheKey, from position: ValuePosition, within bound: ValueBound
  ) async throws(BackendError) -> ValuePage?

  /// Changes one key by the write rules of `KeyChange`. The old state is kept for undo when it is
  /// no larger than `undoLimit` bytes; a nil limit keeps none.
  func apply(
    _ change: KeyChange, to key: CacheKey, undoLimit: Int?
  ) async throws(BackendError) -> ChangeOutcome

  /// Changes of many keys, answered in their order; each key by the same rules and atomically by
  /// itself, and never all of them in one step. One failure ends none of the others. With the limit
  /// `.max` no sizes are asked for: the caller knows them. Of keys that were sent when the connection
  /// broke the outcome is unknown; those after them were not sent.
  func apply(
    _ changes: [KeyedChange], undoLimit: Int?
  ) async -> [Result<ChangeOutcome, BackendError>]

  /// What the keys hold, in their order, as undo would put it back. Of a value that is larger than
  /// `limit` bytes only the size is told, and it is not fetched. Together they are bounded too: a
  /// source answers for fewer keys than were asked for, at least one, when all would be too much.
  func capture(
    _ keys: [CacheKey], limit: Int
  ) async throws(BackendError) -> [CapturedState]

  /// Puts the old states of many changes back, answered in their order.
  func undo(
    _ records: [UndoRecord], overwriting: Bool
  ) async -> [Result<UndoOutcome, BackendError>]

  /// Puts the old state of all keys of a change back, with what is left of their lives and never
  /// more. Over a value that is newer than the change only with `overwriting`.
  func undo(_ record: UndoRecord, overwriting: Bool) async throws(BackendError) -> UndoOutcome

  /// What putting old states back would meet, in their order; nothing is changed.
  func foresee(_ records: [UndoRecord]) async throws(BackendError) -> [UndoForecast]

  /// Deletes every key of the database; answers how many there were, where the source tells.
  func flush() async throws(BackendError) -> Int64?

  /// The databases of the server that hold keys.
  func databases() async throws(BackendError) -> [DatabaseFigures]

  /// Tells of what is followed that anybody writes, creates or removes, in batches, soon after it
  /// happens: the names, those below a followed prefix included. An empty batch says that from now
  /// on changes are told; what changed before that the caller has to look for. Each element of
  /// `following` takes the place of the one before. Returns when they end, when the task is cancelled,
  /// or when the source does not tell any longer, and at once where it cannot. A change may be told
  /// late or twice when the connection is slow, and after a failure the caller has to look for itself.
  func watch(
    _ following: AsyncStream<FollowedView>, telling: @escaping @Sendable ([CacheKey]) -> Void
  ) async throws(BackendError) -> WatchEnd

  /// The tags of these keys, in their order. On a server where libraries keep the tags, a set does
  /// not tell of a key which sets name it: of such tags those `among` the known ones are looked
  /// through, which a walk by `tagNames` has found.
  func tags(
    of keys: [CacheKey], among known: [Tag]
  ) async throws(BackendError) -> [[Tag]]

  /// One step of a walk over the tags of the source, or over those of one name. Where libraries keep
  /// them this is a walk over all keys, of which about `count` are looked at.
  func tagNames(
    from cursor: ScanCursor, named name: [UInt8]?, count: Int
  ) async throws(BackendError) -> TagPage

  /// One step of a walk over the keys of a tag, about `count` of them, with the guarantee of `scan`.
  /// Some may have gone already.
  func keys(
    tagged tag: Tag, from cursor: ScanCursor, count: Int
  ) async throws(BackendError) -> ScanPage

  /// The tags that a person means by `spelling`: a name, or a keeper, a colon and a name, either
  /// perhaps with `@` and a prefix behind it. Several when several keepers or prefixes have it.
  func tags(spelled spelling: [UInt8]) async throws(BackendError) -> [Tag]

  /// How the tag is invalidated by the rule of its keeper; nil when there is no such tag any more.
  func invalidation(of tag: Tag) async throws(BackendError) -> TagInvalidation?

  /// Which clients are told when the key changes, this one apart.
  func trackers(of key: CacheKey) async throws(BackendError) -> KeyTrackers

  func statistics() async throws(BackendError) -> CacheStatistics

  /// The source's own clock, by which deadlines count; nil where it does not tell it.
  func time() async throws(BackendError) -> WallTime?

  func close() async
}

extension CacheBackend {
  /// One step of a walk over keys of all kinds.
  package func scan(
    from cursor: ScanCursor, matching glob: [UInt8]?, count: Int
  ) async throws(BackendError) -> ScanPage {
    try await scan(from: cursor, matching: glob, of: nil, count: count)
  }

  /// The first part of a value.
  package func read(
    _ key: CacheKey, within bound: ValueBound
  ) async throws(BackendError) -> ValuePage? {
    try await read(key, from: .start, within: bound)
  }
}

/// What a source is, asked once after connecting.
package struct SourceDescription: Sendable, Equatable {
  /// `redis`, `valkey`, `engine`, …
  package var product: String
  package var version: String
  /// As a person would type it, without a password.
  package var address: String
  package var database: Int
  /// `primary`, `replica`, …; empty when the source has none.
  package var role: String
  package var identity: SourceIdentity
  package var capabilities: Set<Capability>
  /// Why a capability is missing, where the source said so.
  package var refusals: [Capability: String]
  /// Whether reading a value for a person to look at counts as a use of its key.
  package var countsLooks = false
  /// Whether it is a cluster as a whole, whose keys lie in slots and which has one database.
  package var isCluster = false

  package init(
    product: String, version: String, address: String, database: Int, role: String,
    identity: SourceIdentity, capabilities: Set<Capability>, refusals: [Capability: String] = [:]
  ) {
    self.product = product
    self.version = version
    self.address = address
    self.database = database
    self.role = role
    self.identity = identity
    self.capabilities = capabilities
    self.refusals = refusals
  }
}

/// Something that one source can do and another cannot.
package enum Capability: String, Sendable, Hashable, CaseIterable {
  case memoryUsage
  /// For how long, and how often, keys have been used: a server tells one of the two at most.
  case idleTime
  case frequency
  case statistics
  /// Keys can have tags, kept by the source itself or by libraries in keys of their own.
  case tags
  case write
  case expire
  case flush
  case undo
}

/// Why a source did not do what it was asked. Closed: each case has one sentence with a next step
/// (`BackendError+Sentence.swift`).
package enum BackendError: Error, Sendable, Equatable {
  case unreachable(endpoint: String, reason: String)
  /// TLS failed, in a way that will not pass by itself; what happened and what to do.
  case insecure(endpoint: String, reason: String)
  case loginRefused(String)
  /// There is no password to log in with, for this reason.
  case noPassword(String)
  /// The server's own words, and the verb it refused.
  case refused(verb: String, message: String)
  /// The connection broke; a change under way may or may not have been made.
  case connectionLost(reason: String, outcomeUnknown: Bool)
  /// No answer in time; a change under way may still be made.
  case timedOut(afterMilliseconds: Int, outcomeUnknown: Bool)
  case malformedReply(String)
  case readOnly
  case unsupported(String)
  case closed

  /// Whether what was asked may have been done.
  package var isOutcomeUnknown: Bool {
    switch self {
    case .connectionLost(_, let isUnknown), .timedOut(_, let isUnknown): isUnknown
    default: false
    }
  }

  /// Whether it concerns one key or command alone, so that the next one may be answered.
  package var isOfOneKey: Bool {
    switch self {
    case .refused, .unsupported: true
    default: false
    }
  }
}
