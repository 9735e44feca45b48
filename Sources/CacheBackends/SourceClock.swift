import CacheModel
import SystemIO

/// The time of this machine as a backend needs it, injected.
package struct SourceClock: Sendable {
  /// Milliseconds since 1970.
  package var wallMilliseconds: @Sendable () -> Int64
  /// Microseconds of a clock that never goes back.
  package var monotonicMicroseconds: @Sendable () -> Int64

  package init(
    wallMilliseconds: @escaping @Sendable () -> Int64,
    monotonicMicroseconds: @escaping @Sendable () -> Int64
  ) {
    self.wallMilliseconds = wallMilliseconds
    self.monotonicMicroseconds = monotonicMicroseconds
  }

  /// The machine's own clocks.
  package static let system = SourceClock(
    wallMilliseconds: { SystemClock.wallMilliseconds },
    monotonicMicroseconds: { SystemClock.monotonicMicroseconds })

  var wall: WallTime { WallTime(milliseconds: wallMilliseconds()) }
  var moment: Moment { Moment(milliseconds: monotonicMicroseconds() / 1000) }
}
