package import CacheModel
package import ValueDecoding

/// The value beside the list: of the key under the cursor, fetched without holding anything up.
///
/// Of a large value only one page is held. Further pages take its place as the person goes on; the
/// places of the pages before are kept, so that the way back is known.
package struct PreviewState: Sendable {
  package enum Phase: Sendable, Equatable {
    case empty
    case loading
    case shown
    case gone
    case failed(BackendError)
  }

  package var key: CacheKey?
  package var phase: Phase = .empty
  package var page: ValuePage? {
    didSet { hasOpaqueHead = page.map(ExplorerState.needsWhole) ?? false }
  }
  /// Whether the page is the beginning of a value of which a part means nothing.
  private(set) var hasOpaqueHead = false
  /// When somebody had last used the key before it was looked at here.
  package internal(set) var usedBefore: Moment?
  /// Seconds for which nobody had used the key when it was first looked at here, where looking counts
  /// as a use: the source tells only of the look from then on.
  package internal(set) var idleBefore: Int64?
  /// How the person wants to see it.
  package internal(set) var way = ValueWay.found
  /// What was made of the bytes in view; nil when there are none, or only a part of them.
  package internal(set) var reading: ValueReading?
  /// The bytes in view are not those that were read, and nothing has been asked about them.
  var wantsReading = false
  var readingRequest: RequestID?
  /// The lines whose containers are folded.
  var folded: Set<Int> = []
  /// What is fetched of this value; nil for what is fetched of any.
  var bound: ValueBound?
  /// A string, or the part that was opened, laid out for the width of the pane.
  package internal(set) var layout: ValueLayout?
  /// The field or element that fills the pane, laid out as a string is.
  package internal(set) var opened: OpenedPart?
  /// The field or element under the cursor of the value, and the first line in view.
  package var row = 0
  package var top = 0
  package var height = 1
  package internal(set) var width = 80
  package internal(set) var search: ValueSearch?
  /// Whether secrets are shown as such or left out.
  package internal(set) var masksSecrets = true
  /// The secrets in the rows of a collection.
  private var secretsOfRows: [SecretKind] = []
  /// Where the page in view begins, and how many elements or bytes the pages before it had.
  var position = ValuePosition.start
  package internal(set) var passed: Int64 = 0
  /// The pages before it.
  var trail: [PagePlace] = []
  /// Another page has been asked for; from below, its end is to be shown.
  package internal(set) var isTurning = false
  var landsAtEnd = false
  var request: RequestID?
  var readAt: Moment?
  /// When another part came under the cursor without the person moving it.
  var displacedAt: Moment?
  /// The source's figures when it was read: other figures mean another value.
  var figures: KeyFigures?

  package init() {}

  /// Nothing of another value yet, in a pane of the same size.
  init(of key: CacheKey, inPaneOf other: PreviewState) {
    height = other.height
    width = other.width
    masksSecrets = other.masksSecrets
    self.key = key
    phase = .loading
  }

  /// No value, in a pane of the same size.
  init(emptyLike other: PreviewState) {
    masksSecrets = other.masksSecrets
  }

  /// The secrets in what is in view, masked or not.
  package var secrets: [SecretKind] { layout?.secrets ?? secretsOfRows }

  /// How many rows there are to move over.
  package var rowCount: Int {
    guard opened == nil else { return layout?.lines.count ?? 0 }
    return switch page?.content {
    case .string: layout?.lines.count ?? 0
    case .some(let content): content.rowCount
    case nil: 0
    }
  }

  package mutating func move(to newRow: Int) {
    displacedAt = nil
    row = max(0, min(newRow, rowCount - 1))
    if isScrolledByLine {
      top = max(0, min(row, rowCount - height))
      row = top
    } else {
      if row < top { top = row }
      if row >= top + height { top = row - height + 1 }
    }
  }

  /// Whether a text fills the pane, and not the rows of a collection.
  package var isText: Bool {
    if opened != nil { return true }
    return if case .string = page?.content { true } else { false }
  }

  /// Text has no cursor of its own, moving scrolls it; but for what can be folded.
  package var isScrolledByLine: Bool { isText && !hasCursorInText }

  package var hasCursorInText: Bool { isText && layout?.hasFolds == true }

  /// Whether moving down leads nowhere within the page.
  var isAtEnd: Bool {
    isScrolledByLine ? top >= rowCount - height : row >= rowCount - 1
  }

  /// Milliseconds since the value was read.
  package func age(at now: Moment) -> Int64 {
    readAt.map { max(0, now.milliseconds(since: $0)) } ?? 0
  }

  /// Whether there is more of the value after the page in view.
  package var hasMore: Bool { page?.next != nil }

  /// Whether the page in view is not the whole value.
  package var isPart: Bool { opened == nil && page?.isComplete == false }

  /// Lays a string out anew: its bytes, the way or the width of the pane are others. What has to be
  /// read first keeps the layout that it had until then.
  mutating func layOut() {
    if let task = readingTask {
      if let reading, reading.task == task {
        layout = ValueLayout(reading, width: width, masksSecrets: masksSecrets)
        layout?.fold(folded)
      } else {
        wantsReading = true
      }
      return
    }
    (reading, wantsReading) = (nil, false)
    guard let page, case .string(let bytes) = page.content else {
      layout = nil
      secretsOfRows = page.map { $0.content.secrets(of: $0.key) } ?? []
      return
    }
    layout = ValueLayout(
      page: bytes, as: way.form, width: width, offset: Int(clamping: page.position.index),
      isEnd: page.next == nil, masksSecrets: masksSecrets)
  }
}

/// A page that was in view before.
struct PagePlace: Sendable, Equatable {
  var position: ValuePosition
  var passed: Int64
}
