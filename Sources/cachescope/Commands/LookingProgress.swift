import CacheModel
import SystemIO
import TerminalCanvas

/// "looked at 812,113 of 1,204,331 keys" on standard error, when that is a terminal: on one line
/// that is written anew while the work goes on, unless the result goes to the same terminal.
///
/// What the server has filtered out counts as looked at; how much that is follows from the steps of
/// the walk.
struct LookingProgress {
  private let isShown = StandardStream.error.isTerminal
  private let isLive = !StandardStream.output.isTerminal
  private var total: Int?
  private var told = 0
  private var looked = 0
  /// Keys that could not be judged.
  var undecided = 0

  /// Told anew after so many keys.
  private static let step = 10_000

  /// Asks the source how many keys there are, when somebody will see it.
  init(_ session: ScriptSession, isOverAll: Bool = true) async {
    guard isShown, isOverAll else { return }
    total = try? await session.backend.statistics().keys.map { Int($0) }
  }

  mutating func count(_ keys: Int) {
    looked = min(looked + keys, max(total ?? .max, keys))
    guard isShown, isLive, looked - told >= Self.step else { return }
    told = looked
    write("\r" + text)
  }

  /// The last word. `isWhole` says that the walk came to its end.
  mutating func finish(isWhole: Bool) {
    guard isShown else { return }
    if isWhole, let total { looked = max(looked, total) }
    let rest = undecided == 0 ? "" : ", \(FigureFormat.grouped(undecided)) could not be judged"
    write((isLive ? "\r" : "") + text + rest + "\n")
  }

  private var text: String {
    let all = total.map { " of " + FigureFormat.grouped(max($0, looked)) } ?? ""
    return "looked at \(FigureFormat.grouped(looked))\(all) keys"
  }

  private func write(_ text: String) {
    // Nobody is left to be told when standard error cannot be written.
    try? StandardStream.error.write(Array(text.utf8))
  }
}
