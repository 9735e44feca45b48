/// A moment of this machine's monotonic clock, in milliseconds. Injected, never read here.
package struct Moment: Sendable, Hashable, Comparable {
  package var milliseconds: Int64

  package init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  package static func < (left: Moment, right: Moment) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// The moment so many milliseconds later (earlier, when negative); saturates.
  package func advanced(by milliseconds: Int64) -> Moment {
    let (sum, overflow) = self.milliseconds.addingReportingOverflow(milliseconds)
    guard overflow else { return Moment(milliseconds: sum) }
    return Moment(milliseconds: milliseconds > 0 ? .max : .min)
  }

  /// Milliseconds from `earlier` to this moment; saturates.
  package func milliseconds(since earlier: Moment) -> Int64 {
    let (difference, overflow) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
    guard overflow else { return difference }
    return milliseconds > earlier.milliseconds ? .max : .min
  }
}

/// A point of wall-clock time in milliseconds since 1970, by the clock of the source.
package struct WallTime: Sendable, Hashable, Comparable {
  package var milliseconds: Int64

  package init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  package static func < (left: WallTime, right: WallTime) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// The time so many milliseconds later (earlier, when negative); saturates.
  package func advanced(by milliseconds: Int64) -> WallTime {
    let (sum, overflow) = self.milliseconds.addingReportingOverflow(milliseconds)
    return WallTime(milliseconds: overflow ? (milliseconds > 0 ? .max : .min) : sum)
  }
}

/// What is left of a key's life, in milliseconds; at least 0.
package struct TTL: Sendable, Hashable, Comparable {
  package var milliseconds: Int64

  package init(milliseconds: Int64) {
    self.milliseconds = max(0, milliseconds)
  }

  package static func < (left: TTL, right: TTL) -> Bool {
    left.milliseconds < right.milliseconds
  }
}

/// How long a key lives: without end, or for what is left of its TTL at the time of asking.
package enum Lifetime: Sendable, Hashable {
  case unlimited
  case remaining(TTL)

  package var ttl: TTL? {
    if case .remaining(let ttl) = self { ttl } else { nil }
  }
}

/// A count of bytes, kept apart from other counts.
package struct ByteCount: Sendable, Hashable, Comparable {
  package var bytes: Int64

  package init(_ bytes: Int64) {
    self.bytes = bytes
  }

  package static func < (left: ByteCount, right: ByteCount) -> Bool {
    left.bytes < right.bytes
  }
}
