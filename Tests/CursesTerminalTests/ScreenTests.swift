import TerminalCanvas
import TestSupport
import Testing

/// What arrives at a terminal, and what comes back from it.
@Suite(.timeLimit(.minutes(5)))
struct ScreenTests {
  private func probe(
    _ arguments: [String] = [], type: String = "xterm-256color", _ columns: Int = 80,
    _ rows: Int = 24
  ) throws -> PseudoTerminal {
    let environment = PseudoTerminal.environment.merging(["TERM": type]) { $1 }
    let size = ScreenSize(columns: columns, rows: rows)
    let terminal = try PseudoTerminal(
      BuiltProgram.path("TerminalProbe"), arguments, environment: environment, size: size)
    try terminal.wait(for: "READY")
    return terminal
  }

  private func look(_ terminal: PseudoTerminal, of text: String) -> TerminalEmulator.Look? {
    for (row, line) in terminal.emulator.cells.enumerated() {
      for column in line.indices where line[column...].map(\.text).joined().hasPrefix(text) {
        return terminal.emulator.cells[row][column].look
      }
    }
    return nil
  }

  @Test func textStaysInItsColumns() throws {
    let terminal = try probe()
    let rows = terminal.emulator.cells.dropFirst().prefix(11)
    #expect(rows.allSatisfy { "┐┘│".contains($0[79].text) })
    #expect(terminal.screen.contains("app:日本…"))
    #expect(terminal.screen.contains("bad␛[31m…"))
    #expect(terminal.emulator.failures.isEmpty)
  }

  @Test func rolesArriveAsColours() throws {
    let terminal = try probe()
    #expect(look(terminal, of: "miss") == .init(foreground: 208))
    #expect(look(terminal, of: "critical") == .init(foreground: 203, bold: true))
    #expect(look(terminal, of: "0:45")?.background == 238)
  }

  @Test(arguments: [("linux", 3, false), ("xterm", 3, false), ("vt100", nil, true)])
  func poorTerminals(_ type: String, _ miss: Int?, _ bold: Bool) throws {
    let terminal = try probe(type: type)
    #expect(look(terminal, of: "miss") == .init(foreground: miss, bold: bold))
    #expect(look(terminal, of: "0:45")?.reverse == true)
    try terminal.press("q")
    _ = try terminal.waitForEnd()
    #expect(terminal.emulator.failures.isEmpty)
  }

  @Test func noColour() throws {
    let terminal = try probe(["--no-color"])
    #expect(terminal.emulator.cells.joined().allSatisfy { $0.look.foreground == nil })
    #expect(look(terminal, of: "0:45")?.reverse == true)
  }

  @Test func anUnknownTypeIsTakenForXterm() throws {
    let terminal = try probe(type: "xterm-ghost")
    #expect(look(terminal, of: "miss") == .init(foreground: 208))
  }

  @Test func refusals() throws {
    var environment = PseudoTerminal.environment
    environment["TERM"] = "dumb"
    let dumb = try PseudoTerminal(BuiltProgram.path("TerminalProbe"), environment: environment)
    #expect(try dumb.waitForEnd() == .exited(2))
    #expect(dumb.screen.contains("“dumb” (from TERM) cannot place text"))
    #expect(dumb.leftovers.isEmpty)
    let pipe = try PseudoTerminal(
      "/bin/sh", ["-c", "\(BuiltProgram.path("TerminalProbe")) | cat"])
    #expect(try pipe.waitForEnd() == .exited(0))
    #expect(pipe.screen.contains("needs a terminal on standard input and output"))
    #expect(pipe.leftovers.isEmpty)
  }

  @Test(arguments: [ScreenSize(columns: 120, rows: 36), ScreenSize(columns: 40, rows: 12)])
  func resize(_ size: ScreenSize) throws {
    let terminal = try probe()
    terminal.resize(to: size)
    try terminal.wait(for: "size \(size)")
    #expect(terminal.emulator.cells[1][size.columns - 1].text == "┐")
    #expect(terminal.emulator.cells[size.rows - 2][0].text == "└")
    #expect(terminal.emulator.failures.isEmpty)
  }

