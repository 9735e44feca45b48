import CacheModel

extension ExplorerState {
  /// Whether everything that was asked for has come: the keys are loaded, the value under the cursor
  /// is shown, no change is under way and an open question has been there long enough to be
  /// answered. A source that is away settles too: nothing more will come.
  package var isSettled: Bool {
    guard source.description != nil, source.connection == .connected else {
      return source.opening == nil && source.failedOpenings > 0
    }
    return isLoaded && isValueShown && !isChangeUnderWay && work.pendingEdit == nil && isPromptReady
      && isPlanReady && work.copyRequest == nil && work.leaving == nil
  }

  private var isLoaded: Bool {
    let walk = keys.walk
    let hasFailed = walk.failure != nil
    let isDescribed =
      keys.index.withoutLifetime == 0 && keys.index.withoutSize == 0 && keys.urgent.isEmpty
      && keys.questions.underWay.isEmpty && keys.questions.round == nil
    return (walk.hasCompleted || hasFailed) && isDescribed && !keys.hasPendingWork
      && (stats.history.latest != nil || stats.failure != nil)
  }

  private var isValueShown: Bool {
    guard screen == .keys, let key = keys.cursorKey else { return true }
    return preview.key == key && preview.phase != .loading && preview.phase != .empty
  }

  private var isPlanReady: Bool {
    guard isPlanOpen, let plan = work.plan, plan.phase != .running else { return true }
    guard plan.phase != .collecting, plan.question == nil, work.saving == nil else { return false }
    guard prompt == nil else { return true }
    return plan.paintedAt.map { now.milliseconds(since: $0) >= Prompt.guardTime } ?? false
  }

  private var isPromptReady: Bool {
    guard let prompt else { return true }
    guard let paintedAt = prompt.paintedAt else { return false }
    return now.milliseconds(since: paintedAt) >= Prompt.guardTime
  }
}
