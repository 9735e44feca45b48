import Plans
import Synchronization
import SystemIO
import TerminalCanvas

/// One line on standard error that is written anew while a plan is under way; nothing when that is no
/// terminal.
final class PlanProgressLine: Sendable {
  private let isShown = StandardStream.error.isTerminal
  private let last = Mutex<(at: Int64, width: Int)>((0, 0))

  /// Microseconds between two lines.
  private static let interval: Int64 = 100_000
  private static let barWidth = 20

  func looked(at keys: Int64, of total: Int64?, found: Int) {
    let all = total.map { " of \(FigureFormat.grouped(Int($0)))" } ?? ""
    write(
      "looked at \(FigureFormat.grouped(Int(keys)))\(all) keys, \(FigureFormat.grouped(found)) match"
    )
  }

  func tell(_ progress: PlanProgress) {
    let done = FigureFormat.grouped(progress.handled)
    guard let total = progress.total, total > 0 else { return write("\(done) keys") }
    let filled = min(Self.barWidth, progress.handled * Self.barWidth / total)
    let bar =
      String(repeating: "#", count: filled) + String(repeating: "-", count: Self.barWidth - filled)
    let left = progress.secondsLeft.map {
      ", \(FigureFormat.duration(milliseconds: Int64($0 * 1000))) left"
    }
    write(
      "[\(bar)] \(done) of \(FigureFormat.grouped(total)) keys\(left ?? "")\(reason(progress.slowedBy))"
    )
  }

  private func reason(_ reason: Pace.Reason?) -> String {
    switch reason {
    case nil: ""
    case .others?: ", slower: others use the server"
    case .slow?: ", slower: the server answers late"
    }
  }

  /// Takes the line away.
  func clear() {
    let width = last.withLock { last in
      defer { last.width = 0 }
      return last.width
    }
    if width > 0 { put("\r" + String(repeating: " ", count: width) + "\r") }
  }

  private func write(_ text: String) {
    guard isShown else { return }
    let now = SystemClock.monotonicMicroseconds
    let before = last.withLock { last -> Int? in
      guard now - last.at >= Self.interval else { return nil }
      defer { last = (now, text.count) }
      return last.width
    }
    guard let before else { return }
    put("\r" + text + String(repeating: " ", count: max(0, before - text.count)))
  }

  private func put(_ text: String) {
    // Nobody is left to be told when standard error cannot be written.
    try? StandardStream.error.write(Array(text.utf8))
  }
}
