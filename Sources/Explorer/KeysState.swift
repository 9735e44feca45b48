package import CacheModel
package import KeyQuery

/// The Keys screen: what has been loaded, how it is listed, where the cursor is.
///
/// The cursor is a key or a folder, not a row number: rows that come and go above it do not move
/// it on the screen. Until the person has moved it, it is on the first key in view. A key that went
/// stays listed for `fadeTime` and then leaves; the cursor then rests on the row that took its place.
package struct KeysState: Sendable {
  package var index = KeyIndex()
  package internal(set) var tree = KeyTree()
  package var order = KeyOrder()
  /// Which keys are listed.
  package internal(set) var filter = Query()
  var filtering = FilterQuestions()
  package var walk = WalkState()
  /// Which keys are loaded where not all of them fit.
  package internal(set) var sampling = KeySampling()
  var bound = MemoryBound()
  var listing = KeyListing()
  /// What is under the cursor, and its row, kept beside it.
  package internal(set) var cursorItem: ListItem?
  package internal(set) var cursorRow = 0
  /// The first row in view.
  package var top = 0
  package var height = 1
  /// Keys in the last frame.
  package var visible: [CacheKey] = []
  /// The last frame had room for what is known of their use.
  var showsIdle = false
  /// When the row under the cursor changed without the person moving it.
  package var displacedAt: Moment?
  /// The person has moved the cursor; until then it stays on the first row.
  var hasMoved = false
  /// What was under the cursor has gone; the key that it was, for when it comes back.
  var hasLostCursor = false
  var lostKey: CacheKey?
  /// Keys whose figures are still to be asked for, those that a person has just changed first, and
  /// the questions under way.
  var urgent: [CacheKey] = []
  /// The lives of keys before they were changed here.
  var livesBefore: [CacheKey: Life] = [:]
  var questions = FigureQuestions()
  /// Questions about names that the source has told and that are not loaded.
  var strangers: Set<RequestID> = []
  /// The question about the rows in view, and when it was last asked.
  var polling: RequestID?
  var polledAt: Moment?
  /// What the source was last asked to tell about, when, and whether it does.
  var followed = FollowedView()
  var followedAt: Moment?
  var isTold = false
  /// When the rows in view were last asked again as a whole.
  var viewAskedAt: Moment?
  /// Somebody else has been sending commands to the source.
  var isSourceActive = false
  /// Keys that went and are still listed, and keys that have just come, the oldest first.
  var gone: ArraySlice<(slot: KeyIndex.Slot, since: Moment)> = []
  var appeared: ArraySlice<(slot: KeyIndex.Slot, since: Moment)> = []
  var fadingCount = 0
  /// Where the slow round of asking again goes on, and how many keys it may ask about now.
  var refreshPosition = 0
  var refreshAllowance = 0.0
  /// Work over all keys that is done in slices.
  var sweeps: [KeySweep] = []
  /// The keys that the last sweep gathered for an action.
  var gathered: [CacheKey]?
  /// The keys that the last sweep collected for a plan.
  var planned: PlanGathering?
  /// The keys that a sweep collected for a watch, and how many there were below its prefix.
  var collected: [CacheKey]?
  var watchTotal = 0
  /// What a sweep that was to mark all or none has turned out to do, until that is told.
  var marksAll: Bool?
  /// The filter of which all were marked at once. Keys that came since have no mark, and do not make
  /// the next time one more marking.
  var filterMarkedWhole: Query?

  /// The time of the last event, by which figures that change with it are judged.
  var now = Moment(milliseconds: 0)

  /// Milliseconds for which a key that went is still shown.
  package static let fadeTime: Int64 = 500

  package init() {}

  /// With these separators between the parts of a name.
  package init(separators: KeySeparators) {
    tree = KeyTree(separators: separators)
  }

  /// The key under the cursor; nil on a folder.
  package var cursor: KeyIndex.Slot? {
    if case .key(let slot) = cursorItem { slot } else { nil }
  }

  package var cursorKey: CacheKey? {
    cursor.map { index.key($0) }
  }

  /// The folder under the cursor; nil on a key.
  package var cursorFolder: KeyTree.Folder? {
    if case .folder(let folder) = cursorItem { folder } else { nil }
  }

  /// Whether the keys are listed as a tree, or flat.
  package var isTree: Bool { listing.isTree }

  /// Keys that are loaded and have not gone.
  package var presentCount: Int { index.count - fadingCount }

  /// Keys that pass the filter.
  package var shownCount: Int {
    Int(tree.shown(0)) - (filter.isEmpty ? fadingCount : 0)
  }

  /// Whether slices of work are left to do.
  package var hasPendingWork: Bool { listing.pass.isRunning || !sweeps.isEmpty }
}

extension KeysState {
  /// How long a key was to live when it was first seen, and until when.
  struct Life: Sendable {
    var firstTTL: TTL
    var expiry: Expiry
  }

  static let livesKept = 1000
}

/// The walk over the keyspace that loads it, again and again.
package struct WalkState: Sendable, Equatable {
  /// The request under way; nil between walks.
  package var request: RequestID?
  package var generation: UInt8 = 0
  package var startedAt: Moment?
  package var finishedAt: Moment?
  /// Milliseconds that the last whole walk took.
  package var duration: Int64 = 0
  /// Keys that the walk under way has reported.
  package var reported = 0
  /// Whether the keyspace has been walked through once.
  package var hasCompleted = false
  /// Why the last walk stopped early.
  package var failure: BackendError?
  /// Something at the source has changed since the last walk began.
  package var isDue = true
  /// Keys that the next page asks for.
  package private(set) var pageSize = 100
  /// Where the walk goes on when what is loaded has been thinned out.
  var heldBack: ScanCursor?
  /// The walk over one folder that the person asked for.
  package internal(set) var folder: FolderWalk?

  package struct FolderWalk: Sendable, Equatable {
    var request: RequestID
    var prefix: [UInt8]
    var found = 0
  }

  private static let largestPage = 1000
  private static let smallestPage = 10
  /// Bytes of names that are taken in at once: a key press waits for them.
  static let bytesAtOnce = 1 << 18

  /// Pages begin small and become as large as what the names take allows.
  mutating func choosePageSize(after page: [CacheKey]) {
    let bytes = page.reduce(0) { $0 + $1.bytes.count }
    let fitting = bytes == 0 ? Self.largestPage : Self.bytesAtOnce * page.count / bytes
    let grown = min(pageSize * 10, Self.largestPage)
    pageSize = max(Self.smallestPage, min(grown, fitting))
  }
}
