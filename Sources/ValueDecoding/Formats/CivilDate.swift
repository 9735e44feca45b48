/// Dates of the Gregorian calendar in UTC.
package enum CivilDate {
  /// `2023-11-14 22:13:20.123`, without the fraction where it is zero; the number where no year of four
  /// digits would hold it.
  package static func text(milliseconds: Int64) -> String {
    let seconds = milliseconds.flooredDivision(by: 1000)
    guard (-62_135_596_800...253_402_300_799).contains(seconds) else { return String(milliseconds) }
    let fraction = Int(milliseconds - seconds * 1000)
    let text = text(seconds: seconds)
    return fraction == 0 ? text : text + "." + padded(fraction, 3)
  }

  /// After H. Hinnant's civil_from_days (howardhinnant.github.io/date_algorithms.html).
  private static func text(seconds: Int64) -> String {
    let days = seconds.flooredDivision(by: 86_400)
    let clock = Int(seconds - days * 86_400)
    let shifted = days + 719_468
    let era = shifted.flooredDivision(by: 146_097)
    let ofEra = shifted - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * ofYear + 2) / 153
    let day = Int(ofYear - (153 * month + 2) / 5 + 1)
    let civilMonth = Int(month < 10 ? month + 3 : month - 9)
    let year = Int(yearOfEra + era * 400) + (civilMonth <= 2 ? 1 : 0)
    return padded(year, 4) + "-" + padded(civilMonth, 2) + "-" + padded(day, 2) + " "
      + padded(clock / 3600, 2) + ":" + padded(clock / 60 % 60, 2) + ":" + padded(clock % 60, 2)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Int64 {
  fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
