package import CacheModel
import RESP

/// Changes as the server pushes them: CLIENT TRACKING on a connection of its own.
///
/// A server that tracks remembers the names that a connection has read, tells once when one of them
/// is written, expires or is evicted, and forgets it then. So the names in view are read there (by
/// EXISTS, the cheapest command that does), and read again after each telling. What comes within
/// a fifth of a second is told together: a key that is written all the time costs five messages
/// a second and not thousands. Only servers that speak RESP3 push; the rest is polled.
extension RedisBackend {
  package func watch(
    _ following: AsyncStream<[CacheKey]>, telling: @escaping @Sendable ([CacheKey]) -> Void
  ) async throws(BackendError) -> Bool {
    do throws(ChannelError) {
      let isTold = try await channel.listening { connection, pushes throws(ChannelError) in
        let begin = [RESPCommand("HELLO"), RESPCommand("CLIENT", "TRACKING", "ON")]
        let replies = try await connection.send(begin).counted(for: begin)
        guard Self.speaksRESP3(replies[0]), replies[1] == .ok else { return false }
        let own = Self.field("id", of: replies[0])
        if let own { learn { $0.ownTrackers.insert(own) } }
        defer { if let own { learn { $0.ownTrackers.remove(own) } } }
        telling([])
        var watch = KeyWatch(connection: connection, telling: telling)
        try await watch.run(following, pushes)
        return true
      }
      return isTold ?? false
    } catch {
      throw BackendError(error)
    }
  }

  private static func speaksRESP3(_ hello: RESPValue) -> Bool {
    field("proto", of: hello) == 3
  }

  private static func field(_ name: String, of hello: RESPValue) -> Int64? {
    guard case .map(let pairs) = hello else { return nil }
    return pairs.first { $0.key.text == name }?.value.integer
  }
}

/// The names that are followed on one connection, and what has been told of them.
private struct KeyWatch {
  let connection: any RESPConnection
  let telling: @Sendable ([CacheKey]) -> Void
  private var followed: Set<CacheKey> = []
  private var changed: Set<CacheKey> = []
  private var isGathering = false
  /// Names read since tracking began; those out of view are forgotten by beginning anew.
  private var registered = 0

  private enum Event: Sendable {
    case follow([CacheKey])
    case push(RESPValue)
    case gathered
    case lost
  }

  private static let gatheringMilliseconds: Int64 = 200
  private static let namesOfOneCommand = 500
  private static let mostRegistered = 20_000

  init(connection: any RESPConnection, telling: @escaping @Sendable ([CacheKey]) -> Void) {
    self.connection = connection
    self.telling = telling
  }

  mutating func run(
    _ following: AsyncStream<[CacheKey]>, _ pushes: AsyncStream<RESPValue>
  ) async throws(ChannelError) {
    let (events, out) = AsyncStream.makeStream(of: Event.self)
    let follower = Task {
      for await keys in following { out.yield(.follow(keys)) }
      out.finish()
    }
    let listener = Task {
      for await push in pushes { out.yield(.push(push)) }
      out.yield(.lost)
    }
    defer {
      follower.cancel()
      listener.cancel()
    }
    for await event in events {
      switch event {
      case .follow(let keys): try await follow(keys)
      case .push(let push): if take(push) { Self.wakeLater(out) }
      case .gathered: try await tell()
      case .lost: throw .notConnected(reason: "the connection that tells of changes has ended")
      }
    }
  }

  private static func wakeLater(_ out: AsyncStream<Event>.Continuation) {
    Task {
      try? await Task.sleep(for: .milliseconds(gatheringMilliseconds))
      out.yield(.gathered)
    }
  }

  private mutating func follow(_ keys: [CacheKey]) async throws(ChannelError) {
    let new = keys.filter { !followed.contains($0) }
    followed = Set(keys)
    changed.formIntersection(followed)
    guard registered + new.count > Self.mostRegistered else { return try await register(new) }
    registered = 0
    let again = [RESPCommand("CLIENT", "TRACKING", "OFF"), RESPCommand("CLIENT", "TRACKING", "ON")]
    _ = try await connection.send(again)
    try await register(keys)
  }

  private mutating func register(_ keys: [CacheKey]) async throws(ChannelError) {
    registered += keys.count
    let commands = stride(from: 0, to: keys.count, by: Self.namesOfOneCommand).map { start in
      RESPCommand(
        "EXISTS", keys[start..<min(keys.count, start + Self.namesOfOneCommand)].map(\.bytes))
    }
    guard !commands.isEmpty else { return }
    _ = try await connection.send(commands)
  }

  /// Takes a push in; true when what has changed is to be told a little later.
  private mutating func take(_ push: RESPValue) -> Bool {
    guard let parts = push.elements, parts.count == 2, parts[0].text == "invalidate" else {
      return false
    }
    if let names = parts[1].elements {
      changed.formUnion(names.compactMap { $0.bytes.map { CacheKey($0) } })
      changed.formIntersection(followed)
    } else {
      // The database was flushed.
      changed = followed
    }
    guard !changed.isEmpty, !isGathering else { return false }
    isGathering = true
    return true
  }

  /// Read again first, so that nothing is missed between the telling and the caller's look.
  private mutating func tell() async throws(ChannelError) {
    isGathering = false
    let batch = Array(changed)
    changed = []
    guard !batch.isEmpty else { return }
    try await register(batch)
    telling(batch)
  }
}
