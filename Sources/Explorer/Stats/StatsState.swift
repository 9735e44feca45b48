package import CacheModel

/// The Stats screen: the history, which stretch of it is shown, and what has the focus.
package struct StatsState: Sendable {
  package internal(set) var history = StatsHistory()
  /// The stretch of time that the person chose for the graphs.
  var chosenWindow: StatsWindow?
  /// The end of what is shown, when it does not follow the present.
  package internal(set) var pinnedEnd: Moment?
  /// The time at which the graphs are read.
  package internal(set) var cursor: Moment?
  package internal(set) var focus = StatsPanel.lookups
  /// The graph below the first that had the focus last: it stays in view.
  package internal(set) var lower = StatsPanel.operations
  /// The panel in focus has the whole screen.
  package internal(set) var isEnlarged = false
  package internal(set) var commandOrder = CommandOrder()
  /// The first command in view.
  package internal(set) var commandTop = 0
  /// Milliseconds that a column of the first graph stood for in the last frame.
  var columnStep: Int64 = 1000
  /// Rows of commands that the last frame had room for, and how many there were.
  var commandFit = OverlayFit(height: 1, count: 0)
  var request: RequestID?
  var askedAt: Moment?
  package internal(set) var failure: BackendError?
  /// The last sample, whether the history goes on from it or not.
  var lastBeforePause: CacheStatistics?
  /// What the nodes of a cluster did between the last two samples, by their ids.
  package internal(set) var nodeRates: [String: NodeRates] = [:]

  /// The stretch of time that the graphs show: the chosen one, or else five minutes, and in the
  /// first minute of the history one.
  package var window: StatsWindow {
    if let chosenWindow { return chosenWindow }
    guard let first = history.oldest, let last = history.newest else { return .minute1 }
    let isYoung = last.milliseconds(since: first) < StatsWindow.minute1.milliseconds
    return isYoung ? .minute1 : .minute5
  }

  /// The end of what is shown; nil before the first row.
  package var end: Moment? { pinnedEnd ?? history.newest }

  /// What is shown, in so many parts; nil before the first row.
  package func grid(parts: Int) -> TimeGrid? {
    end.map {
      TimeGrid(
        window: window.milliseconds, endingAt: $0, count: parts, isClosed: pinnedEnd != nil)
    }
  }
}

/// How long a time the graphs show.
package enum StatsWindow: Int64, Sendable, Hashable, CaseIterable {
  case minute1 = 60_000
  case minute5 = 300_000
  case minute15 = 900_000
  case hour1 = 3_600_000
  case hour6 = 21_600_000
  case day1 = 86_400_000

  package var milliseconds: Int64 { rawValue }

  package var title: String {
    switch self {
    case .minute1: "1 min"
    case .minute5: "5 min"
    case .minute15: "15 min"
    case .hour1: "1 h"
    case .hour6: "6 h"
    case .day1: "24 h"
    }
  }
}

/// The parts of the Stats screen that can have the focus, in the order in which tab goes through them.
package enum StatsPanel: Sendable, Hashable, CaseIterable {
  case lookups, operations, memory, removals, roundTrip, network, clients, processor, commands

  /// Those that share the rows below the first graph.
  package static let lower: [StatsPanel] = [
    .operations, .memory, .removals, .roundTrip, .network, .clients, .processor,
  ]
}

/// How the commands are sorted.
package struct CommandOrder: Sendable, Hashable {
  package enum Field: Sendable, Hashable, CaseIterable {
    case share, calls, timePerCall, errors, name

    package var title: String {
      switch self {
      case .share: "share"
      case .calls: "calls"
      case .timePerCall: "time"
      case .errors: "errors"
      case .name: "name"
      }
    }
  }

  package internal(set) var field = Field.share
  package internal(set) var isReversed = false

  init(field: Field = .share) {
    self.field = field
  }

  /// Whether what is largest stands first.
  package var isDescending: Bool { (field != .name) != isReversed }

  /// In this order; those that do not differ by name.
  package func sorted(_ uses: [CommandUse]) -> [CommandUse] {
    uses.sorted { left, right in
      let (first, second) = isDescending ? (right, left) : (left, right)
      return switch field {
      case .share where left.microseconds != right.microseconds:
        first.microseconds < second.microseconds
      case .calls where left.calls != right.calls: first.calls < second.calls
      case .timePerCall where left.microsecondsPerCall != right.microsecondsPerCall:
        first.microsecondsPerCall < second.microsecondsPerCall
      case .errors where left.failuresPerSecond != right.failuresPerSecond:
        first.failuresPerSecond ?? 0 < second.failuresPerSecond ?? 0
      case .name: first.name < second.name
      default: left.name < right.name
      }
    }
  }
}
