import Glibc
import SystemIO
import TerminalCanvas
import TestSupport
import Testing

/// Keys are copied from a redis-server to other sources on a real terminal: chosen, looked at, carried
/// out, taken back there, lost half-way, refused, saved as a script.
@Suite(.timeLimit(.minutes(5)))
struct CopyStoryTests {
  private let server: RedisServerProcess
  private let program: CommandProgram

  init() throws {
    server = try RedisServerProcess()
    program = try CommandProgram()
  }

  private func open(_ arguments: String..., in folder: String = "/") throws -> PseudoTerminal {
    try PseudoTerminal(
      "/bin/sh",
      [
        "-c", "cd \"$0\" && exec \"$@\"", folder, BuiltProgram.path("cachescope"), "-s",
        server.socketPath,
      ] + arguments,
      environment: program.environment.merging(["TERM": "xterm-256color"]) { $1 },
      size: ScreenSize(columns: 120, rows: 36))
  }

  @discardableResult
  private func redis(_ socket: String, _ arguments: String...) throws -> String {
    try program.execute("/usr/bin/redis-cli", ["-s", socket] + arguments).text.trimmed()
  }

  private func fill(_ prefix: String, _ count: Int) throws {
    try redis(
      server.socketPath, "eval",
      "for i = 1, tonumber(ARGV[2]) do redis.call('set', ARGV[1] .. i, 'value ' .. i, 'ex', 86399) end",
      "0", prefix, "\(count)")
  }

  /// Goes to the first folder and chooses where its keys are copied to.
  private func choose(
    _ terminal: PseudoTerminal, _ target: String, folder: String, _ title: String
  ) throws {
    try terminal.press("g", until: folder)
    try terminal.press("O", until: title)
    terminal.send(target)
    try terminal.wait(for: "› \(target)")
    terminal.readRestOfFrame()
    try terminal.press("enter")
  }

