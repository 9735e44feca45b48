import CacheModel
import SystemIO
import TerminalCanvas

/// A change as a person is told of it before it is taken back.
enum UndoWords {
  /// `7: delete 145 keys of --match 'page:*', 3 h ago, 145 keys`.
  static func of(_ entry: JournalEntry, overwriting: Bool = false) -> String {
    let title = TextSanitizer.listText(entry.header.title)
    let count = entry.restorableCount(overwriting: overwriting)
    let lost = entry.keyCount - count
    let others = lost > 0 && entry.standing == .done ? ", \(lost.grouped) others cannot" : ""
    return "\(entry.id.number): \(title), \(age(of: entry.header.at)), "
      + "\(count.counted("key"))\(others)"
  }

  /// The first few names of keys, and how many there are more.
  static func names(_ keys: [CacheKey], of count: Int) -> String {
    let shown = keys.prefix(5).map(\.shown).joined(separator: ", ")
    let others = count - min(5, keys.count)
    return others > 0 ? "\(shown) and \(FigureFormat.grouped(others)) more" : shown
  }

  /// In one unit, by this machine's clock.
  private static func age(of time: WallTime) -> String {
    let (age, overflow) = SystemClock.wallMilliseconds.subtractingReportingOverflow(
      time.milliseconds)
    guard !overflow, age >= 1000 else { return "just now" }
    let seconds = age / 1000
    let (count, unit) =
      switch seconds {
      case ..<60: (seconds, "s")
      case ..<3600: (seconds / 60, "min")
      case ..<86_400: (seconds / 3600, "h")
      default: (seconds / 86_400, "d")
      }
    return "\(count) \(unit) ago"
  }
}
