import TerminalCanvas
import TestSupport
import Testing

/// The four people for whom the program is, each from opening it to being done, on a real server, a
/// real engine and a real terminal.
@Suite(.timeLimit(.minutes(5)))
struct UserStoryTests {
  private func open(_ source: CommandSource, _ arguments: [String] = []) throws -> PseudoTerminal {
    try open(source.program, ["-s", source.socketPath] + arguments)
  }

  private func open(_ program: CommandProgram, _ arguments: [String] = []) throws -> PseudoTerminal
  {
    try PseudoTerminal(
      BuiltProgram.path("cachescope"), arguments,
      environment: program.environment.merging(["TERM": "xterm-256color"]) { $1 },
      size: ScreenSize(columns: 120, rows: 36))
  }

  /// The developer whose page shows old data: find the key among the others, see what is stored,
  /// expire it, watch it come back fresh.
  @Test func thePageThatShowsOldData() throws {
    let source = try CommandSource(.redis)
    for number in 1...40 {
      try source.redis("setex", ":1:product:\(number)", "900", "{\"price\": \(number)}")
    }
    try source.redis("setex", ":1:product:77", "86400", "{\"price\": 10, \"name\": \"old tea\"}")
    let terminal = try open(source)
    try terminal.wait(for: "41 keys")
    try terminal.press("/")
    terminal.send("product:77")
    try terminal.press("enter")
    try terminal.press("g j j j")
    try terminal.wait(for: "old tea")
    try terminal.wait(for: "ttl 23h 59m")
    try terminal.press("x", until: "Expire :1:product:77?")
    try confirm(terminal, "done: expire :1:product:77")
    #expect(try source.redis("exists", ":1:product:77") == "0")
    // The application misses, and stores what is true now.
    try source.redis("setex", ":1:product:77", "900", "{\"price\": 12, \"name\": \"new tea\"}")
    try terminal.wait(for: "new tea")
    try terminal.wait(for: "ttl 14:5")
    try leave(terminal)
    #expect(try source.redis("dbsize") == "41")
  }

  /// The engineer on call: the hit ratio fell; see since when; be safe while looking; find the
  /// prefix; act; take it back.
  @Test func theHitRatioThatFell() throws {
    let source = try CommandSource(.redis)
    for number in 1...20 {
      try source.redis("set", "page:\(number)", "<html>")
      try source.redis("setex", "session:\(number)", "3600", "s")
    }
    let terminal = try open(source)
    try terminal.wait(for: "40 keys")
    try terminal.press("!")
    try terminal.wait(for: "READ-ONLY")
    for number in 1...20 { try source.redis("get", "session:\(number)") }
    try terminal.wait(for: "hit 100%")
    for number in 1...60 { try source.redis("get", "page:gone:\(number)") }
    try terminal.press("2")
    try terminal.wait(for: "Hits and misses")
    try terminal.wait("a ratio below one half") { screen in
      let header = screen.lines.first ?? ""
      guard let place = header.ranges(of: "hit ").first else { return false }
      let ratio = header[place.upperBound...].prefix { $0.isNumber || $0 == "." }
      return Double(ratio).map { $0 < 50 } ?? false
    }
    try terminal.press("1")
    try terminal.wait(for: "page/")
    try terminal.press("g")
    try terminal.wait(for: "folder · 20 keys")
    try terminal.press("d")
    try terminal.wait(for: "read-only: ! asks to allow changes")
    try terminal.press("!")
    try terminal.wait(for: "Allow changes again?")
    try confirm(terminal, "changes are allowed again")
    // Keys without an end are what fills it: give the whole prefix one.
    try terminal.press("t", until: "Set the TTL of 20 keys in page:")
    terminal.send("10m")
    try terminal.press("enter")
    try terminal.wait(for: "Set the TTL of 20 keys in page:* to 10m?")
    try confirm(terminal, "20  have the new TTL")
    for number in [1, 20] {
      let left = try #require(Int(try source.redis("ttl", "page:\(number)")))
      #expect(left > 500 && left <= 600)
    }
    let session = try #require(Int(try source.redis("ttl", "session:1")))
    #expect(session > 3000)
    terminal.waitUntilRead()
    try terminal.press("u", until: "20 of 20 taken back")
    #expect(try source.redis("ttl", "page:1") == "-1")
    try leave(terminal)
  }

  /// The owner of a cache bill: what fills the memory, what has no TTL, and be rid of it.
  @Test func theMemoryThatIsFull() throws {
    let source = try CommandSource(.redis)
    for number in 1...30 { try source.redis("setex", "user:\(number)", "3600", "small") }
    let large = [UInt8](repeating: 0x78, count: 400_000)
    for number in 1...5 { try source.redis("-x", "set", "report:\(number)", input: large) }
    let terminal = try open(source)
    try terminal.wait(for: "35 keys")
    try terminal.press("s s")
    try terminal.wait(for: "by size")
    try terminal.press("g")
    // The folder that takes the most comes first, with what it takes.
    try terminal.wait(for: "folder · 5 keys")
    try terminal.wait("the bytes of report/ in its row") { screen in
      screen.lines.contains { $0.contains("report/") && $0.contains("MB") }
    }
    try terminal.press("g", until: "folder · 5 keys")
    try terminal.press("d", until: "Delete 5 keys in report:*?")
    try confirm(terminal, "5  deleted")
    #expect(try source.redis("dbsize") == "30")
    terminal.waitUntilRead()
    try terminal.press("u", until: "5 of 5 taken back")
    #expect(try source.redis("strlen", "report:5") == "400000")
    try leave(terminal)
  }

  /// The developer with no server at hand: one word opens a cache that an application can use at
  /// once, and that outlives the screen.
  @Test func noServerAtHand() throws {
    let program = try CommandProgram()
    let socket = program.folder + "/cachescope/default.sock"
    func application(_ arguments: String...) throws -> String {
      try program.execute("/usr/bin/redis-cli", ["-s", socket] + arguments).text.trimmed()
    }
    let terminal = try open(program)
    try terminal.wait(for: "applications connect to unix://\(socket)")
    try terminal.wait(for: "cachescope --demo")
    #expect(try application("setex", "cart:7", "120", "[\"tea\"]") == "OK")
    #expect(try application("rpush", "queue:mail", "first", "second") == "2")
    try terminal.wait(for: "2 keys")
    try terminal.wait(for: "cart/")
    try terminal.press("v")
    try terminal.wait(for: "queue:mail")
    try terminal.press("g", until: "\"tea\"")
    try terminal.press("e", until: "Edit cart:7")
    try terminal.press("ctrl-u")
    terminal.send("[\"tea\",\"cup\"]")
    try terminal.press("enter")
    try terminal.wait(for: "done: edit cart:7")
    #expect(try application("get", "cart:7") == "[\"tea\",\"cup\"]")
    let left = try #require(Int(try application("ttl", "cart:7")))
    #expect(left > 0 && left <= 120)
    try terminal.press("q")
    try terminal.wait(for: "Keep the engine running?")
    terminal.waitUntilRead()
    try terminal.press("enter")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftovers.isEmpty)
    #expect(try application("lrange", "queue:mail", "0", "-1") == "first\nsecond")
    try EngineProcesses.end(of: program)
  }

  private func confirm(_ terminal: PseudoTerminal, _ done: String) throws {
    terminal.waitUntilRead()
    try terminal.press("y", until: done)
  }

  private func leave(_ terminal: PseudoTerminal) throws {
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftovers.isEmpty && terminal.emulator.failures.isEmpty)
  }
}
