package import RESP
package import SystemIO
import Transport

/// Finds the primary of a group of servers by asking the sentinels that watch over it, and notices
/// when it is another one.
///
/// The sentinels are asked in turn, the one that answered last first, with short limits on time. What
/// one says is not believed yet: whoever connects asks the server itself (`Login`), since a sentinel
/// learns of a failover some time after it, and one that was cut off from the others much later. The
/// connection to the sentinel that answered is kept: it tells by itself of a switch (`+switch-master`,
/// RESP3 servers, which is 6.0 and later), and is asked every few seconds whether all is as it was,
/// which also shows that it is still there.
///
/// The sentinels that were named are asked first. Whoever of them knows the group is asked for the
/// others that watch over it too (SENTINEL SENTINELS), and these are asked where none that was named
/// answers: an address may name one of five, and it may be the one that is away. Their login goes to
/// those and to nobody else.
package actor SentinelResolver {
  let configuration: SentinelConfiguration
  let loop: EventLoop
  /// What sentinels are asked costs the servers nothing.
  private let counters = ChannelCounters()
  /// Those that were named, and behind them those that they have named.
  private(set) var sentinels: [Endpoint]
  /// The places of the sentinels, the one that is asked first at the front.
  private var order: [Int]
  private var finding: Task<Result<FoundServer, ChannelError>, Never>?
  private var encryption: [String: TLSClient] = [:]
  /// The sentinel that is listened to.
  var watched: (place: Int, connection: Connection)?
  var switched: @Sendable (Endpoint) -> Void = { _ in }
  /// Where the primary was found to be, by itself.
  var confirmed: Endpoint?
  /// Another place that was told once, by a sentinel that may be behind.
  var doubt: Endpoint?
  var isWatching = false
  var isClosed = false

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.asUnownedSerialExecutor()
  }

  package init(_ configuration: SentinelConfiguration, on loop: EventLoop) {
    self.configuration = configuration
    self.loop = loop
    sentinels = configuration.sentinels
    order = Array(configuration.sentinels.indices)
  }

  /// Where the primary is now, as a `ChannelConfiguration` asks for it; to be called on the loop's
  /// thread.
  nonisolated var finder: ChannelConfiguration.Finder {
    { answer in self.assumeIsolated { $0.begin(answer) } }
  }

  private func begin(_ answer: @escaping @Sendable (Result<FoundServer, ChannelError>) -> Void) {
    Task {
      let found = await self.find()
      answer(found)
    }
  }

  /// Asks the sentinels where the primary is. Those who ask at the same time get one answer.
  package func find() async -> Result<FoundServer, ChannelError> {
    if let finding { return await finding.value }
    let task = Task { await self.ask() }
    finding = task
    let result = await task.value
    finding = nil
    return result
  }

  /// The server that was named is no primary, or is away: another sentinel may know better.
  func wasWrong() {
    if let first = order.first { putLast(first) }
  }

  package func close() async {
    isClosed = true
    let last = watched
    watched = nil
    await last?.connection.close()
  }

  // MARK: Asking

  private func ask() async -> Result<FoundServer, ChannelError> {
    var inquiry = SentinelInquiry(configuration)
    for place in order {
      if isClosed { return .failure(.closed) }
      let endpoint = sentinels[place]
      do throws(ChannelError) {
        let connection = try await connection(to: place)
        let answer = SentinelAnswer(try await connection.send(question))
        if case .primary(let primary) = answer {
          await learnOthers(by: connection)
          keep(connection, of: place)
          return .success(found(primary))
        }
        if case .unknownName = answer {
          let reply = try await connection.send(RESPCommand("SENTINEL", "MASTERS"))
          inquiry.knowsOnly(SentinelAnswer.names(reply))
        }
        if case .useless(let words) = answer { inquiry.failed(endpoint, words) }
        await drop(connection)
      } catch {
        inquiry.failed(endpoint, error)
      }
    }
    return .failure(inquiry.outcome)
  }

  /// More than anybody runs are not believed.
  private static let mostOthers = 16

  /// Asks a sentinel who else watches over the group. One that does not tell is as good as before.
  private func learnOthers(by connection: Connection) async {
    let question = RESPCommand("SENTINEL", "SENTINELS", configuration.group)
    guard let reply = try? await connection.send(question) else { return }
    let most = configuration.sentinels.count + Self.mostOthers
    for endpoint in SentinelAnswer.sentinels(reply)
    where sentinels.count < most && !sentinels.contains(endpoint) {
      sentinels.append(endpoint)
      order.append(sentinels.count - 1)
    }
  }

  var question: RESPCommand {
    RESPCommand("SENTINEL", "GET-MASTER-ADDR-BY-NAME", configuration.group)
  }

  /// Logged in; the one that is listened to where that is the same.
  private func connection(to place: Int) async throws(ChannelError) -> Connection {
    if let watched, watched.place == place, await watched.connection.isReady {
      return watched.connection
    }
    let connection = makeConnection(to: sentinels[place])
    try await connection.waitUntilReady()
    return connection
  }

  private func makeConnection(to sentinel: Endpoint) -> Connection {
    var channel = ChannelConfiguration(
      endpoint: sentinel, user: configuration.user, password: configuration.password,
      clientName: configuration.clientName, limits: configuration.limits)
    channel.passwordSource = configuration.passwordSource
    channel.tls = encryption(for: sentinel)
    let connection = Connection(
      channel, on: loop, counters: counters,
      onPush: { push in self.assumeIsolated { $0.heard(push) } }, onChange: { _ in })
    connection.assumeIsolated { $0.start() }
    return connection
  }

  private func drop(_ connection: Connection) async {
    guard watched?.connection !== connection else { return }
    await connection.close()
  }

  private func keep(_ connection: Connection, of place: Int) {
    order.removeAll { $0 == place }
    order.insert(place, at: 0)
    listen(to: connection, of: place)
  }

  func putLast(_ place: Int) {
    order.removeAll { $0 == place }
    order.append(place)
  }

  private func found(_ primary: Endpoint) -> FoundServer {
    FoundServer(endpoint: primary, tls: encryption(for: primary))
  }

  /// Each host proves its own name.
  private func encryption(for endpoint: Endpoint) -> TLSClient? {
    guard var settings = configuration.tls else { return nil }
    if case .tcp(let host, _) = endpoint, !configuration.keepsName { settings.name = host }
    if let known = encryption[settings.name] { return known }
    if encryption.count >= 100 { encryption = [:] }
    let client = TLSClient(settings)
    encryption[settings.name] = client
    return client
  }
}
