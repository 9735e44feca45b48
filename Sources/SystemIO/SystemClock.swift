import Glibc

/// The machine's two clocks. Only outermost code reads them; everything else is handed the time.
package enum SystemClock {
  /// Microseconds of the monotonic clock: never goes back, starts anywhere.
  package static var monotonicMicroseconds: Int64 {
    microseconds(of: CLOCK_MONOTONIC)
  }

  /// Milliseconds of the monotonic clock.
  package static var monotonicMilliseconds: Int64 {
    monotonicMicroseconds / 1000
  }

  /// Milliseconds since 1970 by the wall clock, which may be set at any time.
  package static var wallMilliseconds: Int64 {
    microseconds(of: CLOCK_REALTIME) / 1000
  }

  /// Microseconds of the processor's time that this process has taken, on all threads.
  package static var processorMicroseconds: Int64 { microseconds(of: CLOCK_PROCESS_CPUTIME_ID) }

  private static func microseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
