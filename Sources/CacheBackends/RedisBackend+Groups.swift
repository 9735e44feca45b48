import CacheModel
import RESP

/// The groups of a stream, their consumers and what waits to be acknowledged. What the server does not
/// tell, or not this user, is left out: the entries are shown all the same.
extension RedisBackend {
  private static var mostGroups: Int { 8 }
  private static var mostConsumers: Int64 { 100 }
  private static var mostPending: String { "10" }

  func groups(of key: CacheKey) async throws(BackendError) -> [StreamGroup] {
    let told = try await send(RESPCommand("XINFO", [Array("GROUPS".utf8), key.bytes]))
    var groups = (told.elements ?? []).compactMap(Self.group)
    let details = groups.prefix(Self.mostGroups).filter { $0.consumerCount <= Self.mostConsumers }
    guard !details.isEmpty else { return groups }
    let batch = details.flatMap { group in
      [
        RESPCommand("XINFO", [Array("CONSUMERS".utf8), key.bytes, group.name]),
        RESPCommand(
          "XPENDING",
          [key.bytes, group.name] + ["-", "+", Self.mostPending].map { Array($0.utf8) }),
      ]
    }
    var answers = ReplyReader(try await send(batch))
    for detail in details {
      let (consumers, pending) = (answers.next(), answers.next())
      guard let place = groups.firstIndex(where: { $0.name == detail.name }) else { continue }
      groups[place].consumers = (consumers.elements ?? []).compactMap(Self.consumer)
      groups[place].oldest = (pending.elements ?? []).compactMap(Self.pending)
    }
    return groups
  }

  private static func group(_ reply: RESPValue) -> StreamGroup? {
    let facts = facts(reply)
    guard let name = facts["name"]?.bytes else { return nil }
    return StreamGroup(
      name: name, lastDelivered: facts["last-delivered-id"]?.text.flatMap { StreamID($0) },
      pending: facts["pending"]?.integer ?? 0, lag: facts["lag"]?.integer,
      consumerCount: facts["consumers"]?.integer ?? 0)
  }

  private static func consumer(_ reply: RESPValue) -> StreamConsumer? {
    let facts = facts(reply)
    guard let name = facts["name"]?.bytes else { return nil }
    return StreamConsumer(
      name: name, pending: facts["pending"]?.integer ?? 0,
      idleMilliseconds: facts["idle"]?.integer ?? 0)
  }

  private static func pending(_ reply: RESPValue) -> PendingEntry? {
    guard let parts = reply.elements, parts.count >= 4,
      let id = parts[0].text.flatMap({ StreamID($0) }), let consumer = parts[1].bytes
    else { return nil }
    return PendingEntry(
      id: id, consumer: consumer, idleMilliseconds: parts[2].integer ?? 0,
      deliveries: parts[3].integer ?? 0)
  }

  /// Names and values by turns, in either version of the protocol.
  private static func facts(_ reply: RESPValue) -> [String: RESPValue] {
    let parts = reply.elements ?? []
    var facts: [String: RESPValue] = [:]
    for place in stride(from: 0, to: parts.count - 1, by: 2) {
      if let name = parts[place].text { facts[name] = parts[place + 1] }
    }
    return facts
  }
}
