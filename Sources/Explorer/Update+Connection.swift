import CacheModel

/// The connection, the figures of the whole source, and what failed.
extension ExplorerState {
  /// Asks what the source is when nothing is known yet and the pause after a failure is over.
  mutating func openIfDue() -> [Effect] {
    guard source.description == nil, source.opening == nil else { return [] }
    if case .waiting(_, let retryAt) = source.connection, retryAt > now { return [] }
    if case .refused = source.connection { return [] }
    let request = newRequest()
    source.opening = request
    source.connection = .connecting
    return [.open(request)]
  }

  /// Does not wait for the next try.
  mutating func reconnectNow() -> [Effect] {
    say("connecting again …")
    source.connection = .connecting
    return [.reconnect] + openIfDue()
  }

  mutating func take(connection: ConnectionState) -> [Effect] {
    guard source.description != nil else { return [] }
    let before = source.connection
    source.connection = connection
    if connection == .connected, before != .connected {
      stats.history.interrupt()
      keys.walk.isDue = true
      keys.polledAt = nil
    } else if connection != .connected, before == .connected {
      forgetQuestions()
    }
    return []
  }

  /// Another server of the same data may have taken over from the one before.
  mutating func take(server: String) -> [Effect] {
    let before = source.server
    source.server = server
    guard !before.isEmpty, before != server else { return [] }
    say("failover: \(server) is the primary now, before it was \(before)", .warning)
    return []
  }

  mutating func take(description: SourceDescription) -> [Effect] {
    source.description = description
    source.connection = .connected
    source.opening = nil
    source.failedOpenings = 0
    source.trouble = ""
    keys.walk.isDue = true
    undo.hasToldInterrupted = false
    return [.listJournal]
  }

  private mutating func takeFailedOpening(_ error: BackendError) {
    source.opening = nil
    source.failedOpenings += 1
    if case .insecure = error {
      source.connection = .refused(reason: error.sentence, asksForPassword: false)
      return
    }
    if case .loginRefused(let words) = error, !words.hasPrefix("ERR max number of clients") {
      source.connection = .refused(reason: words, asksForPassword: error.asksForPassword)
      return
    }
    // A try in the middle of the connection's own pause tells nothing new.
    if !error.isOfPause || source.trouble.isEmpty { source.trouble = error.sentence }
    let longest: Int64 = error.isOfAbsence ? 1_000 : 30_000
    let pause: Int64 = min(longest, 500 << min(source.failedOpenings - 1, 6))
    source.connection = .waiting(reason: source.trouble, retryAt: now.advanced(by: pause))
  }

  /// Questions that were under way when the connection broke will not be answered.
  private mutating func forgetQuestions() {
    keys.walk.request = nil
    keys.walk.heldBack = nil
    keys.walk.isDue = true
    for question in keys.questions.underWay.values { keys.urgent += question.names }
    keys.questions.underWay.removeAll()
    keys.walk.folder = nil
    keys.polling = nil
    keys.strangers = []
    preview.request = nil
    stats.request = nil
    forgetWatchQuestion()
    if let question = work.plan?.question { _ = takePlanFailure(of: question) }
  }

  mutating func sampleIfDue() -> [Effect] {
    guard stats.request == nil else { return [] }
    let elapsed = stats.askedAt.map { now.milliseconds(since: $0) } ?? .max
    guard elapsed >= 1000 else { return [] }
    // The next question is due a second after this one was, not after it was asked.
    stats.askedAt = elapsed < 1500 ? stats.askedAt?.advanced(by: 1000) : now
    let request = newRequest()
    stats.request = request
    return [.sample(request)]
  }

  mutating func take(sample: CacheStatistics) -> [Effect] {
    stats.request = nil
    stats.failure = nil
    wallOffset = sample.time.milliseconds &- sample.moment.milliseconds
    let before = stats.history.latest
    stats.history.record(sample)
    tellOfCluster(from: before ?? stats.lastBeforePause, to: sample)
    stats.lastBeforePause = sample
    noticeActivity(from: before, to: sample)
    return adopt(sample.identity) + listJournalIfDue()
  }

  /// The server behind the address goes by another id than before: it was restarted, another one has
  /// taken over. What is changed from now on belongs to that one.
  private mutating func adopt(_ identity: SourceIdentity?) -> [Effect] {
    guard let identity, let known = source.description?.identity,
      known != identity || known.formerIDs != identity.formerIDs
    else { return [] }
    source.description?.identity = identity
    return [.listJournal]
  }

  /// A walk is due when the number of keys has changed or somebody else has sent commands.
  private mutating func noticeActivity(from before: CacheStatistics?, to sample: CacheStatistics) {
    guard let before else { return }
    let keysChanged = before.keys != sample.keys
    var others: Int64?
    if let old = before.commands, let new = sample.commands {
      others = max(0, (new &- old) &- (sample.ownCommands &- before.ownCommands))
    }
    keys.isSourceActive = others != 0 || keysChanged
    allowRefreshing(others)
    let areOthersThere = keys.sampling.isWhole && sample.keys != Int64(keys.presentCount)
    if keys.isSourceActive || areOthersThere { keys.walk.isDue = true }
  }

  mutating func take(failure error: BackendError, of request: RequestID) -> [Effect] {
    if source.opening == request {
      takeFailedOpening(error)
    } else if keys.walk.request == request {
      keys.walk.request = nil
      keys.walk.finishedAt = now
      keys.walk.isDue = true
      keys.walk.failure = error
    } else if keys.polling == request {
      keys.polling = nil
    } else if keys.strangers.remove(request) != nil {
      keys.walk.isDue = true
    } else if stats.request == request {
      stats.request = nil
      stats.failure = error
      stats.history.interrupt()
    } else if preview.request == request {
      preview.request = nil
      preview.phase = .failed(error)
      preview.isTurning = false
      preview.readAt = now
    } else if takeWatchFailure(error, of: request) || takeTagFailure(error, of: request)
      || takePlanFailure(of: request)
    {
      return []
    } else if let question = keys.questions.underWay.removeValue(forKey: request) {
      askAgain(question)
    } else if keys.filtering.asking?.request == request || keys.filtering.lookingUp == request {
      judgeLater()
    } else if keys.walk.folder?.request == request {
      keys.walk.folder = nil
      say(error.sentence, .failure)
    } else {
      takeFailureOfWork(error, of: request)
    }
    return []
  }

  private mutating func takeFailureOfWork(_ error: BackendError, of request: RequestID) {
    if work.pendingEdit?.request == request {
      work.pendingEdit = nil
    } else if takeFailedDatabases(error, of: request) {
      return
    } else if work.copyRequest?.request == request {
      work.copyRequest = nil
    } else if work.job?.request == request {
      work.job = nil
    } else {
      return
    }
    say(error.sentence, .failure)
  }
}

extension BackendError {
  /// Whether nobody was there: to look again costs nobody anything.
  fileprivate var isOfAbsence: Bool {
    switch self {
    case .unreachable, .connectionLost(_, outcomeUnknown: false): true
    default: false
    }
  }

  /// Whether no connection was tried, perhaps because the last one failed a moment ago.
  fileprivate var isOfPause: Bool {
    if case .connectionLost(_, outcomeUnknown: false) = self { true } else { false }
  }
}
