package import CacheModel
package import ValueDecoding

/// The value beside the list: of the key under the cursor, fetched without holding anything up.
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
  package var page: ValuePage?
  /// A string as text, laid out once when it was read.
  package var text: ValueText?
  /// The field or element under the cursor of the value, and the first line in view.
  package var row = 0
  package var top = 0
  package var height = 1
  var request: RequestID?
  var readAt: Moment?
  /// The source's figures when it was read: other figures mean another value.
  var figures: KeyFigures?

  package init() {}

  /// How many rows there are to move over.
  package var rowCount: Int {
    switch page?.content {
    case .string: text?.lines.count ?? 0
    case .some(let content): content.count
    case nil: 0
    }
  }

  /// The field under the cursor, in a hash.
  package var field: HashField? {
    guard case .hash(let fields) = page?.content, fields.indices.contains(row) else { return nil }
    return fields[row]
  }

  mutating func move(to newRow: Int) {
    row = max(0, min(newRow, rowCount - 1))
    if isScrolledByLine {
      top = max(0, min(row, rowCount - height))
      row = top
    } else {
      if row < top { top = row }
      if row >= top + height { top = row - height + 1 }
    }
  }

  /// Text has no cursor of its own: moving scrolls it.
  package var isScrolledByLine: Bool {
    if case .string = page?.content { true } else { false }
  }
}
