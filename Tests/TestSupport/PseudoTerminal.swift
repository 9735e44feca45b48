import CPseudoTerminal
package import TerminalCanvas

/// A program under a terminal of an exact size, for tests that press keys and look at the screen.
///
/// It waits for what should show, never for time: `wait` reads until the screen fulfils a
/// condition, and fails with a picture of the screen after a limit that only a fault reaches. The
/// program gets a clean signal mask and only the environment that is given; LINES and COLUMNS are
/// not set. Not Sendable: a test owns it.
package final class PseudoTerminal {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  package enum Ending: Sendable, Hashable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  /// What the program's output shows.
  package private(set) var emulator: TerminalEmulator
  /// All output as it came.
  package private(set) var output: [UInt8] = []
  private var program = cpt_program(process: -1, descriptor: -1, watch: -1)
  private let modesBefore: [UInt8]
  private var ending: Ending?

  /// The environment that programs get unless told otherwise.
  package static let environment = [
    "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent",
    // No folder at all: nothing that one test leaves behind is seen by another.
    "XDG_STATE_HOME": "/dev/null",
    "SWIFT_BACKTRACE": "enable=no",
  ]

  /// Starts a program, by its path.
  package init(
    _ path: String, _ arguments: [String] = [],
    environment: [String: String] = PseudoTerminal.environment,
    size: ScreenSize = ScreenSize(columns: 80, rows: 24)
  ) throws(Failure) {
    emulator = TerminalEmulator(size: size)
    var started = program
    let opened = cpt_open(&started, UInt16(size.columns), UInt16(size.rows))
    guard opened == 0 else { throw Failure(description: "no terminal: errno \(opened)") }
    // Before the program runs: once it does, it may have set its own.
    modesBefore = Self.modes(of: started)
    let result = Self.withCStrings([path] + arguments) { arguments in
      Self.withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
        cpt_start(&started, path, arguments, environment)
      }
    }
    program = started
    guard result == 0 else { throw Failure(description: "cannot start \(path): errno \(result)") }
  }

  deinit {
    cpt_close(&program)
  }

  // MARK: Input

  package func send(_ bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    _ = cpt_write(&program, bytes, bytes.count)
  }

  package func send(_ text: String) { send(text.utf8) }

  /// Presses keys, by their spelling: `"j j enter"`.
  package func press(_ keys: String) throws {
    for key in try Key.sequence(keys) { send(key.terminalBytes) }
  }

  package func resize(to size: ScreenSize) {
    emulator.resize(to: size)
    _ = cpt_resize(&program, UInt16(size.columns), UInt16(size.rows))
  }

  package func signal(_ number: Int32) { _ = cpt_signal(&program, number) }

  /// Signals what runs in the foreground of a shell.
  package func signalForeground(_ number: Int32) { _ = cpt_signal_foreground(&program, number) }

  /// From now on the terminal takes no output: what the program writes waits, as on a network that
  /// has gone away. True when that could be done.
  package func stall() -> Bool { cpt_stall(&program) == 0 }

  /// Takes the terminal away, as when a window is closed.
  package func hangUp() {
    cpt_hang_up(&program)
  }

  // MARK: Output

  /// Reads until a text is on the screen.
  package func wait(for text: String, timeout: Duration = .seconds(20)) throws(Failure) {
    try wait(timeout: timeout, "\u{201C}\(text)\u{201D} on the screen") {
      $0.text.contains(text)
    }
  }

  /// Reads until a text is no longer on the screen.
  package func wait(untilGone text: String, timeout: Duration = .seconds(20)) throws(Failure) {
    try wait(timeout: timeout, "\u{201C}\(text)\u{201D} gone from the screen") {
      !$0.text.contains(text)
    }
  }

  /// Reads until the screen fulfils a condition.
  package func wait(
    timeout: Duration = .seconds(20), _ what: String, _ isMet: (TerminalEmulator) -> Bool
  ) throws(Failure) {
    let end = ContinuousClock.now + timeout
    while !isMet(emulator) {
      guard ContinuousClock.now < end else { throw failure("no \(what)") }
      if !read(milliseconds: 50), pollEnding() != nil, !read(milliseconds: 0), !isMet(emulator) {
        throw failure("the program ended (\(String(describing: ending))) before \(what)")
      }
    }
  }

  /// Reads the rest of a frame that is being painted: until nothing has come for a while, a second
  /// at most. What a line further down still shows of the frame before is no answer to a key.
  package func readRestOfFrame() {
    let end = ContinuousClock.now + .seconds(1)
    while ContinuousClock.now < end, read(milliseconds: 60) {}
  }

  /// Waits until the program has ended, and reads the rest of its output.
  package func waitForEnd(timeout: Duration = .seconds(20)) throws(Failure) -> Ending {
    let end = ContinuousClock.now + timeout
    while pollEnding() == nil {
      guard ContinuousClock.now < end else { throw failure("the program did not end") }
      _ = read(milliseconds: 10)
    }
    while read(milliseconds: 0) {}
    guard let ending else { throw failure("the program did not end") }
    return ending
  }

  /// The program itself, for what the system tells of it.
  package var processIdentifier: Int32 { program.process }

  package var screen: String { emulator.text }
  package var lines: [String] { emulator.lines }

  /// All output as text, also what has scrolled off.
  package var transcript: String { String(decoding: output, as: UTF8.self) }

  /// Whether the terminal's modes (termios) are those that the program found.
  package var modesAreRestored: Bool { Self.modes(of: program) == modesBefore }

  /// What a program must have put back and has not: empty when the terminal is as it was.
  package var leftovers: [String] {
    var left = emulator.privateModes.sorted().map { "private mode \($0)" }
    if !modesAreRestored { left.append("termios") }
    if !emulator.cursorIsVisible { left.append("hidden cursor") }
    if emulator.pen != TerminalEmulator.Look() { left.append("text attributes") }
    return left + emulator.failures
  }

  /// Writes on the screen behind the program's back.
  package func scribble(_ text: String) {
    emulator.feed(("\u{1B}[5;5H" + text).utf8)
  }

  private func pollEnding() -> Ending? {
    var status: Int32 = 0
    if ending == nil, cpt_wait(&program, 0, &status) != 0 {
      ending = status < 0 ? .killed(signal: -status) : .exited(status)
    }
    return ending
  }

  private func read(milliseconds: Int32) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = cpt_read(&program, &buffer, buffer.count, milliseconds)
    guard count > 0 else { return false }
    output += buffer.prefix(count)
    emulator.feed(buffer.prefix(count))
    return true
  }

  private func failure(_ what: String) -> Failure {
    Failure(description: what + "; the screen is:\n" + emulator.text)
  }

  private static func modes(of program: cpt_program) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 256)
    var program = program
    let count = cpt_modes(&program, &buffer, buffer.count)
    return Array(buffer.prefix(count))
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    // execve wants an array of pointers ended by nil; the copies live until the call returns.
    let copies = strings.map { string in
      let bytes = Array(string.utf8CString)
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
      copy.initialize(from: bytes, count: bytes.count)
      return copy
    }
    defer { for copy in copies { copy.deallocate() } }
    return body(copies.map(Optional.some) + [nil])
  }
}
