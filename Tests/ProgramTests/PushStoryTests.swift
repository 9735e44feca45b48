import Glibc
import SystemIO
import TerminalCanvas
import TestSupport
import Testing

/// The connection on which a server tells of changes, in the real program.
@Suite(.timeLimit(.minutes(5))) struct PushStoryTests {
  private func environment(_ source: CommandSource) -> [String: String] {
    source.program.environment.merging(["TERM": "xterm-256color"]) { $1 }
  }

  private func open(_ source: CommandSource) throws -> PseudoTerminal {
    try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", source.socketPath], environment: environment(source),
      size: ScreenSize(columns: 120, rows: 36))
  }

  /// Connections that track anything.
  private func trackers(_ source: CommandSource) throws -> Int {
    trackers(in: try source.redis("client", "list"))
  }

  private func trackers(in list: String) -> Int {
    list.split(separator: "\n").count { line in
      line.split(separator: " ").contains { word in
        word.hasPrefix("flags=") && word.dropFirst(6).contains("t")
      }
    }
  }

  private func wait(
    for count: Int, of source: CommandSource, reading terminal: PseudoTerminal? = nil
  )
    throws
  {
    let end = ContinuousClock.now + .seconds(30)
    while try trackers(source) != count {
      if let terminal { try? terminal.wait(timeout: .milliseconds(20), "time") { _ in false } }
      try #require(ContinuousClock.now < end, "\(count) trackers")
    }
  }

  /// A change is on the screen long before it would have been asked for, and so is a key that is new.
  @Test func whatOthersDoIsSeenAtOnce() throws {
    let source = try CommandSource(.redis)
    try source.redis("mset", "app:a", "1", "app:b", "2")
    let terminal = try open(source)
    try terminal.wait(for: "2 keys")
    try wait(for: 1, of: source, reading: terminal)
    for round in 0..<5 {
      try source.redis("set", "app:new\(round)", "3")
      try terminal.wait(for: "app:new\(round)".replacingFolder)
    }
    try source.redis("del", "app:a")
    try terminal.wait("app:a gone") { screen in
      !screen.lines.contains { $0.contains(" a ") && $0.contains(" str ") }
    }
  }

  @Test func nothingTellsWhileTheProgramIsStopped() throws {
    let source = try CommandSource(.redis)
    try source.redis("set", "app:a", "1")
    let shell = try PseudoTerminal(
      "/bin/sh", ["-i"], environment: environment(source).merging(["PS1": "$ "]) { $1 },
      size: ScreenSize(columns: 120, rows: 36))
    try shell.wait(for: "$")
    shell.send("\(BuiltProgram.path("cachescope")) -s \(source.socketPath)\r")
    try shell.wait(for: "1 key")
    for way in ["key", "signal"] {
      try wait(for: 1, of: source, reading: shell)
      if way == "key" { try shell.press("ctrl-z") } else { shell.signalForeground(SIGTSTP) }
      // Its prompt too: what is typed while the program leaves the screen is thrown away.
      try shell.wait("the shell") { screen in
        !screen.privateModes.contains(1049)
          && screen.lines.last { $0.contains { $0 != " " } }?.hasPrefix("$") == true
      }
      #expect(try trackers(source) == 0)
      shell.send("fg\r")
      try shell.wait("the screen again") { $0.privateModes.contains(1049) }
    }
    try wait(for: 1, of: source, reading: shell)
  }

  @Test func nothingTellsWhileTheEditorRuns() throws {
    let source = try CommandSource(.redis)
    try source.redis("set", "app:a", "1")
    let seen = source.program.folder + "/trackers"
    let editor =
      "redis-cli -s \(source.socketPath) client list >\(seen); true"
    let terminal = try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", source.socketPath],
      environment: environment(source).merging(["VISUAL": "sh -c '\(editor)'"]) { $1 },
      size: ScreenSize(columns: 120, rows: 36))
    try terminal.wait(for: "1 key")
    try terminal.press("G", until: "string")
    try wait(for: 1, of: source, reading: terminal)
    try terminal.press("E", until: "unchanged")
    let list = String(decoding: try FileBytes.read(path: seen, limit: 1 << 16), as: UTF8.self)
    #expect(list.contains("id="))
    #expect(trackers(in: list) == 0)
    try wait(for: 1, of: source, reading: terminal)
  }

  /// Nobody reads what the program writes: it stands still, and the server is to be told to be quiet.
  @Test func nothingTellsWhileTheTerminalStandsStill() throws {
    let source = try CommandSource(.redis)
    try source.redis("set", "app:a", "1")
    let terminal = try open(source)
    try terminal.wait(for: "1 key")
    try wait(for: 1, of: source, reading: terminal)
    try #require(terminal.stall())
    let end = ContinuousClock.now + .seconds(60)
    var round = 0
    while try trackers(source) > 0 {
      round += 1
      try source.redis("set", "app:a", String(repeating: "\(round % 10)", count: 500))
      try #require(ContinuousClock.now < end, "still tracking")
    }
  }
}

extension String {
  /// As a row in its folder shows it.
  fileprivate var replacingFolder: String { String(drop { $0 != ":" }.dropFirst()) }
}
