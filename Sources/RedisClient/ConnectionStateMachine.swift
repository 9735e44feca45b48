package import RESP
import Transport

/// The life of one connection, without input or output: opening, logging in, ready, ended. Its
/// owner tells it what happened and does what the answers say.
///
/// Guarantees: no batch is written before the login has succeeded; replies go to batches in the
/// order of their sending, pushes to nobody's; a batch is answered in full or failed once. The
/// limit on replies is one on silence: bytes that arrive extend it, so a long reply over a slow
/// line is no failure. A batch that waited too long is failed and its place kept, so that a late
/// reply is dropped and never taken for the next one; until it comes the connection is busy and
/// takes no further batch, which keeps a server in trouble from being buried.
package struct ConnectionStateMachine: Sendable {
  package typealias BatchID = UInt64

  private enum Phase {
    case opening(since: Int64)
    /// There is a connection, and TLS is being agreed on.
    case securing(since: Int64)
    case loggingIn(Login, since: Int64)
    case ready
    case ended
  }

  private struct Batch {
    var id: BatchID
    var count: Int
    var sentAt: Int64
    var received = 0
    var replies: [RESPValue] = []
    var isAbandoned = false

    var isComplete: Bool { received == count }

    mutating func receive(_ reply: RESPValue) {
      received += 1
      if !isAbandoned { replies.append(reply) }
    }
  }

  /// What to do after a reply.
  package enum Action: Sendable, Equatable {
    case nothing
    /// The login is complete.
    case becomeReady
    case answer(BatchID, [RESPValue])
    case push(RESPValue)
    /// Close the connection and fail these batches.
    case end(Ending)
  }

  /// The end of a connection: why it cannot be used, and what its unanswered batches are told.
  package struct Ending: Sendable, Equatable {
    package var reason: ChannelError
    package var unanswered: [BatchID]
    package var error: ChannelError
  }

  package enum TimeAction: Sendable, Equatable {
    case nothing
    /// These batches have waited too long; the connection is kept.
    case fail([BatchID], ChannelError)
    case end(Ending)
  }

  let endpoint: String
  let limits: ChannelLimits
  private let login: Login
  let isPlainTCP: Bool
  /// Whether messages of subscriptions may come between replies, in the form of an array.
  private let takesMessages: Bool
  /// Whether the server has said anything at all.
  private(set) var hasHeard = false
  private var phase: Phase
  private var batches: [Batch] = []
  private var head = 0
  private var lastBytesAt: Int64
  /// The password that was given is not used: the server has none.
  package private(set) var needsNoPassword = false

  /// The login has been complete at some time.
  package private(set) var wasReady = false

  /// Opening, at `now` milliseconds of the monotonic clock.
  package init(_ configuration: ChannelConfiguration, at now: Int64) {
    endpoint = configuration.endpoint.description
    limits = configuration.limits
    login = Login(configuration)
    takesMessages = configuration.dialect == .messages
    isPlainTCP = configuration.tls == nil && configuration.endpoint.isTCP
    phase = .opening(since: now)
    lastBytesAt = now
  }

  package var isReady: Bool {
    if case .ready = phase { true } else { false }
  }

  var isLoggingIn: Bool {
    if case .loggingIn = phase { true } else { false }
  }

  var isSecuring: Bool {
    if case .securing = phase { true } else { false }
  }

  /// Since when commands have gone unanswered, if they have.
  package var busySince: Int64? {
    head < batches.count && batches[head].isAbandoned ? batches[head].sentAt : nil
  }

  /// The bytes have a way now; answers what to write.
  package mutating func opened() -> [RESPCommand] {
    switch phase {
    case .opening(let since), .securing(let since):
      phase = .loggingIn(login, since: since)
      return login.commands
    default: return []
    }
  }

  /// There is a connection, and TLS comes first.
  package mutating func securing() {
    if case .opening(let since) = phase { phase = .securing(since: since) }
  }

  /// A batch is to be written; nil when it may be, and then its replies are awaited.
  package mutating func submit(_ id: BatchID, count: Int, at now: Int64) -> ChannelError? {
    guard isReady else { return .notConnected(reason: "the connection is not ready") }
    if let busySince {
      let seconds = max(0, now - busySince) / 1000
      return .notConnected(reason: "the server has not answered for \(seconds) s")
    }
    batches.append(Batch(id: id, count: count, sentAt: now))
    return nil
  }

  /// Bytes of any kind have arrived.
  package mutating func receivedBytes(at now: Int64) {
    lastBytesAt = now
    hasHeard = true
  }

  /// The next whole reply or push.
  package mutating func received(_ reply: RESPValue) -> Action {
    if case .push = reply { return .push(reply) }
    if takesMessages, Self.isMessage(reply) { return .push(reply) }
    switch phase {
    case .loggingIn(var login, let since):
      let outcome = login.received(reply)
      needsNoPassword = login.needsNoPassword
      phase = .loggingIn(login, since: since)
      return loginAction(outcome)
    case .ready:
      return deliver(reply)
    case .opening, .securing, .ended:
      return .nothing
    }
  }

  private static func isMessage(_ reply: RESPValue) -> Bool {
    guard let parts = reply.elements, parts.count >= 3, let name = parts[0].text else {
      return false
    }
    return name == "message" || name == "pmessage"
  }

  private mutating func loginAction(_ outcome: Login.Outcome) -> Action {
    switch outcome {
    case .pending:
      return .nothing
    case .done:
      phase = .ready
      wasReady = true
      return .becomeReady
    case .refused(let words):
      return end(reason: .loginRefused(words))
    }
  }

  private mutating func deliver(_ reply: RESPValue) -> Action {
    guard head < batches.count else { return unexpected(reply) }
    batches[head].receive(reply)
    guard batches[head].isComplete else { return .nothing }
    let whole = batches[head]
    dropFirstBatch()
    return whole.isAbandoned ? .nothing : .answer(whole.id, whole.replies)
  }

  private mutating func unexpected(_ reply: RESPValue) -> Action {
    guard let error = reply.error else {
      return end(reason: .protocolViolation("a reply that no command asked for"))
    }
    return end(
      reason: .unreachable(
        endpoint: endpoint, reason: String(decoding: error.message, as: UTF8.self)))
  }

  private mutating func dropFirstBatch() {
    head += 1
    guard head > 32, head > batches.count / 2 else { return }
    batches.removeFirst(head)
    head = 0
  }

  // MARK: Ends

  /// The stream ended; nil when that was known already.
  package mutating func streamEnded(_ reason: String) -> Ending? {
    switch phase {
    case .opening, .securing:
      ending(reason: .unreachable(endpoint: endpoint, reason: reason))
    case .loggingIn:
      ending(
        reason: .unreachable(endpoint: endpoint, reason: reason + " during login" + hintOfTLS))
    case .ready:
      ending(reason: .notConnected(reason: reason))
    case .ended:
      nil
    }
  }

  /// There is no password to log in with, and so nothing was opened.
  package mutating func passwordFailed(_ reason: String) -> Ending? {
    if case .ended = phase { return nil }
    return ending(reason: .noPassword(reason))
  }

  /// The peer broke the protocol or a bound.
  package mutating func violated(_ what: String) -> Ending? {
    if case .ended = phase { return nil }
    return ending(reason: .protocolViolation(what))
  }

  /// The owner closes the connection.
  package mutating func closed() -> Ending? {
    if case .ended = phase { return nil }
    return ending(reason: .closed)
  }

  /// The end for a reason that has its words; nil when that was known already.
  mutating func ended(_ reason: ChannelError) -> Ending? {
    if case .ended = phase { return nil }
    return ending(reason: reason)
  }

  private mutating func end(reason: ChannelError) -> Action {
    .end(ending(reason: reason))
  }

  private mutating func ending(reason: ChannelError) -> Ending {
    phase = .ended
    let unanswered = batches[head...].filter { !$0.isAbandoned }.map(\.id)
    batches = []
    head = 0
    return Ending(reason: reason, unanswered: unanswered, error: Self.unansweredError(for: reason))
  }

  /// What batches are told that were written when the connection ended.
  private static func unansweredError(for reason: ChannelError) -> ChannelError {
    switch reason {
    case .notConnected(let words), .unreachable(_, let words): .commandsUnanswered(reason: words)
    default: reason
    }
  }

  // MARK: Time

  /// When `timePassed` is to be called next; nil when nothing is awaited.
  package var nextDeadline: Int64? {
    switch phase {
    case .opening(let since), .securing(let since), .loggingIn(_, let since):
      return since + limits.connecting
    case .ready:
      guard head < batches.count else { return nil }
      let pending = batches[head...].first { !$0.isAbandoned }
      let reply = pending.map { silence(of: $0) + limits.reply }
      let end = silence(of: batches[head]) + limits.silence
      return min(reply ?? end, end)
    case .ended:
      return nil
    }
  }

  /// Applies the limits on time.
  package mutating func timePassed(at now: Int64) -> TimeAction {
    switch phase {
    case .opening(let since), .securing(let since), .loggingIn(_, let since):
      guard now - since >= limits.connecting else { return .nothing }
      return .end(ending(reason: lateness))
    case .ready:
      return failSilentBatches(at: now)
    case .ended:
      return .nothing
    }
  }

  private mutating func failSilentBatches(at now: Int64) -> TimeAction {
    guard head < batches.count else { return .nothing }
    if now - silence(of: batches[head]) >= limits.silence {
      return .end(ending(reason: .notConnected(reason: "no answer for \(limits.silence / 1000) s")))
    }
    var late: [BatchID] = []
    for index in head..<batches.count where !batches[index].isAbandoned {
      guard now - silence(of: batches[index]) >= limits.reply else { continue }
      batches[index].isAbandoned = true
      batches[index].replies = []
      late.append(batches[index].id)
    }
    guard !late.isEmpty else { return .nothing }
    return .fail(
      late, .timedOut(afterMilliseconds: Int(limits.reply), outcomeUnknown: true))
  }

  /// Since when nothing has been heard that could be for this batch.
  private func silence(of batch: Batch) -> Int64 {
    max(batch.sentAt, lastBytesAt)
  }
}
