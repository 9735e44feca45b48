import RESP
import Transport

/// Carrying batches to the nodes, and again where redirections and trouble ask for it.
extension ClusterChannel {
  /// How often a command is sent elsewhere before the redirection itself is its answer.
  static let mostRedirections = 5
  /// How often a command is sent again while its slot is on its way, or a failover passes.
  static let mostTries = 60
  static let pauseBeforeNextTry: Duration = .milliseconds(100)

  /// What has come of a batch so far, beside the answers.
  private struct Progress {
    var answered = 0
    /// The worst failure of a node: one after which it is not known what was done, where there is one.
    var failure: ChannelError?
    /// Whether something is to be sent again after a pause.
    var pauses = false

    mutating func fail(_ error: ChannelError) {
      if failure == nil || failure?.tellsThatNothingWasSent == true { failure = error }
    }
  }

  func deliver(
    _ batch: [RESPCommand], by send: @escaping Sender
  ) async throws(ChannelError) -> [RESPValue] {
    if batch.contains(where: { $0.verb == "INFO" }), now - mapAskedAt > Self.mapAge {
      mapIsOld = true
    }
    let map = try await currentMap()
    let begins = batch.contains {
      ClusterBatch.beginsWalk($0, generation: walks.generation)
    }
    let walk = begins ? await beginWalk() : 0
    var work = ClusterBatch(batch, map, generation: walks.generation, walk: walk)
    var progress = Progress()
    while work.isUnderWay {
      progress.pauses = false
      let groups = groups(of: work.takeWaiting(), &work, &progress)
      for (endpoint, result) in await Self.ask(groups.mapValues(Self.commands), send) {
        let pieces = groups[endpoint] ?? []
        switch result {
        case .success(let replies):
          progress.answered += 1
          await take(replies, of: pieces, from: endpoint, &work, &progress)
        case .failure(let error):
          await take(error, of: pieces, from: endpoint, &work, &progress)
        }
      }
      guard progress.pauses else { continue }
      try? await Task.sleep(for: Self.pauseBeforeNextTry)
      _ = try await currentMap()
    }
    if let failure = progress.failure, progress.answered == 0, !isAnswered(failure) {
      throw failure
    }
    for walk in work.endingWalks { await finish(walk, &work) }
    let (latest, sent) = (self.map ?? map, counters.commands)
    return work.replies { ClusterFigures.joined($0, latest, sent: sent) }
  }

  /// Whether a failure is told by error replies: another node is there, and nothing is in doubt.
  private func isAnswered(_ failure: ChannelError) -> Bool {
    failure.tellsThatNothingWasSent && !failure.isRefusalForGood && status == .connected
  }

  /// The pieces by the nodes that they go to; those of slots that nobody serves wait or are answered.
  private func groups(
    of pieces: [ClusterBatch.Piece], _ work: inout ClusterBatch, _ progress: inout Progress
  ) -> [Endpoint: [ClusterBatch.Piece]] {
    var groups: [Endpoint: [ClusterBatch.Piece]] = [:]
    for piece in pieces {
      if let endpoint = endpoint(of: piece.target) {
        groups[endpoint, default: []].append(piece)
      } else if trouble.note(.openSlots, at: now), piece.tries < Self.mostTries {
        mapIsOld = true
        work.sendAgain(piece)
        progress.pauses = true
      } else {
        work.take(Self.unserved(piece.target), of: piece)
      }
    }
    return groups
  }

  /// All nodes at the same time.
  static func ask(
    _ groups: [Endpoint: [RESPCommand]], _ send: @escaping Sender
  ) async -> [(Endpoint, Result<[RESPValue], ChannelError>)] {
    if groups.count == 1, let (endpoint, commands) = groups.first {
      let result = await send(endpoint, commands)
      return [(endpoint, result)]
    }
    return await withTaskGroup(of: (Endpoint, Result<[RESPValue], ChannelError>).self) { tasks in
      for (endpoint, commands) in groups {
        tasks.addTask {
          let result = await send(endpoint, commands)
          return (endpoint, result)
        }
      }
      return await tasks.reduce(into: []) { $0.append($1) }
    }
  }

  private static func commands(_ pieces: [ClusterBatch.Piece]) -> [RESPCommand] {
    pieces.flatMap { piece in
      if case .asking = piece.target {
        [RESPCommand("ASKING"), piece.command]
      } else {
        [piece.command]
      }
    }
  }

  /// Notes that a part of the cluster does not do its work; true while it may pass by itself.
  func isWorthWaiting(for place: ClusterTrouble.Place) -> Bool {
    mapIsOld = true
    return trouble.note(place, at: now)
  }

  // MARK: Answers