  @Test func keysArrive() throws {
    let terminal = try probe()
    let keys = [
      "j", "up", "shift-up", "ctrl-left", "home", "pagedown", "delete", "f1", "f12", "enter", "tab",
      "shift-tab", "backspace", "ctrl-a", "alt-1", "esc", "é", "世", "click:10,5", "wheelup:1,1",
      "doubleclick:3,3",
    ]
    for key in keys {
      try terminal.press(key)
      try terminal.wait(for: "key \(key)")
    }
    terminal.send("\u{1B}OA")
    try terminal.wait(for: "key up")
  }

  @Test func pastesArriveWhole() throws {
    let terminal = try probe()
    let text = String(repeating: "q quits unless it is pasted\r", count: 700)
    terminal.send(Key.paste(Paste(Array(text.utf8))).terminalBytes)
    try terminal.wait(for: "1 key paste:\(text.utf8.count)")
  }

  /// An answer of the terminal reaches no key, in one piece or in many.
  @Test func answersAreSwallowed() throws {
    let terminal = try probe()
    terminal.send("\u{1B}]11;rgb:1e1e/qqqq/2e2e\u{1B}\\\u{1B}[?62;22c\u{1B}P>|q\u{1B}\\")
    for piece in ["\u{1B}]11;rgb:1", "e1e/qq", "qq/2e2e", "\u{7}"] { terminal.send(piece) }
    try terminal.press("x")
    try terminal.wait(for: "1 key x")
  }

  /// The question comes before the first frame and the frame does not wait for the answer, which is
  /// told however late and however cut.
  @Test(arguments: [1, 5, 100]) func theBackgroundIsTold(_ length: Int) throws {
    let terminal = try probe(["--ask"])
    #expect(terminal.emulator.commands == ["11;?"])
    let answer = Array("\u{1B}]11;rgb:fdfd/f6f6/e3e3\u{1B}\\".utf8)
    for start in stride(from: 0, to: answer.count, by: length) {
      terminal.send(answer[start..<min(start + length, answer.count)])
    }
    try terminal.wait(for: "1 background fdf6e3")
    #expect(terminal.emulator.failures.isEmpty)
  }

  /// An answer that is under way when the program ends is not left for the shell.
  @Test func anAnswerOnTheWayOutIsSwallowed() throws {
    let script = "\(BuiltProgram.path("TerminalProbe")) --ask; stty -icanon min 0 time 3; cat -v"
    let terminal = try PseudoTerminal("/bin/sh", ["-c", script])
    try terminal.wait(for: "READY")
    terminal.send("q\u{1B}]11;rgb:fdfd/f6f6/e3e3\u{1B}\\")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.screen.contains("bye 0"))
    #expect(!terminal.screen.contains("rgb"))
  }

  @Test func nothingIsAskedUnlessWanted() throws {
    #expect(try probe().emulator.commands.isEmpty)
  }

  @Test func theMonoThemeSendsNoColour() throws {
    let terminal = try probe(["mono"])
    #expect(terminal.emulator.cells.joined().allSatisfy { $0.look.foreground == nil })
    #expect(look(terminal, of: "0:45")?.reverse == true)
  }

  /// Painting the same picture again sends nothing of the screen; a change sends a few bytes.
  @Test func onlyChangesAreSent() throws {
    let terminal = try probe([], 200, 50)
    #expect(terminal.output.count > 4000)
    let before = terminal.output.count
    try terminal.press("x")
    try terminal.wait(for: "1 key x")
    #expect(terminal.output.count - before < 60)
  }

  @Test func repaintMendsTheScreen() throws {
    let terminal = try probe()
    terminal.scribble("MESS")
    #expect(terminal.screen.contains("MESS"))
    try terminal.press("r")
    try terminal.wait(untilGone: "MESS")
  }
}
