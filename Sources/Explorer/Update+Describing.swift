import CacheModel
import KeyQuery

/// Asking what is to be known of the keys, in batches, two at a time.
extension ExplorerState {
  static let describeBatch = 500
  static let describingAtOnce = 2
  /// Of so few keys everything is asked at once, and not in rounds.
  static let fewKeys = 5000

  mutating func describeQueued() -> [Effect] {
    if keys.questions.isPausing(at: now) { return [] }
    var effects: [Effect] = []
    while keys.questions.underWay.count < Self.describingAtOnce, let question = nextQuestion() {
      let request = newRequest()
      keys.questions.underWay[request] = question
      effects.append(.describe(request, question.names, question.detail))
    }
    return effects
  }

  private mutating func nextQuestion() -> FigureQuestions.Question? {
    let full = figuresInFull
    if !keys.urgent.isEmpty {
      let names = FigureQuestions.batch(keys.urgent, count: Self.describeBatch)
      keys.urgent.removeFirst(names.count)
      return FigureQuestions.Question(names: names, detail: full)
    }
    let size = Self.describeBatch
    var names = keys.questions.nextOfRound(keys.index, keys.tree, count: size)
    if !names.isEmpty { return FigureQuestions.Question(names: names, detail: full) }
    names = keys.nextForFilter(count: size)
    if !names.isEmpty {
      return FigureQuestions.Question(names: names, detail: keys.filter.detail.union(.lifetimes))
    }
    // While the names of the first walk are coming, they have the line to themselves; the rows in
    // view are asked about all the same.
    guard keys.walk.hasCompleted || keys.walk.failure != nil else { return nil }
    let isSmall = keys.index.count <= Self.fewKeys && keys.walk.hasCompleted
    var slots = keys.questions.nextWithoutLifetime(keys.index, count: size)
    if !slots.isEmpty { return question(slots, isSmall ? full : .lifetimes) }
    slots = keys.questions.nextWithoutSize(keys.index, count: size)
    return slots.isEmpty ? nil : question(slots, full)
  }

  private func question(
    _ slots: [KeyIndex.Slot], _ detail: SummaryDetail
  ) -> FigureQuestions.Question {
    FigureQuestions.Question(
      names: slots.map { keys.index.key($0) }, detail: detail, slots: slots)
  }

  /// What is asked of a key that is asked about as a whole.
  var figuresInFull: SummaryDetail {
    let needsIdle = keys.order.field == .idle || keys.filter.needs.contains(.idle)
    return needsIdle ? .idleTimes : .sizes
  }

  /// What could not be told is asked again, after a moment.
  mutating func askAgain(_ question: FigureQuestions.Question) {
    keys.urgent += question.names
    keys.questions.againAt = now.advanced(by: 1000)
  }

  /// Sorting by idle time needs to know it of all keys.
  mutating func askForIdleTimes() {
    guard keys.order.field == .idle else { return }
    keys.questions.round = FigureQuestions.Round(end: keys.index.slotCount)
  }
}
