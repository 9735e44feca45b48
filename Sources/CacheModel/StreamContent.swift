/// The place of an entry in a stream: the time at which it was added, and a number within that
/// millisecond.
package struct StreamID: Sendable, Hashable, Comparable {
  /// Since 1970 by the clock of the server, unless whoever added the entry chose otherwise.
  package var milliseconds: UInt64
  package var sequence: UInt64

  package init(milliseconds: UInt64, sequence: UInt64) {
    self.milliseconds = milliseconds
    self.sequence = sequence
  }

  /// `1700000000000-0`; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let milliseconds = UInt64(parts[0]), let sequence = UInt64(parts[1])
    else { return nil }
    self.init(milliseconds: milliseconds, sequence: sequence)
  }

  package var text: String { "\(milliseconds)-\(sequence)" }

  /// The next id that there can be; nil behind the last.
  package var next: StreamID? {
    if sequence < .max { return StreamID(milliseconds: milliseconds, sequence: sequence + 1) }
    guard milliseconds < .max else { return nil }
    return StreamID(milliseconds: milliseconds + 1, sequence: 0)
  }

  package static func < (one: StreamID, other: StreamID) -> Bool {
    (one.milliseconds, one.sequence) < (other.milliseconds, other.sequence)
  }
}

/// One entry of a stream. Fields keep their order, and may come twice.
package struct StreamEntry: Sendable, Hashable {
  package var id: StreamID
  package var fields: [HashField]

  package init(id: StreamID, fields: [HashField]) {
    self.id = id
    self.fields = fields
  }
}

/// A group of consumers of a stream, and what it has been given and not yet said to be done with.
package struct StreamGroup: Sendable, Hashable {
  package var name: [UInt8]
  package var lastDelivered: StreamID?
  /// Entries that were delivered and not acknowledged.
  package var pending: Int64
  /// Entries that were not delivered yet; nil where the server does not tell, or does not know.
  package var lag: Int64?
  /// How many consumers there are, of which some may be told.
  package var consumerCount: Int64
  package var consumers: [StreamConsumer] = []
  /// The oldest of the pending entries.
  package var oldest: [PendingEntry] = []

  package init(
    name: [UInt8], lastDelivered: StreamID?, pending: Int64, lag: Int64?, consumerCount: Int64
  ) {
    self.name = name
    self.lastDelivered = lastDelivered
    self.pending = pending
    self.lag = lag
    self.consumerCount = consumerCount
  }
}

package struct StreamConsumer: Sendable, Hashable {
  package var name: [UInt8]
  package var pending: Int64
  /// Since it last asked for something.
  package var idleMilliseconds: Int64

  package init(name: [UInt8], pending: Int64, idleMilliseconds: Int64) {
    self.name = name
    self.pending = pending
    self.idleMilliseconds = idleMilliseconds
  }
}

/// An entry that a consumer was given and has not acknowledged.
package struct PendingEntry: Sendable, Hashable {
  package var id: StreamID
  package var consumer: [UInt8]
  /// Since it was delivered last.
  package var idleMilliseconds: Int64
  package var deliveries: Int64

  package init(id: StreamID, consumer: [UInt8], idleMilliseconds: Int64, deliveries: Int64) {
    self.id = id
    self.consumer = consumer
    self.idleMilliseconds = idleMilliseconds
    self.deliveries = deliveries
  }
}
