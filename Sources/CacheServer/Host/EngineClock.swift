import SystemIO

/// Where the host takes the time from.
package struct EngineClock: Sendable {
  /// Milliseconds since 1970.
  package var wallMilliseconds: @Sendable () -> Int64
  /// Microseconds that never go back, to time commands.
  package var monotonicMicroseconds: @Sendable () -> Int64

  package init(
    wallMilliseconds: @escaping @Sendable () -> Int64,
    monotonicMicroseconds: @escaping @Sendable () -> Int64
  ) {
    self.wallMilliseconds = wallMilliseconds
    self.monotonicMicroseconds = monotonicMicroseconds
  }

  /// The machine's clocks.
  package static let system = EngineClock(
    wallMilliseconds: { SystemClock.wallMilliseconds },
    monotonicMicroseconds: { SystemClock.monotonicMicroseconds })
}
