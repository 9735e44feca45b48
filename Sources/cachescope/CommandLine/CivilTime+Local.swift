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

  /// A moment as the clock on this machine's wall shows it.
  @Sendable static func local(_ time: WallTime) -> CivilTime {
    let local = LocalTime(epochMilliseconds: time.milliseconds)
    return CivilTime(
      year: local.year, month: local.month, day: local.day, hour: local.hour,
      minute: local.minute, second: local.second)
  }
}
