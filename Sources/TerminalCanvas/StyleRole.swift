/// What a piece of text means. A view speaks in roles only; a `Theme` turns them into colours.
package enum StyleRole: UInt8, Sendable, Hashable, CaseIterable {
  case text
  case muted
  case border
  case title
  case focus
  case selection
  case marked
  case accent
  case hit
  case miss
  case good
  case warn
  case critical
  case string
  case hash
  case list
  case set
  case sortedSet
  case stream
  case keyName
  case number
  case error
  case masked
}

/// What a piece of text stands on.
package enum Background: UInt8, Sendable, Hashable, CaseIterable {
  /// The terminal's own.
  case plain
  /// The one row that keys act on.
  case selection
  /// The chosen row of a pane that has not the focus.
  case trail
  /// A row that was marked.
  case marked
  /// The header and the line of hints.
  case bar
  /// A field that takes text.
  case field
}
