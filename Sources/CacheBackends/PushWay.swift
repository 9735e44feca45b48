import CacheModel
import KeyPattern
import RESP

/// How one kind of server tells of changes: what has to be said to it, and what its messages mean.
protocol PushWay: Sendable {
  /// Has changes below these prefixes told instead of those before; false when it refuses.
  func follow(
    _ prefixes: [[UInt8]], insteadOf before: [[UInt8]]
  ) async throws(ChannelError) -> Bool

  /// What a push says; nil when it is about something else.
  func told(by push: RESPValue) -> ToldChanges?
}

enum ToldChanges: Sendable, Equatable {
  case keys([CacheKey])
  /// The database was flushed.
  case all
}

/// CLIENT TRACKING with BCAST: a server from Redis 6.0 on remembers the prefixes, no names, and tells
/// the names below them that are written, expire or are evicted. With `redirect` it tells another
/// connection, which has subscribed to a channel for that; so it goes in RESP2.
struct TrackingWay: PushWay {
  let connection: any RESPConnection
  var redirect: Int64?

  static let channel = "__redis__:invalidate"
  static let off = RESPCommand("CLIENT", "TRACKING", "OFF")

  func follow(
    _ prefixes: [[UInt8]], insteadOf before: [[UInt8]]
  ) async throws(ChannelError) -> Bool {
    let batch = prefixes.isEmpty ? [Self.off] : [Self.off, on(prefixes)]
    return try await connection.send(batch).counted(for: batch).last == .ok
  }

  /// The command for these prefixes, of which an empty one stands for all names.
  private func on(_ prefixes: [[UInt8]]) -> RESPCommand {
    var words = ["TRACKING", "ON"].map { Array($0.utf8) }
    if let redirect { words += [Array("REDIRECT".utf8), Array(String(redirect).utf8)] }
    words.append(Array("BCAST".utf8))
    if !prefixes.contains([]) {
      for prefix in prefixes { words += [Array("PREFIX".utf8), prefix] }
    }
    return RESPCommand("CLIENT", words)
  }

  func told(by push: RESPValue) -> ToldChanges? {
    guard let parts = push.elements, let last = parts.last else { return nil }
    let isOwn =
      redirect == nil
      ? parts.count == 2 && parts[0].text == "invalidate"
      : parts.count == 3 && parts[0].text == "message" && parts[1].text == Self.channel
    guard isOwn else { return nil }
    guard let names = last.elements else { return .all }
    return .keys(names.compactMap { $0.bytes.map { CacheKey($0) } })
  }
}

/// Keyspace notifications, where a server sends them already. By key where it sends those, filtered by
/// the server; else by event, of which all arrive.
struct EventsWay: PushWay {
  let connection: any RESPConnection
  let database: Int
  let areByKey: Bool

  /// From the value of `notify-keyspace-events`; nil when what it has sent leaves changes out.
  init?(_ connection: any RESPConnection, database: Int, setting: String) {
    guard let areByKey = Self.areByKey(setting) else { return nil }
    self.connection = connection
    self.database = database
    self.areByKey = areByKey
  }

  /// Whether a server with this setting tells every change, and by key; nil when it does not.
  static func areByKey(_ setting: String) -> Bool? {
    let flags = Set(setting)
    let isWhole = flags.contains("A") || flags.isSuperset(of: "g$lshzxe")
    guard isWhole, flags.contains("K") || flags.contains("E") else { return nil }
    return flags.contains("K")
  }

  private var head: [UInt8] {
    Array("__\(areByKey ? "keyspace" : "keyevent")@\(database)__:".utf8)
  }

  private func patterns(_ prefixes: [[UInt8]]) -> [[UInt8]] {
    guard areByKey else { return prefixes.isEmpty ? [] : [head + [UInt8(ascii: "*")]] }
    return prefixes.map { head + GlobPattern.prefix($0).source }
  }

  func follow(
    _ prefixes: [[UInt8]], insteadOf before: [[UInt8]]
  ) async throws(ChannelError) -> Bool {
    let (new, old) = (patterns(prefixes), patterns(before))
    let batch =
      new.filter { !old.contains($0) }.map { RESPCommand("PSUBSCRIBE", [$0]) }
      + old.filter { !new.contains($0) }.map { RESPCommand("PUNSUBSCRIBE", [$0]) }
    guard !batch.isEmpty else { return true }
    return try await connection.send(batch).allSatisfy { $0.error == nil }
  }

  func told(by push: RESPValue) -> ToldChanges? {
    guard let parts = push.elements, parts.count == 4, parts[0].text == "pmessage",
      let channel = parts[2].bytes, channel.starts(with: head)
    else { return nil }
    if areByKey { return .keys([CacheKey(Array(channel.dropFirst(head.count)))]) }
    return parts[3].bytes.map { .keys([CacheKey($0)]) }
  }
}
