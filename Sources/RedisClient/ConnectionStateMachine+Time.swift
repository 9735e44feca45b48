import RESP

/// The limits on time of a connection.
extension ConnectionStateMachine {
  /// When `timePassed` is to be called next; nil when nothing is awaited.
  package var nextDeadline: Int64? {
    switch phase {
    case .opening(let since), .securing(let since), .loggingIn(_, let since):
      return since + limits.connecting
    case .ready:
      guard head < batches.count else { return beats ? lastBytesAt + limits.heartbeat : nil }
      let pending = batches[head...].first { !$0.isAbandoned }
      let reply = pending.map { silence(of: $0) + limits.reply }
      let end = silence(of: batches[head]) + limits.silence
      return min(late ?? end, reply ?? end, end)
    case .ended:
      return nil
    }
  }

  /// When the first batch will have waited for longer than is usual; nil when it has already.
  private var late: Int64? {
    let first = batches[head]
    return first.isLate || first.isAbandoned ? nil : silence(of: first) + limits.busy
  }

  /// A server that speaks the older protocol answers otherwise when it is listened to.
  private var beats: Bool {
    switch heartbeat {
    case .none: false
    case .keeps: true
    case .ends: speaksRESP3
    }
  }

  /// Applies the limits on time.
  package mutating func timePassed(at now: Int64) -> TimeAction {
    switch phase {
    case .opening(let since), .securing(let since), .loggingIn(_, let since):
      guard now - since >= limits.connecting else { return .nothing }
      return .end(ending(reason: lateness))
    case .ready:
      guard head < batches.count else { return ask(at: now) }
      return failSilentBatches(at: now)
    case .ended:
      return .nothing
    }
  }

  private mutating func ask(at now: Int64) -> TimeAction {
    guard beats, now - lastBytesAt >= limits.heartbeat else { return .nothing }
    batches.append(Batch(id: Self.ownBatch, count: 1, sentAt: now))
    return .ask(RESPCommand("PING"))
  }

  private mutating func failSilentBatches(at now: Int64) -> TimeAction {
    if now - silence(of: batches[head]) >= limits.silence {
      return .end(ending(reason: .notConnected(reason: "no answer for \(limits.silence / 1000) s")))
    }
    if now - silence(of: batches[head]) >= limits.busy { batches[head].isLate = true }
    var late: [BatchID] = []
    for index in head..<batches.count where !batches[index].isAbandoned {
      guard now - silence(of: batches[index]) >= limits.reply else { continue }
      batches[index].isAbandoned = true
      batches[index].replies = []
      late.append(batches[index].id)
    }
    guard !late.isEmpty else { return .nothing }
    if case .ends = heartbeat, late.contains(Self.ownBatch) {
      return .end(ending(reason: .notConnected(reason: "the server does not answer any more")))
    }
    late.removeAll { $0 == Self.ownBatch }
    guard !late.isEmpty else { return .nothing }
    return .fail(
      late, .timedOut(afterMilliseconds: Int(limits.reply), outcomeUnknown: true))
  }

  /// Since when nothing has been heard that could be for this batch.
  private func silence(of batch: Batch) -> Int64 {
    max(batch.sentAt, lastBytesAt)
  }
}
