/// A TTL as a person types it.
///
/// | text | means |
/// |---|---|
/// | `90`, `1500ms`, `5m`, `2h30m`, `1d` | so long from now; a bare number is seconds |
/// | `+10m`, `-5m` | longer, shorter than what is left |
/// | `@2026-12-01T10:00`, `…:30`, `…Z`, `…+02:00` | at that time; local time without a zone |
/// | `none` | without a TTL |
/// | `now` | expired at once |
/// | `5m~10%` | from now, each of many keys spread by up to ten per cent |
///
/// Units are `w`, `d`, `h`, `m`, `s` and `ms`, from large to small, each at most once. Numbers are
/// bounded before they are multiplied: nothing overflows. `0` is refused, because one person means
/// `none` by it and another `now`.
package struct TTLInput: Sendable, Hashable {
  package var change: TTLChange
  /// By how many per cent each key's TTL may differ, 1 to 100; nil when all are to be equal.
  package var spreadPercent: Int?

  package init(change: TTLChange, spreadPercent: Int? = nil) {
    self.change = change
    self.spreadPercent = spreadPercent
  }

  /// Ten thousand years, the longest TTL that can be asked for.
  package static let longestMilliseconds: Int64 = 10_000 * 365 * 86_400_000

  /// Reads a TTL. `localTime` answers the milliseconds since 1970 of a time on this machine's
  /// clocks and calendars, or nil for one that does not exist.
  package static func parse(
    _ text: String, localTime: (CivilTime) -> Int64?
  ) throws(TTLSyntaxError) -> TTLInput {
    var scanner = TTLScanner(text)
    switch scanner.rest.first {
    case nil: throw scanner.error(.empty)
    case "@":
      scanner.skip(1)
      return TTLInput(change: .until(try scanner.deadline(localTime)))
    case "+", "-":
      let isShorter = scanner.rest.first == "-"
      scanner.skip(1)
      let milliseconds = try scanner.duration()
      try scanner.expectEnd()
      return TTLInput(change: .adjust(milliseconds: isShorter ? -milliseconds : milliseconds))
    default: break
    }
    if scanner.takeWord("none") { return TTLInput(change: .persist) }
    if scanner.takeWord("now") { return TTLInput(change: .now) }
    let milliseconds = try scanner.duration()
    let spread = try scanner.spread()
    try scanner.expectEnd()
    return TTLInput(change: .fromNow(milliseconds: milliseconds), spreadPercent: spread)
  }
}

/// A date and a time of day without a zone, in the Gregorian calendar.
package struct CivilTime: Sendable, Hashable {
  package var year: Int
  package var month: Int
  package var day: Int
  package var hour: Int
  package var minute: Int
  package var second: Int

  package init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  /// Milliseconds since 1970 if this is the time in UTC. Days are counted from March, so that a
  /// leap day ends a year (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
  package var utcMilliseconds: Int64 {
    let shifted = month > 2 ? year : year - 1
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    return Int64(((days * 24 + hour) * 60 + minute) * 60 + second) * 1000
  }

  /// Days of the month, 28 to 31.
  package var daysInMonth: Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
