import Glibc
import SystemIO
import TerminalCanvas
import TestSupport
import Testing

/// The built-in engine that the explorer starts, joins, keeps and stops.
@Suite(.timeLimit(.minutes(5)))
struct EngineChildTests {
  private let program: CommandProgram
  private var socket: String { program.folder + "/cachescope/default.sock" }

  init() throws {
    program = try CommandProgram()
  }

  /// By which `ps`, `top` and `killall` list it.
  private static let ownNames = ["cachescope", "cachescope"]

  private func open(_ arguments: [String] = []) throws -> PseudoTerminal {
    let environment = program.environment.merging(["TERM": "xterm-256color"]) { $1 }
    return try PseudoTerminal(
      BuiltProgram.path("cachescope"), arguments, environment: environment,
      size: ScreenSize(columns: 120, rows: 36))
  }

  @discardableResult
  private func redis(_ arguments: String...) throws -> String {
    try program.execute("/usr/bin/redis-cli", ["-s", socket] + arguments).text.trimmed()
  }

  @Test func anEmptyOneEndsWithItsExplorer() throws {
    let terminal = try open()
    try terminal.wait(for: "applications connect to unix://\(socket)")
    try terminal.wait(for: "0 keys")
    let engines = try EngineProcesses.of(program)
    #expect(engines.count == 1)
    for engine in engines { #expect(try EngineProcesses.names(of: engine) == Self.ownNames) }
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(try EngineProcesses.of(program).isEmpty)
    #expect(StreamSocket.place(path: socket) == .nothing)
    #expect(terminal.leftovers.isEmpty)
  }

  @Test func theFirstScreenSaysWhatWouldBeHere() throws {
    let shown = try CommandProgram(["REDIS_URL": "redis://anna:hunter2@cache.example:6380/1"])
    for size in ["60x15", "80x24", "120x36"] {
      let picture = try shown.run("snapshot", "--size", size)
      let list = picture.lines.map { $0.split(separator: "││").first.map(String.init) ?? "" }
      let words = list.joined(separator: " ").replacing("│", with: " ")
        .split(separator: " ").joined(separator: " ")
      #expect(words.contains("no keys in db0"), "\(picture.text)")
      #expect(words.contains("as an application writes them"), "\(picture.text)")
      #expect(words.contains("cachescope --demo shows a cache at work"), "\(picture.text)")
      #expect(words.contains("c connects to redis://anna@cache.exa"), "\(picture.text)")
      #expect(!picture.text.contains("hunter2"))
    }
  }

  @Test func oneWithKeysIsKeptByEnter() throws {
    let terminal = try open()
    try terminal.wait(for: "0 keys")
    try redis("set", "a", "1")
    try terminal.press("q")
    try terminal.wait(for: "Keep the engine running?")
    try terminal.wait(for: "holds 1 key.")
    try terminal.press("esc")
    try terminal.wait(untilGone: "Keep the engine running?")
    try terminal.press("q")
    try terminal.wait(for: "Keep the engine running?")
    terminal.waitUntilRead()
    try terminal.press("enter")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(try redis("get", "a") == "1")
    // The next explorer joins it and leaves it as it is, without asking.
    let next = try open()
    try next.wait(for: "1 key ")
    try next.press("q")
    #expect(try next.waitForEnd() == .exited(0))
    #expect(try redis("get", "a") == "1")
    // And the one after that ends it, by name.
    let last = try open()
    try last.wait(for: "1 key ")
    try last.press(":")
    try last.wait(for: "Command")
    last.send("stop the engine")
    try last.wait(for: "asks first")
    try last.press("enter")
    try last.wait(for: "It holds 1 key, which is lost.")
    last.waitUntilRead()
    try last.press("y")
    #expect(try last.waitForEnd() == .exited(0))
    #expect(try EngineProcesses.of(program).isEmpty)
  }

  @Test func oneWithKeysIsStoppedByS() throws {
    let terminal = try open()
    try terminal.wait(for: "0 keys")
    try redis("-n", "5", "set", "a", "1")
    try terminal.press("q")
    try terminal.wait(for: "Stopping it loses the keys.")
    terminal.waitUntilRead()
    try terminal.press("s")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(try EngineProcesses.of(program).isEmpty)
  }

  @Test func typeAheadStopsNothing() throws {
    let terminal = try open()
    try terminal.wait(for: "0 keys")
    try redis("set", "a", "1")
    terminal.send("qs")
    try terminal.wait(for: "Keep the engine running?")
    #expect(try redis("get", "a") == "1")
    terminal.hangUp()
    _ = try terminal.waitForEnd()
    try EngineProcesses.end(of: program)
  }

  @Test func othersAreAskedAbout() throws {
    let first = try open()
    try first.wait(for: "0 keys")
    let second = try open()
    try second.wait(for: "0 keys")
    #expect(try EngineProcesses.of(program).count == 1)
    try first.press("q")
    try first.wait(for: "1 other client is connected")
    first.waitUntilRead()
    try first.press("k")
    #expect(try first.waitForEnd() == .exited(0))
    #expect(try redis("ping") == "PONG")
    try second.press("q")
    #expect(try second.waitForEnd() == .exited(0))
    try EngineProcesses.end(of: program)
  }

  @Test(arguments: [SIGHUP, SIGTERM, SIGKILL])
  func endingTheExplorerKeepsIt(_ signal: Int32) throws {
    let terminal = try open()
    try terminal.wait(for: "0 keys")
    try redis("set", "a", "1")
    terminal.signal(signal)
    _ = try terminal.waitForEnd()
    #expect(try redis("get", "a") == "1")
    try EngineProcesses.end(of: program)
  }

  @Test func twoThatStartTogetherShareOne() throws {
    for _ in 0..<3 {
      let terminals = try (0..<4).map { _ in try open() }
      for terminal in terminals { try terminal.wait(for: "0 keys") }
      #expect(try EngineProcesses.of(program).count == 1)
      try redis("set", "a", "1")
      for terminal in terminals { try terminal.wait(for: "1 key ") }
      try EngineProcesses.end(of: program)
      for terminal in terminals { terminal.hangUp() }
    }
  }

  @Test func theSocketOfADeadOneIsReplaced() throws {
    let terminal = try open()
    try terminal.wait(for: "0 keys")
    try EngineProcesses.end(of: program)
    try terminal.wait(for: "away")
    #expect(StreamSocket.place(path: socket) == .ownSocket)
    let next = try open()
    try next.wait(for: "0 keys")
    try next.press("q")
    _ = try next.waitForEnd()
    terminal.hangUp()
    try EngineProcesses.end(of: program)
  }

  @Test func whatIsInTheWayIsRefused() throws {
    try #require(mkdir(program.folder + "/cachescope", 0o700) == 0)
    try program.write([], to: socket)
    let file = try program.run("snapshot")
    #expect(file.status == 4 && file.errors.contains("is in the place of the engine's socket"))
    try #require(unlink(socket) == 0)
    if geteuid() == 0 {
      let engine = try ServeProcess(program)
      try #require(chown(socket, 12345, 12345) == 0)
      let other = try program.run("snapshot")
      #expect(other.status == 4 && other.errors.contains("belongs to another user"))
      try #require(chown(socket, 0, 0) == 0)
      engine.end()
    }
    try #require(chmod(program.folder + "/cachescope", 0o755) == 0)
    let folder = try program.run("snapshot")
    #expect(folder.status == 4 && folder.errors.contains("chmod 700"))
  }

  @Test func aSnapshotLeavesNoEngine() throws {
    #expect(try program.run("snapshot", "--wait", "0").status == 0)
    #expect(try EngineProcesses.of(program).isEmpty)
  }
}