  @Test func aPrefixIsCopiedToTheEngineAndTakenBackThere() throws {
    let engine = try ServeProcess(program)
    let socket = program.folder + "/cachescope/default.sock"
    try fill("app:user:", 300)
    try redis(server.socketPath, "rpush", "app:list", "a", "b", "a")
    try redis(socket, "set", "app:user:7", "mine")
    let same = try program.run(
      "copy", "unix://\(server.socketPath)", "engine:", "--match", "app:list")
    #expect(same.text == "1 entry copied\n", "\(same.errors)")
    let terminal = try open()
    try choose(terminal, "engine", folder: "folder · 301 keys", "Copy 301 keys in app:* to")
    try terminal.wait(for: "Copy 301 keys in app:* to engine:?")
    try terminal.wait("where it goes, and what becomes of what is there") { screen in
      screen.text.contains("engine:, db0 of cachescope") && screen.text.contains("2 keys")
        && screen.text.contains("skip: what holds something else there stays")
        && screen.text.contains("app:user:*") && screen.text.contains("23h 59m")
    }
    try terminal.press("o", until: "replace: what holds something else there is overwritten")
    terminal.waitUntilRead()
    try terminal.press("y")
    try terminal.wait(for: "300  copied")
    try terminal.wait(for: "1  were there already")
    #expect(try redis(socket, "get", "app:user:7") == "value 7")
    #expect(try redis(socket, "dbsize") == "301" && redis(server.socketPath, "dbsize") == "301")
    let ends = try [socket, server.socketPath].map { try redis($0, "pexpiretime", "app:user:8") }
    #expect(ends[0] == ends[1] && ends[0] != "-1")
    // It is in the journal of the engine, and taken back there without a question.
    terminal.waitUntilRead()
    try terminal.press("enter")
    try terminal.wait(untilGone: "were there already")
    try terminal.press("c", until: "Connect to")
    terminal.send("engine")
    try terminal.wait(for: "› engine")
    try terminal.press("enter")
    try terminal.wait(for: "folder · 301 keys")
    try terminal.wait(for: "undo 1")
    try terminal.press("u", until: "300 of 300 taken back: copy 301 keys in app:* to engine:")
    #expect(try redis(socket, "get", "app:user:7") == "mine")
    #expect(try redis(socket, "dbsize") == "2" && redis(server.socketPath, "dbsize") == "301")
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftovers.isEmpty && terminal.emulator.failures.isEmpty)
    withExtendedLifetime(engine) {}
  }

  @Test func aTargetThatDiesHalfWayIsToldOf() throws {
    let other = try RedisServerProcess()
    try fill("k:", 60_000)
    let terminal = try open()
    try choose(
      terminal, "unix://\(other.socketPath)", folder: "folder · 60,000 keys",
      "Copy 60,000 keys in k:* to")
    try terminal.wait(for: "y copy")
    terminal.waitUntilRead()
    try terminal.press("y", until: "keys/s")
    try terminal.press("p")
    try terminal.wait(for: "held: nothing more is sent")
    other.end()
    try terminal.press("p")
    try terminal.wait(for: "It ended early: ")
    try terminal.wait("what was done and what was not") { screen in
      screen.text.contains("copied") && screen.text.contains("not done")
        && screen.text.contains("Lost on the way: unix:")
        && screen.text.contains("O again goes on")
    }
    #expect(try redis(server.socketPath, "dbsize") == "60000")
    terminal.waitUntilRead()
    try terminal.press("enter")
    try terminal.wait(untilGone: "It ended early")
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
  }

  @Test func whatCannotTakeThemIsRefusedWithASentence() throws {
    let locked = try RedisServerProcess(["--requirepass", "secret"])
    try fill("k:", 3)
    let path = program.folder + "/config.json5"
    let text = """
      { profiles: {
        frozen: { source: "unix://\(server.socketPath)?db=2", "read-only": true },
        live: { source: "unix://\(server.socketPath)?db=3", production: true } } }
      """
    try FileBytes.writeOwnerOnly(path: path, Array(text.utf8))
    let terminal = try open("--config", path)
    let title = "Copy 3 keys in k:* to"
    let cases = [
      ("unix:///nonexistent/s", "no connection to"),
      ("unix://\(locked.socketPath)", "login refused"),
      ("unix://\(server.socketPath)", "that is the database that is open"),
      ("frozen", "frozen is read-only by its profile"),
    ]
    for (target, words) in cases {
      try choose(terminal, target, folder: "folder · 3 keys", title)
      try terminal.wait(for: words)
    }
    try choose(terminal, "live", folder: "folder · 3 keys", title)
    try terminal.wait(for: "live is PRODUCTION.")
    terminal.waitUntilRead()
    try terminal.press("y", until: "Type db3")
    terminal.send("db3")
    terminal.waitUntilRead()
    try terminal.press("enter")
    try terminal.wait(for: "3  copied")
    #expect(try redis(server.socketPath, "-n", "3", "dbsize") == "3")
    #expect(try redis(server.socketPath, "-n", "2", "dbsize") == "0")
    let guarded = try open("--read-only")
    try guarded.press("g", until: "folder · 3 keys")
    try guarded.press("O", until: "read-only for this whole session")
  }

  @Test func aCopyIsSavedAndRunWithSh() throws {
    let engine = try ServeProcess(program)
    let socket = program.folder + "/cachescope/default.sock"
    try fill("it's [a] *:", 40)
    let terminal = try open(in: program.folder)
    try choose(terminal, "engine", folder: "folder · 40 keys", "Copy 40 keys in it's [a] *:* to")
    try terminal.wait(for: "y copy")
    terminal.waitUntilRead()
    try terminal.press("S", until: "Save the plan as a script")
    try terminal.press("ctrl-u")
    terminal.send("copy them.sh")
    try terminal.press("enter")
    // The whole path, wherever it was begun.
    let path = program.folder + "/copy them.sh"
    try terminal.wait(for: "saved: sh '\(path)' runs it")
    let script = String(decoding: try FileBytes.read(path: path, limit: 1 << 16), as: UTF8.self)
    #expect(script.contains("cachescope copy unix://\(server.socketPath) engine: --match "))
    #expect(script.hasSuffix(" --on-conflict skip\n"))
    let binary = BuiltProgram.path("cachescope")
    let folder = String(binary[..<(binary.lastIndex(of: "/") ?? binary.endIndex)])
    let done = try program.execute(
      "/usr/bin/env", ["PATH=\(folder):/usr/bin:/bin", "/bin/sh", path])
    #expect(done.text == "40 entries copied\n", "\(done.errors)")
    #expect(try redis(socket, "get", "it's [a] *:7") == "value 7")
    withExtendedLifetime(engine) {}
  }
}
