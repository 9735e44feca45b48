import TerminalCanvas
import TestSupport

/// One start of the explorer until all types and lifetimes are loaded, told from what it shows: the
/// title of the list loses `scanning`, and then `types`.
struct LoadingRun {
  struct Figures {
    var header = 0.0
    var twentyKeys = 0.0
    var names = 0.0
    var lifetimes = 0.0
    var peakMegabytes = 0.0
  }

  private let terminal: PseudoTerminal
  private let start: ContinuousClock.Instant

  init(_ server: RedisServerProcess) throws {
    start = ContinuousClock.now
    terminal = try Self.open(server)
  }

  static func open(_ server: RedisServerProcess) throws -> PseudoTerminal {
    try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", server.socketPath],
      size: ScreenSize(columns: 120, rows: 36))
  }

  func run() throws -> Figures {
    var figures = Figures()
    figures.header = try time("the header") { $0.lines[0].contains("cachescope │") }
    figures.twentyKeys = try time("twenty keys") { Self.keyRows($0) >= 20 }
    figures.names = try time("all names") {
      Self.title($0).contains("types") || Self.title($0).contains("sizes")
    }
    figures.lifetimes = try time("all types") {
      !Self.title($0).contains("scanning") && !Self.title($0).contains("types")
    }
    figures.peakMegabytes = peakMegabytes(of: terminal.processIdentifier)
    try terminal.press("q")
    _ = try terminal.waitForEnd()
    return figures
  }

  private func time(
    _ what: String, _ isMet: (TerminalEmulator) -> Bool
  ) throws -> Double {
    try terminal.wait(timeout: .seconds(120), what, isMet)
    return (ContinuousClock.now - start).milliseconds
  }

  static func title(_ screen: TerminalEmulator) -> String { screen.lines[2] }

  /// Rows that show a key with its type.
  private static func keyRows(_ screen: TerminalEmulator) -> Int {
    screen.lines.dropFirst(3).count { line in
      [" str ", " hash ", " … "].contains { line.contains($0) }
    }
  }
}
