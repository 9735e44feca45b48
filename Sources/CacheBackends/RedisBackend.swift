import CacheModel
package import RESP
import Synchronization

/// A server of the Redis family behind the words of the explorer, over any channel: a socket, the
/// engine of this process, a decorator.
///
/// It asks for names by SCAN and never by KEYS, and pipelines what it asks about them. What a
/// server refuses for good is remembered with its reason and not asked again; everything else goes
/// on. Commands of RESP2 and RESP3 servers from version 2.8 on are spoken, the newer ones where
/// they are known. Changes are made on lent connections (`RedisBackend+Apply.swift`).
package final class RedisBackend: CacheBackend {
  let channel: LookupCountingChannel
  let address: String
  let database: Int
  let clock: SourceClock
  let sharing: LookupSharing
  private let learnt = Mutex(RedisTraits())

  /// `address` is what a person would type for the source, without a password; `database` the one
  /// that the channel has selected; `sharing` finds the account of lookups that other processes
  /// add to as well; `unasked` answers how many commands the channel has sent by itself.
  package init(
    over channel: any RESPChannel, address: String, database: Int, clock: SourceClock = .system,
    sharing: @escaping LookupSharing = { _ in nil },
    unasked: @escaping @Sendable () -> Int64 = { 0 }
  ) {
    self.sharing = sharing
    self.channel = LookupCountingChannel(channel, unasked: unasked)
    self.address = address
    self.database = database
    self.clock = clock
  }

  package func close() async {
    await channel.close()
  }

  // MARK: What was learnt

  var traits: RedisTraits { learnt.withLock { $0 } }

  func learn(_ change: (inout RedisTraits) -> Void) {
    learnt.withLock { change(&$0) }
  }

  /// Whether the reply refuses the feature for good; remembers it.
  @discardableResult
  func lose(_ feature: RedisTraits.Feature, if reply: RESPValue) -> Bool {
    guard let error = reply.error, error.isForGood else { return false }
    learn { $0.lose(feature, because: error.text) }
    return true
  }

  // MARK: Sending

  func send(_ batch: [RESPCommand]) async throws(BackendError) -> [RESPValue] {
    guard !batch.isEmpty else { return [] }
    do throws(ChannelError) {
      return try await channel.send(batch).counted(for: batch)
    } catch {
      // What is sent this way only reads.
      if case .timedOut(let milliseconds, _) = error {
        throw .timedOut(afterMilliseconds: milliseconds, outcomeUnknown: false)
      }
      throw BackendError(error)
    }
  }

  func send(_ command: RESPCommand) async throws(BackendError) -> RESPValue {
    try await send([command]).first ?? .null
  }
}

extension [RESPValue] {
  /// As many replies as commands, whatever the channel did.
  func counted(for batch: [RESPCommand]) throws(ChannelError) -> [RESPValue] {
    guard count == batch.count else {
      throw .protocolViolation("\(count) replies to \(batch.count) commands")
    }
    return self
  }
}
