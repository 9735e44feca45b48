import Glibc
import TerminalCanvas
import TestSupport
import Testing

/// Whatever ends or interrupts the explorer, the terminal is as before.
@Suite(.timeLimit(.minutes(5)))
struct ExplorerRestorationTests {
  private func open(_ more: [String: String] = [:]) throws -> PseudoTerminal {
    let environment = PseudoTerminal.environment.merging(more) { $1 }
    let terminal = try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["--demo", "--seed", "7"], environment: environment,
      size: ScreenSize(columns: 120, rows: 36))
    try terminal.wait(for: "app:")
    return terminal
  }

  @Test func quit() throws {
    let terminal = try open()
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftovers.isEmpty)
    #expect(terminal.emulator.failures.isEmpty)
  }

  @Test(arguments: [SIGTERM, SIGHUP])
  func signalThatAsksToEnd(_ signal: Int32) throws {
    let terminal = try open()
    terminal.signal(signal)
    #expect(try terminal.waitForEnd() == .exited(128 + signal))
    #expect(terminal.leftovers.isEmpty)
  }

  @Test(arguments: [SIGTERM, SIGHUP])
  func stalledTerminal(_ signal: Int32) throws {
    let terminal = try open()
    #expect(terminal.stall())
    try terminal.press("2")
    terminal.signal(signal)
    #expect(try terminal.waitForEnd() == .exited(128 + signal))
    #expect(terminal.modesAreRestored)
  }

  @Test(arguments: [SIGSEGV, SIGABRT])
  func crash(_ signal: Int32) throws {
    let terminal = try open()
    terminal.signal(signal)
    #expect(try terminal.waitForEnd() == .killed(signal: signal))
    #expect(terminal.leftovers.isEmpty)
  }

  @Test func aFailingEditor() throws {
    let terminal = try open(["EDITOR": "false"])
    try terminal.press("/")
    terminal.send("session")
    try terminal.press("enter")
    try terminal.wait(for: "\"csrf\"")
    // An action belongs to the key that was painted, and sessions come and go here.
    try terminal.press("E", until: "the editor failed")
    try terminal.wait(for: "nothing was sent")
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftovers.isEmpty)
  }

  /// Under a shell with job control, since an orphan cannot be stopped.
  @Test func suspension() throws {
    let terminal = try PseudoTerminal(
      "/bin/sh", ["-i"], environment: PseudoTerminal.environment.merging(["PS1": "$ "]) { $1 },
      size: ScreenSize(columns: 120, rows: 36))
    try terminal.wait(for: "$")
    terminal.send("\(BuiltProgram.path("cachescope")) --demo --seed 7\r")
    try terminal.wait(for: "by key")
    try terminal.press("ctrl-z")
    try terminal.wait(for: "Stopped")
    #expect(terminal.leftovers.isEmpty)
    terminal.send("fg\r")
    try terminal.wait("the screen again") { $0.privateModes.contains(1049) }
    try terminal.wait(for: "by key")
    try terminal.press("q")
    try terminal.wait("the shell again") { !$0.privateModes.contains(1049) }
    // What is typed while the modes are put back is dropped with the input of the screen.
    try terminal.wait("the prompt of the shell") { $0.lines.last { !$0.isEmpty } == "$" }
    terminal.send("echo status=$?\r")
    try terminal.wait(for: "status=0")
    #expect(terminal.leftovers.isEmpty)
  }

  /// A cursor that cannot be hidden rests in a corner.
  @Test func aTerminalOfAnotherAge() throws {
    let terminal = try open(["TERM": "vt100"])
    let corner = Position(row: 35, column: 119)
    try terminal.wait("the cursor in the corner") { $0.cursor == corner }
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.emulator.failures.isEmpty)
  }

  @Test func aTerminalThatCannotDraw() throws {
    let terminal = try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["--demo"],
      environment: PseudoTerminal.environment.merging(["TERM": "dumb"]) { $1 })
    #expect(try terminal.waitForEnd() == .exited(2))
    #expect(terminal.transcript.contains("TERM"))
    #expect(terminal.leftovers.isEmpty)
  }

  @Test func lateAnswersOfTheTerminalAreNoKeys() throws {
    let terminal = try open()
    terminal.send("\u{1B}]11;rgb:1e1e/FFFF/dddd\u{1B}\\")
    terminal.send("\u{1B}P>|xterm(370)\u{1B}\\\u{1B}[?62;22c")
    try terminal.press("?")
    try terminal.wait(for: "create a key; in a value")
    #expect(!terminal.screen.contains("Delete every key"))
    try terminal.press("?")
    try terminal.wait(untilGone: "create a key; in a value")
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
  }

  @Test func aSmallWindowRecovers() throws {
    let terminal = try open()
    terminal.resize(to: ScreenSize(columns: 50, rows: 10))
    try terminal.wait(for: "window too small: 50x10")
    terminal.resize(to: ScreenSize(columns: 100, rows: 30))
    try terminal.wait(for: "app:")
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
  }
}
