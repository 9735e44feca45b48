import SystemIO
import TerminalCanvas
import TestSupport
import Testing

/// What was changed in one run of the explorer is taken back in the next.
@Suite(.timeLimit(.minutes(5)))
struct JournalStoryTests {
  private func open(_ source: CommandSource) throws -> PseudoTerminal {
    try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", source.socketPath],
      environment: source.program.environment.merging(["TERM": "xterm-256color"]) { $1 },
      size: ScreenSize(columns: 120, rows: 36))
  }

  @Test func theNextRunTakesBackAndDoesAgain() throws {
    let source = try CommandSource(.redis)
    try source.redis("set", "greeting", "hello", "EX", "5000")
    let first = try open(source)
    try first.wait(for: "hello")
    try first.press("T", until: "done: remove the TTL of greeting")
    try first.press("q")
    let second = try open(source)
    try second.wait(for: "undo 1")
    try second.press("J")
    try second.wait(for: "can be taken back")
    try second.press("enter")
    try second.wait(for: "expires")
    try second.press("\u{1B}", until: "can be taken back")
    try second.press("\u{1B}", until: "enter open")
    try second.press("u")
    try second.wait(for: "Take back: remove the TTL of greeting (")
    second.waitUntilRead()
    try second.press("y", until: "undone: remove the TTL of greeting")
    #expect((1...5000).contains(Int(try source.redis("ttl", "greeting")) ?? 0))
    try second.press("U", until: "redone: remove the TTL of greeting")
    #expect(try source.redis("ttl", "greeting") == "-1")
  }

  /// What another program changes meanwhile can be taken back here too.
  @Test func whatACommandChangesMeanwhileIsOffered() throws {
    let source = try CommandSource(.redis)
    try source.redis("set", "greeting", "hello")
    let terminal = try open(source)
    try terminal.wait(for: "hello")
    #expect(try source.run("set", "greeting", "changed").status == 0)
    try terminal.wait(for: "undo 1")
    try terminal.press("u")
    try terminal.wait(for: "Take back: set greeting")
    terminal.waitUntilRead()
    try terminal.press("y", until: "undone: set greeting")
    #expect(try source.redis("get", "greeting") == "hello")
  }

  /// What undo has left, because it was written since, is still there to be put back.
  @Test func whatWasLeftIsOfferedInTheJournal() throws {
    let source = try CommandSource(.redis)
    try source.redis("set", "greeting", "hello", "EX", "80000")
    let terminal = try open(source)
    try terminal.wait(for: "hello")
    try terminal.press("T", until: "done: remove the TTL of greeting")
    try source.redis("set", "greeting", "newer")
    try terminal.press("u", until: "greeting was written since. Put the older value back?")
    try terminal.press("\u{1B}", until: "enter open")
    try terminal.press("J")
    try terminal.wait(for: "left as written since, u asks")
    try terminal.press("u", until: "Put back what is older: remove the TTL of greeting?")
    terminal.waitUntilRead()
    try terminal.press("y", until: "undone: remove the TTL of greeting")
    #expect(try source.redis("get", "greeting") == "hello")
    #expect((1...80_000).contains(Int(try source.redis("ttl", "greeting")) ?? 0))
  }

  @Test func anInterruptedChangeIsOffered() throws {
    let source = try CommandSource(.redis)
    let names = (0..<20_000).map { "k\($0)" }
    for part in stride(from: 0, to: names.count, by: 1000) {
      let pairs = names[part..<part + 1000].flatMap { [$0, "v"] }
      try source.program.execute("/usr/bin/redis-cli", ["-s", source.socketPath, "mset"] + pairs)
    }
    // A command that is ended in the middle of its work.
    var left = names.count
    for tenths in 2..<40 where left == names.count {
      try source.program.execute(
        "/usr/bin/timeout",
        ["-s", "KILL", "\(Double(tenths) / 10)", BuiltProgram.path("cachescope"), "del"]
          + ["-s", source.socketPath] + names)
      left = Int(try source.redis("dbsize")) ?? 0
    }
    try #require(left > 0 && left < names.count)
    let terminal = try open(source)
    try terminal.wait(for: "an earlier change was interrupted: J shows it, u takes back")
    try terminal.press("u")
    try terminal.wait(for: "Take back: delete 20,000 keys: k0")
    terminal.waitUntilRead()
    try terminal.press("y", until: "taken back: delete 20,000 keys")
    #expect(try source.redis("dbsize") == "20000")
  }
}
