import SystemIO
import TerminalCanvas
import TestSupport

/// The explorer over a whole keyspace on a redis-server of its own: how long names, types and
/// lifetimes take beside `redis-cli --scan` in the same run, how much memory, and how soon a key press
/// is answered meanwhile; then the list sorted by TTL.
struct WholeKeyspace {
  var count: Int
  var shape: KeyShape

  /// Bytes that a key may take beyond its name, and those that the program may take without keys.
  private static let bytesOfKey = 60.0
  private static let megabytesOfProgram = 64.0

  func run() throws {
    let filled = try FilledServer(shape.count(for: count), shape)
    print("\(filled.count) \(shape.title) on redis-server")
    let scan = try Shell.time("\(filled.client) --scan >/dev/null")
    let nameBytes = try filled.nameBytes()
    let load = try PressedLoad(filled).run()
    Report.line("redis-cli --scan", scan, "ms")
    Report.line("names", load.names, "ms")
    Report.line("names / scan", load.names / scan, "", limit: 0.5)
    Report.line("names, types and TTLs", load.lifetimes, "ms")
    Report.line("names, types and TTLs / scan", load.lifetimes / scan, "", limit: 1.2)
    Report.line("sorted by TTL after", load.sorting, "ms")
    let bound =
      nameBytes / 1048576 + Self.bytesOfKey * Double(filled.count) / 1048576
      + Self.megabytesOfProgram
    Report.line("peak resident memory", load.peakMegabytes, "MB", limit: bound.rounded())
    let beyond = (load.peakMegabytes * 1048576 - nameBytes) / Double(filled.count)
    Report.line("that is, bytes a key beyond its name", beyond, "")
    let presses = load.presses.sorted()
    Report.line("key presses while loading", Double(presses.count), "")
    Report.line("p50", presses.share(0.5), "ms")
    Report.line("p99", presses.share(0.99), "ms", limit: 16)
    Report.line("worst", presses.last ?? 0, "ms")
  }
}

/// One start of the explorer, with keys pressed all the time until everything is loaded, and then
/// sorted by TTL.
struct PressedLoad {
  struct Figures {
    var names = 0.0
    var lifetimes = 0.0
    var sorting = 0.0
    var peakMegabytes = 0.0
    var presses: [Double] = []
  }

  private let filled: FilledServer
  private let terminal: PseudoTerminal
  private let start: ContinuousClock.Instant

  init(_ filled: FilledServer) throws {
    self.filled = filled
    start = ContinuousClock.now
    terminal = try LoadingRun.open(filled.server)
  }

  func run() throws -> Figures {
    var figures = Figures()
    try terminal.wait(timeout: .seconds(60), "keys") { screen in
      screen.lines.contains { $0.contains(" str ") }
    }
    let keys = ["j", "j", "j", "k", "k", "k"]
    while figures.lifetimes == 0 {
      let title = LoadingRun.title(terminal.emulator)
      let elapsed = (ContinuousClock.now - start).milliseconds
      // A title that tells of something else for a moment is no end.
      let isOver = title.contains("sizes") || title.contains("row ")
      if figures.names == 0, isOver || title.contains("types") { figures.names = elapsed }
      if isOver { figures.lifetimes = elapsed }
      guard elapsed < 3_600_000 else { throw ShellFailure(words: terminal.screen) }
      figures.presses.append(try press(keys[figures.presses.count % keys.count]))
      try? terminal.wait(timeout: .milliseconds(15), "time") { _ in false }
    }
    figures.sorting = try sort()
    figures.peakMegabytes = peakMegabytes(of: terminal.processIdentifier)
    try terminal.press("q")
    _ = try terminal.waitForEnd()
    return figures
  }

  /// Until another row is under the cursor.
  private func press(_ key: String) throws -> Double {
    let before = Self.selectedRow(terminal.emulator)
    let start = ContinuousClock.now
    try terminal.press(key)
    try terminal.wait(timeout: .seconds(20), "an effect of \(key)") {
      Self.selectedRow($0) != before
    }
    return (ContinuousClock.now - start).milliseconds
  }

  private static func selectedRow(_ screen: TerminalEmulator) -> Int? {
    screen.cells.indices.first { row in
      row > 3 && screen.cells[row].count > 4 && screen.cells[row][3].look.background != nil
    }
  }

  private func sort() throws -> Double {
    let start = ContinuousClock.now
    try terminal.press("s")
    try terminal.wait(timeout: .seconds(600), "the order by TTL") { screen in
      let title = LoadingRun.title(screen)
      return title.contains("by TTL") && !title.contains("sorting")
    }
    return (ContinuousClock.now - start).milliseconds
  }
}

extension [Double] {
  /// The value below which a share of these sorted values lies.
  func share(_ share: Double) -> Double {
    isEmpty ? 0 : self[Swift.min(count - 1, Int((Double(count) * share).rounded(.down)))]
  }
}
