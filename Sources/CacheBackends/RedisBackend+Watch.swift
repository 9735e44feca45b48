package import CacheModel
import RESP

/// Changes as the server tells them, on connections of its own: by CLIENT TRACKING with BCAST, pushed
/// in RESP3 and through a second connection in RESP2, or else by keyspace notifications where the
/// server sends them already. What nobody tells has to be asked for. No setting of the server is
/// changed.
extension RedisBackend {
  package func watch(
    _ following: AsyncStream<FollowedView>, telling: @escaping @Sendable ([CacheKey]) -> Void
  ) async throws(BackendError) -> WatchEnd {
    do throws(ChannelError) {
      return switch try await watchByPushes(following, telling) {
      case .ended(let end): end
      case .speaksRESP2 where !traits.figures.isOfCluster:
        try await watchByRedirect(following, telling)
      case .speaksRESP2, .tracksNothing: try await watchByEvents(following, telling)
      }
    } catch {
      throw BackendError(error)
    }
  }

  private enum Tracked: Sendable {
    case ended(WatchEnd)
    /// The server knows tracking but pushes nothing on a connection of this kind.
    case speaksRESP2
    case tracksNothing
  }

  private func watchByPushes(
    _ following: AsyncStream<FollowedView>, _ telling: @escaping @Sendable ([CacheKey]) -> Void
  ) async throws(ChannelError) -> Tracked {
    let tracked = try await channel.listening(for: .pushes) {
      connection, pushes throws(ChannelError) -> Tracked in
      let hello = try await connection.send([RESPCommand("HELLO")]).first ?? .null
      let way = TrackingWay(connection: connection)
      guard try await way.follow([Self.probe], insteadOf: []) else { return .tracksNothing }
      guard Self.field("proto", of: hello) == 3 else { return .speaksRESP2 }
      return .ended(
        try await self.watch(
          by: way, as: Self.field("id", of: hello), following, [pushes], telling))
    }
    return tracked ?? .ended(.cannotTell)
  }

  /// One connection has the changes told to another, which it names by a number of its server's own: a
  /// cluster would need a pair for each node.
  private func watchByRedirect(
    _ following: AsyncStream<FollowedView>, _ telling: @escaping @Sendable ([CacheKey]) -> Void
  ) async throws(ChannelError) -> WatchEnd {
    let end = try await channel.listening(for: .messages) {
      listener, messages throws(ChannelError) -> WatchEnd? in
      let begin = [RESPCommand("CLIENT", "ID"), RESPCommand("SUBSCRIBE", TrackingWay.channel)]
      let replies = try await listener.send(begin).counted(for: begin)
      guard let id = replies[0].integer, replies[1].error == nil else { return .cannotTell }
      return try await self.channel.listening(for: .pushes) {
        connection, pushes throws(ChannelError) -> WatchEnd in
        let way = TrackingWay(connection: connection, redirect: id)
        let own = try await connection.send([RESPCommand("CLIENT", "ID")]).first?.integer
        guard try await way.follow([Self.probe], insteadOf: []) else { return .cannotTell }
        return try await self.watch(by: way, as: own, following, [messages, pushes], telling)
      }
    }
    return (end ?? nil) ?? .cannotTell
  }

  private func watchByEvents(
    _ following: AsyncStream<FollowedView>, _ telling: @escaping @Sendable ([CacheKey]) -> Void
  ) async throws(ChannelError) -> WatchEnd {
    let asked = RESPCommand("CONFIG", "GET", "notify-keyspace-events")
    let setting = try await channel.send([asked]).first?.elements?.last?.text ?? ""
    guard EventsWay.areByKey(setting) != nil else { return .cannotTell }
    let end = try await channel.listening(for: .messages) {
      connection, messages throws(ChannelError) -> WatchEnd in
      guard let way = EventsWay(connection, database: self.database, setting: setting),
        try await way.follow([Self.probe], insteadOf: [])
      else { return .cannotTell }
      return try await self.watch(by: way, as: nil, following, [messages], telling)
    }
    return end ?? .cannotTell
  }

  /// `own` is the connection that tracks, which is no other client to a person.
  private func watch(
    by way: any PushWay, as own: Int64?, _ following: AsyncStream<FollowedView>,
    _ connections: [AsyncStream<RESPValue>], _ telling: @escaping @Sendable ([CacheKey]) -> Void
  ) async throws(ChannelError) -> WatchEnd {
    if let own { learn { $0.ownTrackers.insert(own) } }
    defer { if let own { learn { $0.ownTrackers.remove(own) } } }
    var watch = KeyWatch(way, following: [Self.probe], clock: clock, telling: telling)
    return try await watch.run(following, connections)
  }

  /// Nobody's name: asks whether there is such a way at all.
  private static let probe = Array("cachescope:probe:".utf8)

  private static func field(_ name: String, of hello: RESPValue) -> Int64? {
    guard case .map(let pairs) = hello else { return nil }
    return pairs.first { $0.key.text == name }?.value.integer
  }
}
