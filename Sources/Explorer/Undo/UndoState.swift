package import CacheModel

/// What the journal told of changes: lines, and no old states. Those stay where they are kept.
package struct UndoState: Sendable {
  /// Changes of this source, newest first; the first `JournalNews.limit` of them.
  package private(set) var own: [JournalEntry] = []
  /// Changes of all sources, newest first, as far as they have been asked for.
  package private(set) var listed: [JournalEntry] = []
  /// There are older ones.
  package private(set) var hasMore = false
  /// Why nothing can be kept or looked up.
  package private(set) var problem: KeeperError?
  var isAskingForMore = false
  /// When it was last asked for by itself.
  var lookedAt: Moment?
  /// An interrupted change of an earlier run was told of.
  var hasToldInterrupted = false
  /// The changes that this run has begun, by what tells them apart in the journal.
  private var begun: Set<Begun> = []
  /// The last change that was made with nothing kept of it; the journal may not know of it.
  private(set) var lastLoss: (title: String, at: WallTime, source: SourceIdentity)?

  /// More lines are not listed.
  static let lineLimit = 5000

  package init() {}

  /// The newest changes as they are now; what was listed beyond them stays.
  mutating func take(_ news: Result<JournalNews, KeeperError>) {
    switch news {
    case .failure(let error): problem = error
    case .success(let news):
      problem = nil
      own = news.own
      let older = news.hasMore ? listed.filter { $0.id < news.all.last?.id ?? $0.id } : []
      if older.isEmpty { hasMore = news.hasMore }
      listed = news.all + older
    }
  }

  /// The newest changes of all sources.
  var newest: [JournalEntry] { Array(listed.prefix(JournalNews.limit)) }

  /// Changes older than those that are listed.
  mutating func append(_ entries: [JournalEntry], hasMore: Bool) {
    isAskingForMore = false
    listed += entries.filter { entry in listed.last.map { entry.id < $0.id } ?? true }
    self.hasMore = hasMore && listed.count < Self.lineLimit
  }

  /// Notes that this run begins a change.
  package mutating func noteBegun(_ header: ChangeHeader) {
    begun.insert(Begun(header))
  }

  /// Whether this run made a change, and not an earlier one or another program.
  package func isOfThisRun(_ entry: JournalEntry) -> Bool {
    begun.contains(Begun(entry.header))
  }

  /// Notes a change that cannot be taken back.
  mutating func noteLoss(_ title: String, at time: WallTime, on source: SourceIdentity?) {
    if let source { lastLoss = (title, time, source) }
  }

  /// The change to take back, or the undo to take back, next on this source.
  package func next(_ direction: UndoDirection, on source: SourceIdentity?) -> JournalEntry? {
    own.next(direction, on: source)
  }

  /// The newest change, where only what was written since or has expired is left of it.
  func leftAsWritten(on source: SourceIdentity?) -> JournalEntry? {
    own.leftAsWritten(on: source)
  }

  /// How many changes can be taken back, or made again.
  package func count(_ direction: UndoDirection, on source: SourceIdentity?) -> Int {
    own.count(direction, on: source)
  }

  /// The same of those that this run made.
  package func countOfThisRun(_ direction: UndoDirection, on source: SourceIdentity?) -> Int {
    own.count(direction, on: source, where: isOfThisRun)
  }

  private struct Begun: Sendable, Hashable {
    var title: String
    var at: WallTime
    var source: SourceIdentity

    init(_ header: ChangeHeader) {
      (title, at, source) = (header.title, header.at, header.source)
    }
  }
}

/// What a journal tells of itself after each change.
package struct JournalNews: Sendable, Equatable {
  /// The newest changes of the open source, and of all.
  package var own: [JournalEntry]
  package var all: [JournalEntry]
  /// There are older ones.
  package var hasMore: Bool

  /// Lines of each.
  package static let limit = 200

  package init(own: [JournalEntry], all: [JournalEntry], hasMore: Bool) {
    self.own = own
    self.all = all
    self.hasMore = hasMore
  }
}
