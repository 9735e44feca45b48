/// A number that a source tells of itself as a whole.
///
/// A counter grows from the server's start on, and what happened meanwhile is the difference of two
/// samples; a level is what it is at a moment. The raw values have no gaps: they are places in tables.
package enum StatsFigure: UInt8, Sendable, Hashable, CaseIterable {
  // Counters
  case hits, misses
  /// Commands processed, and of them those of cachescope itself.
  case commands, ownCommands
  /// Calls of commands by what they do.
  case readingCalls, writingCalls, otherCalls
  case expired, evicted
  /// Bytes.
  case networkIn, networkOut
  /// Clients that have connected, and those that were turned away.
  case connections, rejectedConnections
  case errors
  /// How often the server ran out of the time that it takes for removing expired keys.
  case expiryTimeouts
  /// Microseconds of processor time, and of work in the event loop.
  case processor, eventLoop

  // Levels
  /// Bytes: in use, held by the process, and the bound (absent without one).
  case usedMemory, residentMemory, memoryBound
  case keys, keysWithTTL
  case clients, blockedClients
  /// Expired keys that still count, in hundredths of a per cent of those with a TTL: an estimate of
  /// the server's.
  case staleShare
  /// Microseconds that a question took: the last one, the median and the longest of the last ones.
  case roundTrip, medianRoundTrip, longestRoundTrip

  package var isCounter: Bool { rawValue <= StatsFigure.eventLoop.rawValue }
}

/// What a command does, for adding up calls.
package enum CommandClass: UInt8, Sendable, Hashable, CaseIterable {
  case reading, writing, other
}

/// What a source tells of one of its commands, since its start.
package struct CommandFigures: Sendable, Equatable {
  /// As the source calls it: `get`, `config|get`.
  package var name: String
  package var calls: Int64
  /// Time spent in it.
  package var microseconds: Int64
  /// Calls that were refused or failed; nil where that is not told.
  package var failures: Int64?
  /// Microseconds below which half and 99 of 100 calls stayed; nil where that is not told.
  package var median: Double?
  package var percentile99: Double?

  package init(
    name: String, calls: Int64, microseconds: Int64, failures: Int64? = nil,
    median: Double? = nil, percentile99: Double? = nil
  ) {
    self.name = name
    self.calls = calls
    self.microseconds = microseconds
    self.failures = failures
    self.median = median
    self.percentile99 = percentile99
  }
}
