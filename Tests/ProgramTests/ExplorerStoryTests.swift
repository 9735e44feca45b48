import RESP
import RedisClient
import SystemIO
import TerminalCanvas
import TestSupport
import Testing
import Transport

/// What people do, from the first key to the last, on a real redis-server and a real terminal.
@Suite(.timeLimit(.minutes(5)))
struct ExplorerStoryTests {
  private let server: RedisServerProcess
  private let channel: SocketChannel

  init() async throws {
    server = try RedisServerProcess()
    channel = SocketChannel(
      ChannelConfiguration(endpoint: .unix(path: server.socketPath)),
      on: try EventLoop(name: "test"))
  }

  private func open(_ arguments: [String] = [], _ more: [String: String] = [:]) throws
    -> PseudoTerminal
  {
    try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", server.socketPath] + arguments,
      environment: PseudoTerminal.environment.merging(more) { $1 },
      size: ScreenSize(columns: 120, rows: 36))
  }

  private func ask(_ verb: String, _ arguments: String...) async throws -> RESPValue {
    try await channel.send(RESPCommand(verb, arguments.map { Array($0.utf8) }))
  }

  @Test func aPageShowsOldData() async throws {
    _ = try await ask("SET", "shop:page:/home", "<h1>old</h1>", "PX", "600000")
    _ = try await ask("SET", "shop:page:/cart", "<h1>cart</h1>")
    let terminal = try open()
    try terminal.wait(for: "▾ shop/")
    try terminal.press("/")
    terminal.send("home")
    try terminal.press("enter")
    try terminal.wait(for: "<h1>old</h1>")
    try terminal.press("x")
    try terminal.wait(for: "Expire shop:page:/home?")
    try await confirm(terminal)
    try terminal.wait(for: "done: expire shop:page:/home")
    #expect(try await ask("EXISTS", "shop:page:/home") == .integer(0))
    _ = try await ask("SET", "shop:page:/home", "<h1>new</h1>", "PX", "600000")
    try terminal.wait(for: "<h1>new</h1>")
    #expect(try await ask("EXISTS", "shop:page:/cart") == .integer(1))
  }

  /// Keys that come in one piece, as over a slow line: the action is for the row they lead to.
  @Test func whatIsTypedFastMeansTheRowItLeadsTo() async throws {
    for name in ["k1", "k2", "k3"] { _ = try await ask("SET", name, "1") }
    let terminal = try open()
    try terminal.wait(for: "3 keys")
    try terminal.wait(for: "k3")
    terminal.send("gjd")
    try terminal.wait(for: "Delete k2?")
    #expect(try await ask("EXISTS", "k2") == .integer(1))
  }

  @Test func aPasswordIsGivenOnTheScreen() throws {
    let guarded = try RedisServerProcess(["--requirepass", "sesame"])
    let terminal = try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", guarded.socketPath],
      environment: PseudoTerminal.environment, size: ScreenSize(columns: 120, rows: 36))
    try terminal.wait(for: "NOAUTH")
    try terminal.wait(for: "enter gives the password")
    try terminal.press("enter")
    try terminal.wait(for: "Log in to")
    terminal.send("wrong")
    try terminal.wait(for: "•••••")
    try terminal.press("enter")
    try terminal.wait(for: "WRONGPASS")
    try terminal.press("enter")
    try terminal.wait(for: "Log in to")
    terminal.send("sesame")
    try terminal.wait(for: "••••••")
    try terminal.press("enter")
    try terminal.wait(for: "no keys in db0")
  }

  @Test func anEditKeepsTheTTLAndIsTakenBack() async throws {
    _ = try await ask("SET", "greeting", "hello", "PX", "500000")
    let terminal = try open()
    try terminal.wait(for: "hello")
    try terminal.press("e")
    try terminal.wait(for: "Edit greeting")
    terminal.send(" world")
    try terminal.press("enter")
    try terminal.wait(for: "done: edit greeting")
    #expect(try await ask("GET", "greeting") == .bulk("hello world"))
    let left = try #require(try await ask("PTTL", "greeting").integer)
    #expect(left > 400_000 && left <= 500_000)
    try terminal.press("u")
    try terminal.wait(for: "undone: edit greeting")
    #expect(try await ask("GET", "greeting") == .bulk("hello"))
    #expect(try #require(try await ask("PTTL", "greeting").integer) <= left)
  }

  @Test func aKeyIsCreatedRenamedCopiedTakenBackAndDoneAgain() async throws {
    _ = try await ask("SET", "a", "1")
    let terminal = try open()
    try terminal.wait(for: "1 key ")
    try terminal.press("a")
    try terminal.wait(for: "Create a key")
    terminal.send("board")
    try terminal.press("enter left enter")
    try terminal.wait(for: "score")
    terminal.send("ada")
    try terminal.press("enter")
    terminal.send("10.5")
    try terminal.press("enter enter")
    try terminal.wait(for: "done: create board")
    #expect(try await ask("ZCOUNT", "board", "10.5", "10.5") == .integer(1))
    try terminal.press("R")
    try terminal.wait(for: "Rename board")
    try terminal.press("ctrl-u")
    terminal.send("a")
    try terminal.wait(for: "a exists: choose another name")
    terminal.send("2")
    try terminal.press("enter")
    try terminal.wait(for: "done: rename board to a2")
    try terminal.press("u")
    try terminal.wait(for: "undone: rename board to a2")
    #expect(try await ask("EXISTS", "board") == .integer(1))
    #expect(try await ask("EXISTS", "a2") == .integer(0))
    try terminal.press("U")
    try terminal.wait(for: "redone: rename board to a2")
    #expect(try await ask("EXISTS", "a2") == .integer(1))
    try terminal.press("J")
    try terminal.wait(for: "create board")
    try terminal.press("esc")
  }

  @Test func aFieldIsEditedAndAKeyDeletedAndBroughtBack() async throws {
    _ = try await ask("HSET", "user:7", "name", "Ada", "city", "London")
    let terminal = try open()
    try terminal.wait(for: "London")
    try terminal.press("enter j e")
    try terminal.wait(for: "Edit city of user:7")
    try terminal.press("ctrl-u")
    terminal.send("Paris")
    try terminal.press("enter")
    try terminal.wait(for: "done: edit city of user:7")
    #expect(try await ask("HGET", "user:7", "city") == .bulk("Paris"))
    try terminal.press("tab d")
    try terminal.wait(for: "Delete user:7?")
    try await confirm(terminal)
    try terminal.wait(for: "done: delete user:7")
    #expect(try await ask("EXISTS", "user:7") == .integer(0))
    try terminal.press("u")
    try terminal.wait(for: "undone: delete user:7")
    #expect(try await ask("HGET", "user:7", "city") == .bulk("Paris"))
  }

  @Test func theEditorGetsExactBytes() async throws {
    _ = try await ask("SET", "lines", "one\ntwo", "PX", "500000")
    let terminal = try open([], ["EDITOR": "sed -i s/two/three/"])
    try terminal.wait(for: "one")
    try terminal.press("e")
    try terminal.wait(for: "done: edit lines")
    #expect(try await ask("GET", "lines") == .bulk("one\nthree"))
  }

  @Test func flushingTakesTheName() async throws {
    _ = try await ask("SET", "a", "1")
    let terminal = try open()
    try terminal.wait(for: "by key")
    try terminal.wait(for: "1 key ")
    try terminal.press("F")
    try terminal.wait(for: "Flush db0: delete its only key?")
    try terminal.wait(for: "f flush without undo")
    terminal.waitUntilRead()
    try terminal.press("f")
    try terminal.wait(for: "This cannot be undone")
    terminal.waitUntilRead()
    terminal.send("db0")
    try terminal.press("enter")
    try terminal.wait(for: "flushed db0")
    #expect(try await ask("DBSIZE") == .integer(0))
  }

  @Test func readOnlySendsNothing() async throws {
    _ = try await ask("SET", "a", "1")
    let terminal = try open(["--read-only"])
    try terminal.wait(for: "READ-ONLY")
    try terminal.wait(for: "str")
    for key in ["d", "x", "e", "t", "T", "F", "u"] {
      try terminal.press(key)
      try terminal.wait(for: "read-only for this whole session")
      try terminal.press("ctrl-l")
    }
    #expect(try await ask("GET", "a") == .bulk("1"))
  }

  @Test func whatOthersDoShows() async throws {
    let terminal = try open()
    try terminal.wait(for: "no keys in db0")
    _ = try await ask("SET", "fresh", "1", "PX", "4000")
    try terminal.wait(for: "fresh", timeout: .seconds(4))
    _ = try await ask("SET", "other", "1")
    try terminal.wait(for: "other", timeout: .seconds(4))
    _ = try await ask("DEL", "other")
    try terminal.wait(untilGone: "other", timeout: .seconds(4))
    try terminal.wait(untilGone: "fresh", timeout: .seconds(8))
  }

  @Test func aServerThatGoesAndComesBack() async throws {
    let terminal = try open()
    try terminal.wait(for: "no keys in db0")
    server.end()
    try terminal.wait(for: "away")
    try server.start()
    try terminal.wait(untilGone: "away")
    #expect(terminal.emulator.failures.isEmpty)
  }

  private func confirm(_ terminal: PseudoTerminal) async throws {
    terminal.waitUntilRead()
    try terminal.press("y", until: "done: ")
  }
}
