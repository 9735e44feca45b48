import TerminalCanvas
import TestSupport
import Testing

/// Watching on a real server and a real terminal, while another client works on it.
@Suite(.timeLimit(.minutes(5))) struct WatchStoryTests {
  private func open(_ source: CommandSource, columns: Int, rows: Int) throws -> PseudoTerminal {
    try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", source.socketPath],
      environment: source.program.environment.merging(["TERM": "xterm-256color"]) { $1 },
      size: ScreenSize(columns: columns, rows: rows))
  }

  /// Delete a key and see whether the application stores it again, how soon, and what is different.
  @Test(arguments: [(80, 24), (120, 36)])
  func aKeyThatIsDeletedAndComesBack(columns: Int, rows: Int) throws {
    let source = try CommandSource(.redis)
    try source.redis("setex", "page", "900", #"{"price":10,"name":"tea"}"#)
    let terminal = try open(source, columns: columns, rows: rows)
    try terminal.wait(for: "1 key")
    try terminal.press("g", until: "page")
    try terminal.press("W", until: "Delete page and wait for it?")
    try terminal.wait(for: "20 times a second")
    terminal.waitUntilRead()
    try terminal.press("y", until: "not back after")
    #expect(try source.redis("exists", "page") == "0")
    try terminal.wait("a second to pass") { screen in
      screen.text.contains("not back after") && !screen.text.contains("not back after 0.")
    }
    try source.redis("setex", "page", "300", #"{"price":12,"name":"tea"}"#)
    try terminal.wait(for: "price: 10 → 12")
    try terminal.wait(for: "came back after")
    #expect(terminal.emulator.text.contains("deleted at "))
    if columns == 120 { #expect(terminal.emulator.text.contains("25 bytes, TTL 4:5")) }
    try terminal.press("enter", until: "what differs")
    try terminal.wait(for: "before: 25 bytes")
    try terminal.wait(for: "\"price\": 12")
    try terminal.press("esc")
    try terminal.wait(untilGone: "what differs")
    // What came back is newer than what was deleted: taking it back asks.
    try terminal.press("u", until: "Put the older value back?")
    terminal.waitUntilRead()
    try terminal.press("esc")
    try terminal.wait(untilGone: "Put the older value back?")
    #expect(try source.redis("get", "page").contains("12"))
  }

  @Test func aPrefixWhoseKeysComeAndGo() throws {
    let source = try CommandSource(.redis)
    try source.redis("mset", "app:a", "1", "app:b", "2", "other", "3")
    let terminal = try open(source, columns: 120, rows: 36)
    try terminal.wait(for: "3 keys")
    try terminal.press("g", until: "folder · 2 keys")
    try terminal.press("w", until: "watched: 2 keys")
    try source.redis("append", "app:a", String(repeating: "x", count: 200))
    try terminal.wait("app:a with its new size") { screen in
      screen.lines.contains { $0.contains("app:a") && $0.contains("→") && $0.contains("bytes") }
    }
    try source.redis("del", "app:b")
    try terminal.wait("app:b deleted") { screen in
      screen.lines.contains { $0.contains("app:b") && $0.contains("deleted") }
    }
    try source.redis("set", "app:c", "3", "px", "3000")
    try terminal.wait("app:c come") { screen in
      screen.lines.contains { $0.contains("app:c") && $0.contains("came: ") }
    }
    try terminal.wait("app:c expired") { screen in
      screen.lines.contains { $0.contains("app:c") && $0.contains("expired") }
    }
    try source.redis("set", "app:b", "4")
    try terminal.wait("app:b back") { screen in
      screen.lines.contains { $0.contains("app:b") && $0.contains("came back after") }
    }
  }
}
