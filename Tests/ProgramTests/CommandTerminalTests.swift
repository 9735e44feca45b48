import Glibc
import TerminalCanvas
import TestSupport
import Testing

/// Commands under a terminal: what strangers wrote is harmless there, and questions are asked.
@Suite(.serialized) struct CommandTerminalTests {
  private func terminal(
    _ source: CommandSource, _ arguments: [String]
  ) throws -> PseudoTerminal {
    let environment = source.program.environment.merging(["TERM": "xterm-256color"]) { $1 }
    return try PseudoTerminal(
      BuiltProgram.path("cachescope"), arguments, environment: environment,
      size: ScreenSize(columns: 100, rows: 30))
  }

  @Test func whatStrangersWroteIsHarmless() throws {
    let source = try CommandSource(.redis)
    let hostile = "\u{1B}]52;c;eA==\u{7}\u{9B}2J\u{202E}x\u{1B}[31m"
    try source.redis("set", "k\(hostile)", "v\(hostile)")
    try source.redis("hset", "h", "f\(hostile)", "v\(hostile)")
    for arguments in [
      ["keys"], ["keys", "--names"], ["keys", "--json"], ["get", "h"],
      ["get", "h", "--json"], ["get", "k\(hostile)"], ["del", "k\(hostile)"],
      ["get", "k\(hostile)"],
    ] {
      let terminal = try terminal(source, arguments)
      _ = try terminal.waitForEnd()
      #expect(!terminal.output.contains(0x1B) && !terminal.output.contains(0x07), "\(arguments)")
      let scalars = terminal.transcript.unicodeScalars
      #expect(!scalars.contains("\u{9B}") && !scalars.contains("\u{202E}"), "\(arguments)")
    }
  }

  @Test func keysAreATable() throws {
    let source = try CommandSource(.engine)
    try source.redis("set", "greeting", "hello", "ex", "300")
    try source.redis("hset", "user:1", "a", "b")
    let terminal = try terminal(source, ["keys", "--sort", "key"])
    #expect(try terminal.waitForEnd() == .exited(0))
    let lines = terminal.lines
    #expect(lines[0].hasPrefix("TYPE        TTL     SIZE  KEY"))
    #expect(lines[1].hasPrefix("string "))
    #expect(lines[1].contains(" greeting") && lines[2].contains("∞"))
    let column = lines[0].distance(of: "KEY")
    #expect(lines[1].distance(of: "greeting") == column)
    #expect(lines[2].distance(of: "user:1") == column)
  }

  @Test func flushAsksForTheName() throws {
    let source = try CommandSource(.redis)
    try source.redis("set", "a", "1")
    let wrong = try terminal(source, ["flush"])
    try wrong.wait(for: "Type db0 to do it:")
    #expect(wrong.screen.contains("This deletes 1 key of db0"))
    #expect(!wrong.screen.contains("cannot be undone"))
    wrong.send("yes\r")
    #expect(try wrong.waitForEnd() == .exited(3))
    #expect(try source.redis("dbsize") == "1")
    let right = try terminal(source, ["flush"])
    try right.wait(for: "Type db0 to do it:")
    right.send("db0\r")
    #expect(try right.waitForEnd() == .exited(0))
    #expect(try source.redis("dbsize") == "0")
  }

  @Test func interruptionEndsWith130() throws {
    let source = try CommandSource(.redis)
    try source.redis("set", "a", "1")
    let asking = try terminal(source, ["flush"])
    try asking.wait(for: "Type db0 to do it:")
    asking.send("\u{3}")
    #expect(try asking.waitForEnd() == .exited(130))
    #expect(try source.redis("dbsize") == "1")
    let watching = try terminal(source, ["stats", "--watch", "60"])
    try watching.wait(for: "HITS/S")
    watching.send("\u{3}")
    #expect(try watching.waitForEnd() == .exited(130))
  }

  @Test func aPasswordIsAskedForUnseen() throws {
    let server = try RedisServerProcess(["--requirepass", "hunter2"])
    let source = try CommandSource(.engine)
    let arguments = ["keys", "--askpass", "-s", server.socketPath]
    let asked = try terminal(source, arguments)
    try asked.wait(for: "Password:")
    asked.send("hunter2\r")
    #expect(try asked.waitForEnd() == .exited(0))
    #expect(!asked.transcript.contains("hunter2"))
    let interrupted = try terminal(source, arguments)
    try interrupted.wait(for: "Password:")
    interrupted.send("\u{3}")
    #expect(try interrupted.waitForEnd() == .exited(130))
    #expect(interrupted.modesAreRestored)
    let nobody = try source.program.run(arguments)
    #expect(nobody.status != 0 && nobody.output.isEmpty)
  }

  @Test(arguments: [[], ["snapshot", "--wait", "0"]])
  func theExplorerAsksToo(_ command: [String]) throws {
    let server = try RedisServerProcess(["--requirepass", "hunter2"])
    let source = try CommandSource(.engine)
    let arguments = command + ["--askpass", "-s", server.socketPath]
    let asked = try terminal(source, arguments)
    try asked.wait(for: "Password:")
    asked.send("hunter2\r")
    try asked.wait(for: "no keys in db0")
    #expect(!asked.transcript.contains("hunter2"))
    for signal in [SIGINT, SIGTERM] {
      let interrupted = try terminal(source, arguments)
      try interrupted.wait(for: "Password:")
      if signal == SIGINT { interrupted.send("\u{3}") } else { interrupted.signal(signal) }
      #expect(try interrupted.waitForEnd() == .exited(128 + signal))
      #expect(interrupted.modesAreRestored)
    }
  }
}

extension String {
  /// Characters before the first occurrence of a word.
  fileprivate func distance(of word: String) -> Int? {
    firstRange(of: word).map { distance(from: startIndex, to: $0.lowerBound) }
  }
}
