import KeyPattern
import RESP

extension CommandTable {
  private static let subscribing: CommandFlags = [.pubsub, .notQueued, .connectionState]

  static let subscriptionRows: [CommandRow] = [
    CommandRow(
      "publish", 3, [.pubsub, .fast], .pubsub, "O(N)", "Sends a message to a channel.",
      { call in .integer(call.engine.publish(call[2], to: call[1])) }),
    CommandRow(
      "subscribe", -2, subscribing, .pubsub, "O(N)", "Listens to channels.",
      { call throws(RESPError) in
        try each(call.arguments.dropFirst(), "subscribe", call, CommandEngine.subscribe)
      }),
    CommandRow(
      "psubscribe", -2, subscribing, .pubsub, "O(N)", "Listens to channels of a pattern.",
      { call throws(RESPError) in
        try each(call.arguments.dropFirst(), "psubscribe", call, CommandEngine.subscribePattern)
      }),
    CommandRow(
      "unsubscribe", -1, subscribing, .pubsub, "O(N)", "Stops to listen to channels.",
      { call throws(RESPError) in
        let all = call.arguments.count > 1 ? call.arguments.dropFirst() : call.session.channels[...]
        return try each(all, "unsubscribe", call, CommandEngine.unsubscribe)
      }),
    CommandRow(
      "punsubscribe", -1, subscribing, .pubsub, "O(N)", "Stops to listen to patterns.",
      { call throws(RESPError) in
        let all = call.arguments.count > 1 ? call.arguments.dropFirst() : call.session.patterns[...]
        return try each(all, "punsubscribe", call, CommandEngine.unsubscribePattern)
      }),
  ]

  /// Confirms each channel with a push of its own; the last one is the reply.
  private static func each(
    _ names: ArraySlice<[UInt8]>, _ kind: String, _ call: CommandCall,
    _ change: (CommandEngine) -> ([UInt8], Session) -> Void
  ) throws(RESPError) -> RESPValue {
    guard let push = call.session.push else {
      throw RESPError("ERR \(kind.uppercased()) needs a connection that takes messages")
    }
    var confirmation = RESPValue.push([
      .bulk(kind), .null, .integer(Int64(call.session.subscriptionCount)),
    ])
    for (index, name) in names.enumerated() {
      if index > 0 { push(confirmation) }
      change(call.engine)(name, call.session)
      confirmation = .push([
        .bulk(kind), .bulk(name), .integer(Int64(call.session.subscriptionCount)),
      ])
    }
    return confirmation
  }
}

extension Set<[UInt8]> {
  fileprivate subscript(_: UnboundedRange) -> ArraySlice<[UInt8]> { Array(self)[...] }
}

extension CommandEngine {
  func subscribe(_ channel: [UInt8], _ session: Session) {
    session.channels.insert(channel)
    channelListeners[channel, default: []].insert(session.id)
  }

  func subscribePattern(_ pattern: [UInt8], _ session: Session) {
    session.patterns.insert(pattern)
    patternListeners[pattern, default: []].insert(session.id)
  }

  func unsubscribe(_ channel: [UInt8], _ session: Session) {
    session.channels.remove(channel)
    channelListeners[channel]?.remove(session.id)
    if channelListeners[channel]?.isEmpty == true { channelListeners[channel] = nil }
  }

  func unsubscribePattern(_ pattern: [UInt8], _ session: Session) {
    session.patterns.remove(pattern)
    patternListeners[pattern]?.remove(session.id)
    if patternListeners[pattern]?.isEmpty == true { patternListeners[pattern] = nil }
  }

  func dropSubscriptions(of session: Session) {
    for channel in session.channels { unsubscribe(channel, session) }
    for pattern in session.patterns { unsubscribePattern(pattern, session) }
  }

  /// Returns the number of deliveries.
  func publish(_ message: [UInt8], to channel: [UInt8]) -> Int64 {
    var deliveries: Int64 = 0
    for id in channelListeners[channel] ?? [] {
      sessions[id]?.push?(.push([.bulk("message"), .bulk(channel), .bulk(message)]))
      deliveries += 1
    }
    for (pattern, listeners) in patternListeners where GlobPattern(pattern).matches(channel) {
      for id in listeners {
        sessions[id]?.push?(
          .push([.bulk("pmessage"), .bulk(pattern), .bulk(channel), .bulk(message)]))
        deliveries += 1
      }
    }
    return deliveries
  }
}
