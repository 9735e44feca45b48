/// A view over the screen that takes the keys until it is left: help, the palette, the journal.
/// Overlays lie on one another; leaving one shows the one below.
package struct Overlay: Sendable, Equatable {
  package var kind: OverlayKind
  /// The text that narrows its rows down, where it has one.
  package var field: TextField?
  /// What was typed to narrow them down and stays when the field is left.
  package internal(set) var narrowing = ""
  package var list = OverlayList()
  /// What is looked for in it.
  package internal(set) var search: ValueSearch?
  /// What the palette offers, in the order of its opening: nothing moves while somebody chooses.
  var entries = PaletteEntry.all

  package init(_ kind: OverlayKind, field: TextField? = nil) {
    self.kind = kind
    self.field = field
  }

  /// Something was typed that narrows its rows down.
  package var isNarrowed: Bool { field != nil || !narrowing.isEmpty }
}

package enum OverlayKind: Sendable, Equatable {
  case help
  case palette
  case journal
  case connections(ConnectionUse)
  case tags
  case sent(SentState)
  case watch(WatchState)
  case watchPrefix(PrefixWatch)
  /// The plan of `WorkState`.
  case plan
  /// Lines about one thing, to be read.
  case details(title: String, lines: [OverlayRow])
}

/// What a connection is chosen for.
package enum ConnectionUse: Sendable, Equatable {
  case turnTo
  /// To copy keys there, which are called so within a sentence.
  case copy(ActionScope, subject: String)
}

/// The row in focus and the part in view.
package struct OverlayList: Sendable, Equatable {
  package var row = 0
  package var top = 0
  /// Rows that fit, and all there are, as last painted.
  var height = 1
  var count = 0
  /// The entries that its columns begin with.
  var columns = [0]

  package init() {}

  /// Moves the focus, or where there is none the text.
  mutating func move(_ action: Action, hasFocus: Bool) {
    let last = hasFocus ? count - 1 : count - height
    let from = hasFocus ? row : top
    let target: Int =
      switch action {
      case .moveUp: from - 1
      case .moveDown: from + 1
      case .pageUp: from - max(1, height - 1)
      case .pageDown: from + max(1, height - 1)
      case .halfPageUp: from - max(1, height / 2)
      case .halfPageDown: from + max(1, height / 2)
      case .moveToFirst: 0
      default: last
      }
    move(to: target, hasFocus: hasFocus)
  }

  mutating func move(to target: Int, hasFocus: Bool) {
    if hasFocus {
      row = max(0, min(target, count - 1))
      top = min(max(top, row - height + 1), row)
    } else {
      top = max(0, min(target, count - height))
    }
  }

  /// What the painter found.
  mutating func fit(_ fit: OverlayFit) {
    height = max(1, fit.height)
    count = fit.count
    columns = fit.columns
    row = max(0, min(row, count - 1))
    top = max(0, min(top, count - height))
  }
}

/// One row of an overlay.
package struct OverlayRow: Sendable, Equatable {
  /// What stands before it.
  package enum Lead: Sendable, Equatable {
    case none
    case text(String)
    /// The key of an action.
    case action(Action)
  }

  package enum Tone: Sendable, Equatable {
    case plain, head, muted, good, warning
  }

  package var lead: Lead
  package var title: String
  package var detail: String
  package var tone: Tone

  package init(_ lead: Lead = .none, _ title: String, _ detail: String = "", tone: Tone = .plain) {
    self.lead = lead
    self.title = title
    self.detail = detail
    self.tone = tone
  }
}

extension OverlayKind {
  /// Whether one of its rows has the focus; otherwise it is text to scroll.
  package var hasFocus: Bool {
    switch self {
    case .palette, .journal, .connections, .tags, .watch, .watchPrefix: true
    case .help, .details, .sent, .plan: false
    }
  }
}
