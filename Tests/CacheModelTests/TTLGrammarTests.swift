import CacheModel
import Testing

@Suite struct TTLGrammarTests {
  /// A zone two hours ahead of UTC in which 02:30 of 29 March 2026 does not exist.
  static func localTime(_ time: CivilTime) -> Int64? {
    if time.month == 3, time.day == 29, time.hour == 2 { return nil }
    return time.utcMilliseconds - 7_200_000
  }

  static let accepted: [(text: String, input: TTLInput)] = [
    ("90", TTLInput(change: .fromNow(milliseconds: 90_000))),
    ("1500ms", TTLInput(change: .fromNow(milliseconds: 1500))),
    ("1ms", TTLInput(change: .fromNow(milliseconds: 1))),
    ("5m", TTLInput(change: .fromNow(milliseconds: 300_000))),
    ("5M", TTLInput(change: .fromNow(milliseconds: 300_000))),
    ("2h30m", TTLInput(change: .fromNow(milliseconds: 9_000_000))),
    ("1w1d1h1m1s1ms", TTLInput(change: .fromNow(milliseconds: 694_861_001))),
    ("1d", TTLInput(change: .fromNow(milliseconds: 86_400_000))),
    (" 1d\t", TTLInput(change: .fromNow(milliseconds: 86_400_000))),
    ("0h5m", TTLInput(change: .fromNow(milliseconds: 300_000))),
    ("3650000d", TTLInput(change: .fromNow(milliseconds: TTLInput.longestMilliseconds))),
    ("+10m", TTLInput(change: .adjust(milliseconds: 600_000))),
    ("-5m", TTLInput(change: .adjust(milliseconds: -300_000))),
    ("-30", TTLInput(change: .adjust(milliseconds: -30_000))),
    ("none", TTLInput(change: .persist)),
    ("NOW", TTLInput(change: .now)),
    ("5m~10%", TTLInput(change: .fromNow(milliseconds: 300_000), spreadPercent: 10)),
    ("90~100%", TTLInput(change: .fromNow(milliseconds: 90_000), spreadPercent: 100)),
    ("@1970-01-01T00:00Z", TTLInput(change: .until(WallTime(milliseconds: 0)))),
    ("@2026-12-01T10:00Z", TTLInput(change: .until(WallTime(milliseconds: 1_796_119_200_000)))),
    ("@2026-12-01T10:00:30Z", TTLInput(change: .until(WallTime(milliseconds: 1_796_119_230_000)))),
    (
      "@2026-12-01 10:00+02:00", TTLInput(change: .until(WallTime(milliseconds: 1_796_112_000_000)))
    ),
    ("@2026-12-01T10:00-0130", TTLInput(change: .until(WallTime(milliseconds: 1_796_124_600_000)))),
    ("@2026-12-01T10:00", TTLInput(change: .until(WallTime(milliseconds: 1_796_112_000_000)))),
    ("@2026-12-01", TTLInput(change: .until(WallTime(milliseconds: 1_796_076_000_000)))),
    ("@2028-02-29T00:00Z", TTLInput(change: .until(WallTime(milliseconds: 1_835_395_200_000)))),
    ("@2000-02-29T23:59:59Z", TTLInput(change: .until(WallTime(milliseconds: 951_868_799_000)))),
  ]

  @Test(arguments: accepted.indices)
  func reads(_ row: Int) throws {
    let (text, input) = Self.accepted[row]
    #expect(try TTLInput.parse(text, localTime: Self.localTime) == input)
  }

  static let refused: [(text: String, offset: Int, problem: TTLSyntaxError.Problem)] = [
    ("", 0, .empty),
    ("   ", 3, .empty),
    ("5x", 1, .unknownUnit("x")),
    ("5 m", 1, .trailingText),
    ("1.5h", 1, .trailingText),
    ("abc", 0, .numberExpected),
    ("nowish", 0, .numberExpected),
    ("0", 0, .zero),
    ("0ms", 0, .zero),
    ("+0", 1, .zero),
    ("-", 1, .numberExpected),
    ("--5", 1, .numberExpected),
    ("2h30", 4, .unitExpected),
    ("30m2h", 4, .unitOutOfOrder("h")),
    ("1h1h", 3, .unitOutOfOrder("h")),
    ("99999999999999999999", 0, .tooLong),
    ("9223372036854775807", 0, .tooLong),
    ("999999999999999999w", 0, .tooLong),
    ("3650001d", 0, .tooLong),
    ("3650000d1ms", 0, .tooLong),
    ("٣m", 0, .numberExpected),
    ("5m~", 3, .badSpread),
    ("5m~0%", 3, .badSpread),
    ("5m~101%", 3, .badSpread),
    ("5m~10", 3, .badSpread),
    ("5m~10%x", 6, .trailingText),
    ("+5m~10%", 3, .trailingText),
    ("@", 1, .badTime),
    ("@12:30", 1, .badTime),
    ("@2026-13-01T00:00", 1, .noSuchTime),
    ("@2026-02-29T00:00", 1, .noSuchTime),
    ("@2100-02-29T00:00Z", 1, .noSuchTime),
    ("@2026-04-31T00:00", 1, .noSuchTime),
    ("@2026-12-01T24:00", 1, .noSuchTime),
    ("@2026-12-01T10:60", 1, .noSuchTime),
    ("@2026-03-29T02:30", 1, .noSuchTime),
    ("@2026-12-01T10", 14, .badTime),
    ("@2026-12-01T10:00x", 17, .badTime),
    ("@2026-12-01T10:00ZZ", 18, .trailingText),
    ("@1969-12-31T23:59Z", 1, .beforeEpoch),
    ("@1970-01-01T00:00+02:00", 1, .beforeEpoch),
    ("5\u{1B}[31m", 1, .trailingText),
  ]

  @Test(arguments: refused.indices)
  func refuses(_ row: Int) throws {
    let (text, offset, problem) = Self.refused[row]
    let error = #expect(throws: TTLSyntaxError.self) {
      try TTLInput.parse(text, localTime: Self.localTime)
    }
    #expect(error == TTLSyntaxError(text: text, offset: offset, problem: problem))
    #expect(error?.sentence.contains("for example") == true)
  }

  @Test func daysAreCountedRight() {
    var expected: Int64 = 0
    for year in 1970...2110 {
      for month in 1...12 {
        var time = CivilTime(year: year, month: month, day: 1, hour: 0, minute: 0, second: 0)
        for day in 1...time.daysInMonth {
          time.day = day
          guard time.utcMilliseconds == expected else {
            Issue.record("\(year)-\(month)-\(day)")
            return
          }
          expected += 86_400_000
        }
      }
    }
    #expect(expected == 4_449_513_600_000)
  }
}
