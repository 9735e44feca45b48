import Glibc
import TerminalCanvas
import TestSupport
import Testing

/// Whatever ends the screen, the terminal is as before.
@Suite(.timeLimit(.minutes(5)))
struct RestorationTests {
  private func probe(_ arguments: [String] = []) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(BuiltProgram.path("TerminalProbe"), arguments)
    try terminal.wait(for: "READY")
    return terminal
  }

  /// While the screen is up the modes are set, or the tests below would prove nothing.
  @Test func theScreenSetsItsModes() throws {
    let terminal = try probe()
    #expect(terminal.emulator.privateModes == [1049, 1000, 1002, 1006, 2004])
    #expect(!terminal.modesAreRestored)
    #expect(terminal.emulator.failures.isEmpty)
  }

  @Test func quit() throws {
    let terminal = try probe()
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftovers.isEmpty)
    #expect(terminal.screen.contains("bye 0"))
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT])
  func signalThatAsksToEnd(_ signal: Int32) throws {
    let terminal = try probe()
    terminal.signal(signal)
    #expect(try terminal.waitForEnd() == .exited(128 + signal))
    #expect(terminal.leftovers.isEmpty)
  }

  /// A terminal that no longer reads holds every write; the program ends all the same.
  @Test(arguments: [SIGTERM, SIGHUP], [true, false])
  func stalledTerminal(_ signal: Int32, _ isDrawing: Bool) throws {
    let terminal = try probe()
    #expect(terminal.stall())
    if isDrawing { try terminal.press("r") }
    let start = ContinuousClock.now
    terminal.signal(signal)
    #expect(try terminal.waitForEnd() == .exited(128 + signal))
    #expect(ContinuousClock.now - start < .seconds(10))
    #expect(terminal.modesAreRestored)
  }

  @Test func crash() throws {
    let terminal = try probe()
    try terminal.press("w c")
    let ending = try terminal.waitForEnd()
    #expect(ending == .killed(signal: SIGILL) || ending == .killed(signal: SIGTRAP))
    #expect(terminal.leftovers.isEmpty)
    // The screen is left before the message comes, or the message would be lost with it.
    let parts = terminal.transcript.split(separator: "\u{1B}[?1049l", maxSplits: 1)
    #expect(parts.last?.contains("written ?[31mmeanwhile") == true)
    #expect(parts.last?.contains("Fatal error: the probe was asked to crash") == true)
  }

  @Test(arguments: [SIGSEGV, SIGABRT, SIGBUS, SIGFPE])
  func fatalSignal(_ signal: Int32) throws {
    let terminal = try probe()
    terminal.signal(signal)
    #expect(try terminal.waitForEnd() == .killed(signal: signal))
    #expect(terminal.leftovers.isEmpty)
  }

  @Test func theWindowIsClosed() throws {
    let terminal = try probe()
    terminal.hangUp()
    let ending = try terminal.waitForEnd()
    #expect(ending == .exited(9) || ending == .exited(128 + SIGHUP))
  }

  @Test func standardErrorComesOutAfterwards() throws {
    let terminal = try probe()
    try terminal.press("w w")
    try terminal.wait(for: "2 key w")
    #expect(!terminal.screen.contains("meanwhile"))
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.lines.filter { $0 == "written ?[31mmeanwhile" }.count == 2)
  }

  @Test func anotherProgramBorrowsTheTerminal() throws {
    let terminal = try probe()
    try terminal.press("e")
    try terminal.wait(for: "OTHER")
    #expect(terminal.leftovers.isEmpty)
    #expect(!terminal.lines.contains("-icanon"))
    terminal.send("\u{3}")  // an interrupt is the other program's
    try terminal.wait(for: "resumed")
    #expect(terminal.emulator.privateModes == [1049, 1000, 1002, 1006, 2004])
    try terminal.press("x")
    try terminal.wait(for: "key x")
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftovers.isEmpty)
  }

  @Test func anotherProgramLeavesTheTerminalInDisorder() throws {
    let terminal = try probe()
    try terminal.press("f")
    try terminal.wait(for: "resumed")
    try terminal.press("x")
    try terminal.wait(for: "key x")
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftovers.isEmpty)
  }

  /// Under a shell with job control, since an orphan cannot be stopped.
  @Test(arguments: ["z", "ctrl-z", "signal"])
  func suspension(_ way: String) throws {
    let terminal = try PseudoTerminal("/bin/sh", ["-i"], environment: shellEnvironment)
    try terminal.wait(for: "$")
    terminal.send("\(BuiltProgram.path("TerminalProbe"))\r")
    try terminal.wait(for: "READY")
    #expect(!terminal.modesAreRestored)
    if way == "signal" {
      terminal.signalForeground(SIGTSTP)
    } else {
      try terminal.press(way)
    }
    try terminal.wait(for: "Stopped")
    #expect(terminal.leftovers.isEmpty)
    terminal.send("fg\r")
    try terminal.wait(for: "resumed")
    #expect(terminal.emulator.privateModes == [1049, 1000, 1002, 1006, 2004])
    try terminal.press("q")
    try terminal.wait(for: "bye 0")
    #expect(terminal.leftovers.isEmpty)
  }

  private var shellEnvironment: [String: String] {
    PseudoTerminal.environment.merging(["PS1": "$ "]) { $1 }
  }
}
