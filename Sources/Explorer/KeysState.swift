package import CacheModel

/// The Keys screen: what has been loaded, how it is listed, where the cursor is.
///
/// The cursor is a key, not a row number: rows that come and go above it do not move it. A key
/// that went stays listed for `fadeTime` and then leaves; the cursor then rests on the row that
/// took its place.
package struct KeysState: Sendable {
  package var index = KeyIndex()
  package var order = KeyOrder()
  package var filter = KeyFilter()
  package var walk = WalkState()
  package internal(set) var cursor: KeyIndex.Slot?
  /// The row of the cursor in `order`, kept beside it.
  package internal(set) var cursorRow = 0
  /// The first row in view.
  package var top = 0
  package var height = 1
  /// Keys in the last frame.
  package var visible: [CacheKey] = []
  /// When the row under the cursor changed without the person moving it.
  package var displacedAt: Moment?
  /// The person has moved the cursor; until then it stays on the first row.
  var hasMoved = false
  /// Keys whose figures are still to be asked for, those that a person has just changed first, and
  /// the questions under way with the keys that they ask about.
  var urgent: [CacheKey] = []
  var undescribed: ArraySlice<KeyIndex.Slot> = []
  var describing: [RequestID: [CacheKey]] = [:]
  /// When figures may be asked for again after a failure.
  var describeAgainAt: Moment?
  /// The question about the rows in view, and when it was last asked.
  var polling: RequestID?
  var polledAt: Moment?
  /// Somebody else has been sending commands to the source.
  var isSourceActive = false
  /// Slots whose place in the list may be wrong.
  var unplaced: Set<KeyIndex.Slot> = []
  /// Keys that went and are still listed.
  var fading: Set<KeyIndex.Slot> = []
  /// Where the slow round of refreshing figures goes on.
  var refreshPosition = 0

  /// Milliseconds for which a key that went is still shown.
  package static let fadeTime: Int64 = 500

  package init() {}

  package var cursorKey: CacheKey? {
    cursor.map { index.key($0) }
  }

  /// Keys that are marked and still there.
  package var markedKeys: [CacheKey] {
    guard index.markedCount > 0 else { return [] }
    return index.slots.filter { index[isMarked: $0] && index[fate: $0].goneSince == nil }
      .map { index.key($0) }.sorted()
  }
}

/// The walk over the keyspace that loads it, again and again.
package struct WalkState: Sendable, Equatable {
  /// The request under way; nil between walks.
  package var request: RequestID?
  package var generation: UInt32 = 0
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
}

extension KeysState {
  /// Puts all keys whose place may have changed where they belong and keeps the cursor on its key
  /// and its key on its row of the screen.
  mutating func place(at now: Moment? = nil) {
    guard !unplaced.isEmpty else { return }
    order.update(unplaced, in: index, passing: filter)
    unplaced.removeAll(keepingCapacity: true)
    followCursor(at: now)
  }

  /// Shows the keys that pass another filter.
  mutating func show(_ newFilter: KeyFilter) {
    filter = newFilter
    place()
    order.apply(filter, in: index)
    followCursor()
  }

  /// Sorts anew.
  mutating func rebuildOrder() {
    unplaced.removeAll(keepingCapacity: true)
    order.rebuild(from: index, passing: filter)
    followCursor()
  }

  /// Finds the row of the cursor again after the list has changed.
  mutating func followCursor(at now: Moment? = nil) {
    let before = cursor
    defer { if before != nil, cursor != before { displacedAt = now ?? displacedAt } }
    let offset = cursorRow - top
    if !hasMoved { cursor = order.slots.first }
    if let cursor, index.isLive(cursor), let row = order.position(of: cursor, in: index) {
      cursorRow = row
      top = max(0, row - offset)
    } else {
      cursorRow = min(cursorRow, max(0, order.slots.count - 1))
      cursor = order.slots.indices.contains(cursorRow) ? order.slots[cursorRow] : nil
    }
    clampTop()
  }

  mutating func moveCursor(to row: Int) {
    guard !order.slots.isEmpty else { return }
    cursorRow = max(0, min(row, order.slots.count - 1))
    cursor = order.slots[cursorRow]
    displacedAt = nil
    clampTop()
  }

  /// Keeps the cursor in view and the last row at the foot.
  mutating func clampTop() {
    let last = max(0, order.slots.count - height)
    top = max(0, min(top, last, cursorRow))
    if cursorRow >= top + height { top = cursorRow - height + 1 }
  }

  /// Takes keys out of the index and the list.
  mutating func drop(_ slots: Set<KeyIndex.Slot>, at now: Moment) {
    guard !slots.isEmpty else { return }
    order.remove(slots)
    for slot in slots { index.remove(slot) }
    fading.subtract(slots)
    unplaced.subtract(slots)
    followCursor(at: now)
  }

  /// Keys that are loaded and have not gone.
  package var presentCount: Int { index.count - fading.count }
}
