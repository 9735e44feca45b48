import CacheModel
import KeyQuery
package import Plans

/// A plan over many keys on the screen: from the keys that it is meant for, over the question whether
/// to carry it out, to what came of it.
///
/// There is one at a time. Until it runs it lives with its view: leaving that drops it. Once it runs
/// the view may be left and come back to; what came of it stays until the next plan.
package struct PlanState: Sendable {
  package enum Phase: Sendable, Equatable {
    /// Its keys are being collected.
    case collecting
    /// It waits for the person.
    case asking
    case running
    case ended(PlanReport)
  }

  package internal(set) var change: PlannedChange
  package let scope: ActionScope
  /// What the list was narrowed by.
  let filter: Query
  /// What was typed, as it stands in the title behind the keys: ` to 5m`.
  let ending: String
  package private(set) var phase = Phase.collecting
  package internal(set) var gathering: PlanGathering
  /// Keys in view that are among them.
  let inView: Int
  package internal(set) var run = PlanRunState()
  /// Nothing is kept of it, after the person said so.
  package internal(set) var isWithoutUndo = false
  /// The question about a few of its keys.
  var question: RequestID?
  /// The walk over its keys, where the list does not know them, and what it has found so far.
  var survey: RequestID?
  package internal(set) var surveyed = 0
  /// Where its keys are copied to.
  package internal(set) var copy: CopyOrder?
  /// Its marks are all that the filter shows.
  var marksAllShown = false
  /// The rule by which a tag is invalidated, when it is known.
  package internal(set) var order: TagOrder?
  /// Bytes of old states that the journal has room for, as far as it has told, and the question.
  package internal(set) var room: Int64?
  package internal(set) var isRoomTold = false
  var roomQuestion: RequestID?
  /// Changes with every phase; a key press belongs to the phase that was painted.
  package private(set) var view: Int
  /// When this phase was first painted.
  var paintedAt: Moment?

  init(
    _ change: PlannedChange, _ scope: ActionScope, _ filter: Query, ending: String, inView: Int,
    _ gathering: PlanGathering, view: Int
  ) {
    self.change = change
    self.scope = scope
    self.filter = filter
    self.ending = ending
    self.inView = inView
    self.gathering = gathering
    self.view = view
  }

  /// How many keys it is over: counted, or while they are collected as many as are expected.
  package var count: Int {
    switch phase {
    case .collecting: scope.count
    case .asking, .running, .ended: gathering.preview.keys
    }
  }

  package var preview: PlanPreview { gathering.preview }

  /// Whether the journal has no room for what undo takes: the plan will end before its end.
  package var exceedsJournal: Bool {
    guard let room, let needed = preview.undoBytes else { return false }
    return needed > room
  }

  /// Whether it is over every key of the database.
  package var isFlush: Bool {
    if case .database = scope { true } else { false }
  }

  /// Whether keys are changed, and not only what is kept of a tag.
  package var changesKeys: Bool { order?.changesKeys ?? true }

  package var isRunning: Bool { phase == .running }

  /// Whether it goes when its view is left.
  var isOnlyAsked: Bool { phase == .collecting || phase == .asking }

  mutating func turn(to phase: Phase, view: Int) {
    self.phase = phase
    self.view = view
    paintedAt = nil
  }
}

/// How a plan that runs gets on.
package struct PlanRunState: Sendable, Equatable {
  package internal(set) var request: RequestID?
  package internal(set) var progress: PlanProgress?
  package internal(set) var isHeld = false
  package internal(set) var isCancelling = false
  /// Where it stood in the last seconds, the oldest first.
  private var steps: [Step] = []

  private struct Step: Sendable, Equatable {
    var at: Moment
    var handled: Int
  }

  /// Milliseconds that the speed is looked at over, and between two steps at least.
  private static let window: Int64 = 4000
  private static let interval: Int64 = 200

  mutating func note(_ progress: PlanProgress, at now: Moment) {
    self.progress = progress
    if let last = steps.last, now.milliseconds(since: last.at) < Self.interval { return }
    steps.append(Step(at: now, handled: progress.handled))
    while steps.count > 2, now.milliseconds(since: steps[1].at) > Self.window {
      steps.removeFirst()
    }
  }

  mutating func hold(_ isHeld: Bool) {
    self.isHeld = isHeld
    steps = []
  }

  /// From 0 to 1.
  package var share: Double {
    guard let progress, let total = progress.total, total > 0 else { return 0 }
    return min(1, Double(progress.handled) / Double(total))
  }

  /// Keys a second in the last seconds; nil at the beginning and while it is held.
  package var keysPerSecond: Double? {
    guard let first = steps.first, let last = steps.last, !isHeld else { return nil }
    let milliseconds = last.at.milliseconds(since: first.at)
    guard milliseconds > 0 else { return nil }
    return Double(last.handled - first.handled) * 1000 / Double(milliseconds)
  }

  /// If it goes on as in the last seconds.
  package var secondsLeft: Double? {
    guard let progress, let total = progress.total, let rate = keysPerSecond, rate > 0 else {
      return nil
    }
    return Double(max(0, total - progress.handled)) / rate
  }
}
