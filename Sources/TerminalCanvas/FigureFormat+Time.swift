extension FigureFormat {
  /// What is left of a life: `0:07`, `4:31`, `3h 12m`, `2d 3h`, `412d`. Part seconds are rounded up,
  /// so that what still lives is never shown as 0:00. At most 7 columns below 10,000 days.
  package static func duration(milliseconds: Int64) -> String {
    let seconds = max(milliseconds, 0) / 1000 + (max(milliseconds, 0) % 1000 > 0 ? 1 : 0)
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400)
    if hours < 1 { return "\(minutes):\(twoDigits(seconds % 60))" }
    if days < 1 { return "\(hours)h \(twoDigits(minutes % 60))m" }
    return days < 100 ? "\(days)d \(hours % 24)h" : "\(days)d"
  }

  /// How long ago, in one unit: `3s`, `12m`, `5h`, `2d`, `3y`. At most 4 columns for a lifetime.
  package static func age(milliseconds: Int64) -> String {
    let seconds = max(milliseconds, 0) / 1000
    switch seconds {
    case ..<60: return "\(seconds)s"
    case ..<3600: return "\(seconds / 60)m"
    case ..<86400: return "\(seconds / 3600)h"
    case ..<(86400 * 1000): return "\(seconds / 86400)d"
    default: return "\(seconds / (86400 * 365))y"
    }
  }

  /// A round trip: `0.3 ms`, `12 ms`, `1.4 s`. At most 6 columns below 1,000 s.
  package static func latency(milliseconds: Double) -> String {
    guard milliseconds.isFinite, milliseconds >= 0 else { return "–" }
    if milliseconds < 9.95 { return decimal(milliseconds, places: 1) + " ms" }
    if milliseconds < 999.5 { return decimal(milliseconds, places: 0) + " ms" }
    return decimal(milliseconds / 1000, places: milliseconds < 9950 ? 1 : 0) + " s"
  }

  private static func twoDigits(_ number: Int64) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
