import SystemIO
import TerminalCanvas
import TestSupport
import Testing

/// What tools of this kind are known to damage without a word, one test for each, with the whole
/// program. The rest is in `SilentDamageTests` of the backends.
@Suite(.timeLimit(.minutes(5))) struct SilentDamageStoryTests {
  private func open(_ source: CommandSource, _ arguments: String...) throws -> PseudoTerminal {
    try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", source.socketPath] + arguments,
      environment: PseudoTerminal.environment, size: ScreenSize(columns: 120, rows: 36))
  }

  @Test("64-bit integers rounded in the JSON view", arguments: CommandSource.Kind.allCases)
  func numbersStayAsTheyAre(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    let text = #"{"z":9223372036854775807,"a":-0,"b":1e400,"a":1,"n":0.1000}"#
    try source.redis("set", "json", text)
    #expect(try source.run("get", "json", "--raw").output == Array(text.utf8))
    // What a reader of JSON could round, or does not know, stands as text; of one name that comes
    // twice the later one counts, as it does for Python.
    let value =
      #"{"z":{"$int":"9223372036854775807"},"a":1,"b":{"$float":"inf"},"n":0.1000}"#
    #expect(try source.run("get", "json", "--json").text.contains(value))
    let terminal = try open(source)
    for number in ["9223372036854775807", "-0", "1e400", "0.1000"] {
      try terminal.wait(for: number)
    }
  }

  @Test("Delete uses : though another separator was set", arguments: CommandSource.Kind.allCases)
  func prefixesGoByTheirSeparator(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    for name in ["a/1", "a/2", "a:3", "a", "b/4"] { try source.redis("set", name, "1") }
    let terminal = try open(source, "--separator", "/")
    try terminal.wait(for: "a/")
    try terminal.wait(for: "5 keys")
    try terminal.press("g")
    try terminal.press("d", until: "elete 2 keys in a/*")
    terminal.waitUntilRead()
    try terminal.press("y")
    try terminal.wait(for: "2  deleted")
    #expect(try source.redis("exists", "a:3", "a", "b/4") == "3")
    #expect(try source.redis("exists", "a/1", "a/2") == "0")
  }

  @Test("Glob characters in names", arguments: CommandSource.Kind.allCases)
  func namesAreNoGlobs(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    let names = ["user[1]:a", "user1:a", #"back\*slash:a"#, "back*slash:a", "q?:a", "qx:a"]
    for name in names { try source.redis("set", name, "1") }
    for prefix in ["user[1]:", #"back\*slash:"#, "q?:"] {
      let quoted = prefix.replacing(#"\"#, with: #"\\"#)
      let plan = try source.run("invalidate", "--where", "prefix:\"\(quoted)\"", "--yes")
      #expect(plan.status == 0, "\(plan.errors)")
    }
    #expect(try source.redis("exists", "user1:a", "back*slash:a", "qx:a") == "3")
    #expect(try source.redis("dbsize") == "3")
  }

  @Test("The action lands on the wrong row after a list change")
  func actionsStayWithTheirRow() throws {
    let source = try CommandSource(.redis)
    for name in ["k1", "k2", "k3", "k4"] { try source.redis("set", name, "1") }
    let terminal = try open(source)
    try terminal.wait(for: "4 keys")
    try terminal.press("g")
    // Whether it is seen in time or not that the key has gone, no other one is touched.
    for gone in ["k1", "k2"] {
      try source.redis("del", gone)
      try terminal.press("d")
      try? terminal.wait(for: "Delete", timeout: .seconds(1))
      terminal.waitUntilRead()
      if terminal.screen.contains("Delete ") {
        #expect(terminal.screen.contains("Delete \(gone)?"), "\(terminal.screen)")
        try terminal.press("y")
        try terminal.wait(for: "nothing was done")
      }
      try terminal.press("j")
    }
    #expect(try source.redis("exists", "k3", "k4") == "2")
  }

  @Test("A journal of one server undone through the same address on another")
  func undoStaysWithItsServer() throws {
    let server = try RedisServerProcess()
    let program = try CommandProgram(["CACHESCOPE_URL": "unix://\(server.socketPath)"])
    let redis = { (words: [String]) in
      try program.execute("/usr/bin/redis-cli", ["-s", server.socketPath] + words).text.trimmed()
    }
    _ = try redis(["set", "a", "1"])
    #expect(try program.run("del", "a").status == 0)
    let id = try #require(try program.run("undo", "--list").lines.first).prefix { $0.isNumber }
    // A server without persistence that begins anew has nothing in common with the one before.
    server.end()
    try server.start()
    #expect(try program.run("undo").status == 1)
    let refused = try program.run("undo", String(id))
    #expect(refused.status == 3 && refused.errors.contains("another server"), "\(refused.errors)")
    #expect(try redis(["exists", "a"]) == "0")
  }
}
