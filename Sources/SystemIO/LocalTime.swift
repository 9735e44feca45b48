import Glibc

/// A date and time of day as the clock on this machine's wall shows it, in its time zone.
package struct LocalTime: Sendable, Hashable {
  package var year: Int
  /// 1 to 12.
  package var month: Int
  /// 1 to 31.
  package var day: Int
  package var hour: Int
  package var minute: Int
  package var second: Int

  package init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  /// The local time at a moment given in milliseconds since 1970.
  package init(epochMilliseconds: Int64) {
    let seconds =
      epochMilliseconds >= 0 ? epochMilliseconds / 1000 : (epochMilliseconds - 999) / 1000
    var moment = time_t(seconds)
    var fields = tm()
    localtime_r(&moment, &fields)
    self.init(
      year: Int(fields.tm_year) + 1900, month: Int(fields.tm_mon) + 1, day: Int(fields.tm_mday),
      hour: Int(fields.tm_hour), minute: Int(fields.tm_min), second: Int(fields.tm_sec))
  }

  /// Milliseconds since 1970, or nil when the calendar has no such date (February 30). A time that
  /// a change to summer time skips counts as one hour later; of one that occurs twice, mktime
  /// chooses.
  package var epochMilliseconds: Int64? {
    guard hasPlausibleFields else { return nil }
    var fields = tm()
    fields.tm_year = CInt(year - 1900)
    fields.tm_mon = CInt(month - 1)
    fields.tm_mday = CInt(day)
    fields.tm_hour = CInt(hour)
    fields.tm_min = CInt(minute)
    fields.tm_sec = CInt(second)
    fields.tm_isdst = -1
    let seconds = mktime(&fields)
    guard Int(fields.tm_mday) == day, Int(fields.tm_mon) == month - 1 else { return nil }
    return Int64(seconds) * 1000
  }

  private var hasPlausibleFields: Bool {
    (1...9999).contains(year) && (1...12).contains(month) && (1...31).contains(day)
      && (0...23).contains(hour) && (0...59).contains(minute) && (0...59).contains(second)
  }
}
