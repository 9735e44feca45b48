import CacheModel
import SystemIO

extension CivilTime {
  /// Milliseconds since 1970 of this time in this machine's time zone; nil when the calendar has no
  /// such time.
  @Sendable static func localMilliseconds(_ civil: CivilTime) -> Int64? {
    LocalTime(
      year: civil.year, month: civil.month, day: civil.day, hour: civil.hour,
      minute: civil.minute, second: civil.second
    ).epochMilliseconds
  }
}
