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
///
/// With a heartbeat a connection that is silent while nothing is awaited asks by PING whether the
/// server is there, so that one that has gone without a word is noticed before the next command.
package struct ConnectionStateMachine: Sendable {
  package typealias BatchID = UInt64

  enum Phase {
    case opening(since: Int64)
    /// There is a connection, and TLS is being agreed on.
    case securing(since: Int64)
    case loggingIn(Login, since: Int64)
    case ready
    case ended
  }

  struct Batch {
    var id: BatchID
    var count: Int
    var sentAt: Int64
    var received = 0
    var replies: [RESPValue] = []
    var isAbandoned = false
    /// It has waited for longer than is usual.
    var isLate = false

    var isComplete: Bool { received == count }

    mutating func receive(_ reply: RESPValue) {
      received += 1
      if !isAbandoned { replies.append(reply) }
    }
  }

  /// Whether a server that says nothing is asked, and what becomes of a connection where it does not
  /// answer.
  package enum Heartbeat: Sendable {
    case none
    /// The connection is kept: whatever is the matter, another one would not help.
    case keeps
    /// It ends: somebody waits for what the server tells by itself, and must know that it does not.
    case ends
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
    /// Write this; its answer is nobody's.
    case ask(RESPCommand)
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
  var phase: Phase
  var batches: [Batch] = []
  var head = 0
  package internal(set) var lastBytesAt: Int64
  let heartbeat: Heartbeat
  /// The batch of the machine's own question.
  static let ownBatch: BatchID = 0
  /// The password that was given is not used: the server has none.
  package private(set) var needsNoPassword = false

  /// There was a connection at some time, whatever was said on it.
  package private(set) var wasOpened = false

  /// Whether the server pushes.
  package private(set) var speaksRESP3 = false

  /// The login has been complete at some time.
  package private(set) var wasReady = false

  /// Opening, at `now` milliseconds of the monotonic clock. Batches are numbered from 1.
  package init(
    _ configuration: ChannelConfiguration, heartbeat: Heartbeat = .none, at now: Int64
  ) {
    self.heartbeat = heartbeat
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

  /// Since when commands have gone unanswered for longer than is usual, if they have.
  package var busySince: Int64? {
    guard head < batches.count else { return nil }
    return batches[head].isLate || batches[head].isAbandoned ? batches[head].sentAt : nil
  }

  /// Since when they have for so long that no more are taken.
  package var overdueSince: Int64? {
    head < batches.count && batches[head].isAbandoned ? batches[head].sentAt : nil
  }

  /// The bytes have a way now; answers what to write.
  package mutating func opened() -> [RESPCommand] {
    switch phase {
    case .opening(let since), .securing(let since):
      phase = .loggingIn(login, since: since)
      wasOpened = true
      return login.commands
    default: return []
    }
  }

  /// There is a connection, and TLS comes first.
  package mutating func securing() {
    guard case .opening(let since) = phase else { return }
    phase = .securing(since: since)
    wasOpened = true
  }

  /// A batch is to be written; nil when it may be, and then its replies are awaited.
  package mutating func submit(_ id: BatchID, count: Int, at now: Int64) -> ChannelError? {
    guard isReady else { return .notConnected(reason: "the connection is not ready") }
    if let refusal = refusal(at: now) { return refusal }
    batches.append(Batch(id: id, count: count, sentAt: now))
    return nil
  }

  /// Why no further batch is taken; nil when one is.
  package func refusal(at now: Int64) -> ChannelError? {
    overdueSince.map { since in
      .notConnected(reason: "the server has not answered for \(max(0, now - since) / 1000) s")
    }
  }

  /// Bytes of any kind have arrived.
  package mutating func receivedBytes(at now: Int64) {
    lastBytesAt = now
    if head < batches.count { batches[head].isLate = false }
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
      speaksRESP3 = login.speaksRESP3
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
    case .isNoPrimary(let words):
      return end(
        reason: .notConnected(
          reason: "\(endpoint), which the sentinels name as the primary, is \(words)"))
    }
  }

  private mutating func deliver(_ reply: RESPValue) -> Action {
    guard head < batches.count else { return unexpected(reply) }
    batches[head].receive(reply)
    guard batches[head].isComplete else { return .nothing }
    let whole = batches[head]
    dropFirstBatch()
    let isNobodys = whole.isAbandoned || whole.id == Self.ownBatch
    return isNobodys ? .nothing : .answer(whole.id, whole.replies)
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

  mutating func ending(reason: ChannelError) -> Ending {
    phase = .ended
    let unanswered = batches[head...].filter { !$0.isAbandoned && $0.id != Self.ownBatch }.map(\.id)
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
}
