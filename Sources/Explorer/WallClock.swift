package import CacheModel

/// Times of day as the person's clock shows them.
extension ExplorerState {
  /// The wall clock's time of the last event, as far as it has been told.
  package var wallNow: WallTime {
    WallTime(milliseconds: now.milliseconds &+ wallOffset)
  }

  /// `14:31:07`, with the date when it is another day.
  package func clockText(_ time: WallTime) -> String {
    let civil = localTime(time)
    let today = localTime(wallNow)
    let clock = [civil.hour, civil.minute, civil.second].map(Self.twoDigits)
      .joined(separator: ":")
    if (civil.year, civil.month, civil.day) == (today.year, today.month, today.day) {
      return clock
    }
    return "\(civil.year)-\(Self.twoDigits(civil.month))-\(Self.twoDigits(civil.day)) \(clock)"
  }

  /// The same to the millisecond: `14:31:07.203`.
  package func preciseClockText(_ time: WallTime) -> String {
    let part = Int(((time.milliseconds % 1000) + 1000) % 1000)
    return clockText(time) + ".\(part / 100)\(part / 10 % 10)\(part % 10)"
  }

  /// The time so many milliseconds from now.
  func clockText(after milliseconds: Int64) -> String {
    let (sum, overflow) = wallNow.milliseconds.addingReportingOverflow(milliseconds)
    return clockText(WallTime(milliseconds: overflow ? .max : sum))
  }

  /// `350 ms`, `42 s`, `4 min 31 s`, `3 h 12 min`, `2 d 3 h`.
  static func durationText(_ milliseconds: Int64) -> String {
    let seconds = max(0, milliseconds) / 1000
    if milliseconds < 1000 { return "\(max(0, milliseconds)) ms" }
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return Self.joined(seconds / 60, "min", seconds % 60, "s") }
    if seconds < 86_400 { return Self.joined(seconds / 3600, "h", seconds / 60 % 60, "min") }
    return Self.joined(seconds / 86_400, "d", seconds / 3600 % 24, "h")
  }

  private static func joined(_ high: Int64, _ unit: String, _ low: Int64, _ part: String) -> String
  {
    low == 0 ? "\(high) \(unit)" : "\(high) \(unit) \(low) \(part)"
  }

  static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