  private func take(
    _ replies: [RESPValue], of pieces: [ClusterBatch.Piece], from endpoint: Endpoint,
    _ work: inout ClusterBatch, _ progress: inout Progress
  ) async {
    var place = 0
    var isWell = false
    for piece in pieces {
      if case .asking = piece.target { place += 1 }
      let reply = place < replies.count ? replies[place] : .null
      place += 1
      let redirection = Redirection(reply, from: endpoint)
      if redirection != .down { isWell = true }
      guard let redirection, await follow(redirection, of: piece, endpoint, &work, &progress)
      else {
        work.take(reply, of: piece)
        continue
      }
    }
    if isWell { trouble.isOver(.node(endpoint)) }
  }

  /// False where the redirection itself is the answer.
  private func follow(
    _ redirection: Redirection, of piece: ClusterBatch.Piece, _ endpoint: Endpoint,
    _ work: inout ClusterBatch, _ progress: inout Progress
  ) async -> Bool {
    switch redirection {
    case .moved(let slot, let told):
      guard piece.detours < Self.mostRedirections, let target = await follow(to: told, slot)
      else { return false }
      work.send(piece, to: .node(target))
      // Nodes that send back and forth do not agree yet.
      if piece.detours > 1 { progress.pauses = true }
    case .ask(_, let told):
      guard piece.detours < Self.mostRedirections, let target = await follow(to: told, nil)
      else { return false }
      work.send(piece, to: .asking(target))
    case .tryAgain:
      guard piece.tries < Self.mostTries else { return false }
      work.sendAgain(piece)
      progress.pauses = true
    case .down:
      mapIsOld = true
      guard trouble.note(.node(endpoint), at: now), piece.home != nil,
        piece.tries < Self.mostTries
      else { return false }
      work.sendAgain(piece)
      progress.pauses = true
    }
    return true
  }

  // MARK: Failures

  private func take(
    _ error: ChannelError, of pieces: [ClusterBatch.Piece], from endpoint: Endpoint,
    _ work: inout ClusterBatch, _ progress: inout Progress
  ) async {
    mapIsOld = true
    let isRefused = error.isRefusalForGood
    let isFound = !isRefused && error.tellsThatNothingWasSent ? await find(endpoint) : false
    let isNew = trouble.note(.node(endpoint), at: now) && !isRefused
    for piece in pieces {
      if work.isWalk(piece) {
        await takeWalk(piece, isFound || isNew, error, endpoint, &work, &progress)
        continue
      }
      let mayRepeat = error.tellsThatNothingWasSent || ReadingCommands.allow(piece.command)
      if isFound || isNew, mayRepeat, piece.home != nil, piece.tries < Self.mostTries {
        work.sendAgain(piece)
        progress.pauses = true
      } else {
        progress.fail(mayRepeat ? error.ofReading : error)
        work.take(Self.unanswered(endpoint, error, isKnown: mayRepeat), of: piece)
      }
    }
  }

  /// A walk goes on when the failover has passed, from the beginning, or else behind the node.
  private func takeWalk(
    _ piece: ClusterBatch.Piece, _ isWaiting: Bool, _ error: ChannelError, _ endpoint: Endpoint,
    _ work: inout ClusterBatch, _ progress: inout Progress
  ) async {
    if walks.generation != work.generation || map?.names(endpoint) == false {
      let walk = await beginWalk()
      work.beginAnew(piece, generation: walks.generation, walk: walk)
    } else if isWaiting, piece.tries < Self.mostTries {
      work.sendAgain(piece)
      progress.pauses = true
    } else {
      progress.fail(error.ofReading)
      work.skip(piece, because: "the node \(endpoint) does not answer: \(error.words)")
    }
  }

  static func unserved(_ target: ClusterBatch.Target) -> RESPValue {
    guard case .slot(let slot) = target else {
      return .error("CLUSTERDOWN no node of the cluster serves any slot")
    }
    return .error("CLUSTERDOWN slot \(slot.number) is served by no node")
  }

  static func unanswered(_ endpoint: Endpoint, _ error: ChannelError, isKnown: Bool) -> RESPValue {
    let words = "the node \(endpoint) does not answer: \(error.words)"
    return .error("\(isKnown ? "CLUSTERDOWN" : unknownCode) \(words)")
  }
}

extension ChannelError {
  /// The same of commands that change nothing, whatever became of them.
  fileprivate var ofReading: ChannelError {
    switch self {
    case .commandsUnanswered(let reason): .notConnected(reason: reason)
    case .timedOut(let milliseconds, _):
      .timedOut(afterMilliseconds: milliseconds, outcomeUnknown: false)
    default: self
    }
  }
}
