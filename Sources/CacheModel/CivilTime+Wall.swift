extension CivilTime {
  /// A moment in UTC. The date is counted back from days in eras of 400 years (Hinnant,
  /// "chrono-Compatible Low-Level Date Algorithms"); times beyond the year 99999 are cut there.
  package init(utc time: WallTime) {
    let milliseconds = Int(max(-62_135_596_800_000, min(time.milliseconds, 3_093_527_980_799_000)))
    let seconds = milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
    let dayCount = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let rest = seconds - dayCount * 86_400
    let days = dayCount + 719_468
    let dayOfEra = days % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    self.init(
      year: days / 146_097 * 400 + yearOfEra + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * shifted + 2) / 5 + 1, hour: rest / 3600, minute: rest / 60 % 60,
      second: rest % 60)
  }
}
