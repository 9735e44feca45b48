import Glibc
import SystemIO
import TerminalCanvas
import TestSupport
import Testing

/// Everything of a database, and everything of a tag, on a real terminal and a real server: looked at,
/// deleted and taken back, key by key as it was.
@Suite(.timeLimit(.minutes(5)))
struct WholeDatabaseStoryTests {
  private let server: RedisServerProcess
  private let program: CommandProgram

  init() throws {
    server = try RedisServerProcess()
    program = try CommandProgram(["CACHESCOPE_URL": "unix://\(server.socketPath)"])
  }

  private func open(_ arguments: String...) throws -> PseudoTerminal {
    try PseudoTerminal(
      BuiltProgram.path("cachescope"),
      arguments.isEmpty ? ["-s", server.socketPath] : arguments,
      environment: program.environment.merging(["TERM": "xterm-256color"]) { $1 },
      size: ScreenSize(columns: 120, rows: 36))
  }

  @discardableResult
  private func redis(_ arguments: String...) throws -> String {
    try program.execute("/usr/bin/redis-cli", ["-s", server.socketPath] + arguments).text.trimmed()
  }

  private func fill(_ lines: String) throws {
    let script = program.folder + "/lines"
    let file = try GrowingFile(creating: script)
    try file.write(Array((lines + "\n").utf8))
    _ = try program.execute(
      "/bin/sh", ["-c", "/usr/bin/redis-cli -s '\(server.socketPath)' < '\(script)'"])
    GrowingFile.remove(script)
  }

  /// Every key with its value in the server's own form, and when it expires.
  private func contents() throws -> [String: String] {
    var contents: [String: String] = [:]
    for key in try redis("keys", "*").split(separator: "\n").map(String.init) {
      contents[key] = try redis("dump", key) + " " + redis("pexpiretime", key)
    }
    return contents
  }

  private static let everyKind = """
    SET app:text hello EX 86399
    HSET app:user name ada age 36
    RPUSH app:queue a b a c
    SADD app:set 1 2 3
    ZADD app:scores 1.5 one 2 two
    XADD app:log 5-1 field value
    SET other stays
    """

  private func typeDatabase(_ terminal: PseudoTerminal) throws {
    try terminal.wait(for: "Type db0")
    terminal.waitUntilRead()
    terminal.send("db0")
    try terminal.press("enter")
  }

  // MARK: The database

  @Test func aFlushIsTakenBackAndNotWhatCameBefore() throws {
    try fill(Self.everyKind)
    try redis("-n", "3", "set", "elsewhere", "1")
    let terminal = try open()
    try terminal.wait(for: "7 keys")
    // An earlier change, which `u` must not take for the flush.
    try terminal.press("G", until: "│ stays")
    try terminal.press("d", until: "Delete other?")
    terminal.waitUntilRead()
    try terminal.press("y", until: "done: delete other")
    let before = try contents()
    #expect(before.count == 6)
    try terminal.press("F", until: "Flush db0: delete all 6 keys?")
    try terminal.wait(for: "u takes it back, the journal keeps about")
    terminal.waitUntilRead()
    try terminal.press("y")
    try typeDatabase(terminal)
    try terminal.wait(for: "6  deleted")
    #expect(try redis("dbsize") == "0" && redis("-n", "3", "dbsize") == "1")
    terminal.waitUntilRead()
    try terminal.press("u", until: "6 of 6 taken back: flush db0")
    #expect(try contents() == before)
    try terminal.wait(for: "undo 1")
    try terminal.press("U", until: "6 of 6 redone: flush db0")
    #expect(try redis("dbsize") == "0")
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    // A script takes the same change back.
    let undone = try program.execute(BuiltProgram.path("cachescope"), ["undo"])
    #expect(undone.status == 0, "\(undone.errors)")
    let after = try contents()
    #expect(after == before, "\(undone.text)\(after.keys.sorted())")
  }

  @Test func whatCannotBeKeptIsFlushedOnlyByChoice() throws {
    try fill(Self.everyKind)
    let path = program.folder + "/profiles.json5"
    let file = try GrowingFile(creating: path)
    try file.write(
      Array(
        "{ profiles: { shop: { source: 'unix://\(server.socketPath)', journal: 'keys' } } }".utf8))
    let terminal = try open("-u", "shop", "--config", path)
    try terminal.wait(for: "7 keys")
    try terminal.press("F", until: "cannot be undone: the profile has names alone kept")
    try terminal.wait(for: "f flush without undo")
    terminal.waitUntilRead()
    #expect(!terminal.screen.contains("y flush"))
    try terminal.press("y", until: "f flushes without")
    #expect(try redis("dbsize") == "7")
    terminal.waitUntilRead()
    try terminal.press("f", until: "This cannot be undone.")
    try typeDatabase(terminal)
    try terminal.wait(for: "flushed db0: 7 keys deleted · cannot be undone")
    #expect(try redis("dbsize") == "0")
  }

  // MARK: Tags

  private func openTag(_ terminal: PseudoTerminal, _ name: String, _ title: String) throws {
    try terminal.press("#", until: "ctrl-x invalidates")
    terminal.send(name)
    try terminal.wait(for: "› \(name)")
    try terminal.press("ctrl-x", until: title)
    try terminal.wait(for: "y invalidate")
    terminal.waitUntilRead()
  }

  @Test func theKeysOfATagGoWithItsSetAndComeBackWithIt() throws {
    try fill(
      """
      SETEX shop_0a1b:one 86399 a
      SETEX shop_0a1b:two 86399 b
      SET shop_77ff:three c
      ZADD shop_tag:posts:entries 1999999999 0a1b:one 1999999999 0a1b:two
      ZADD shop_tag:user:7:entries -1 77ff:three
      """)
    let before = try contents()
    let terminal = try open()
    try terminal.wait(for: "5 keys")
    try openTag(terminal, "posts", "Invalidate laravel:posts: delete 2 keys?")
    try terminal.wait(for: "By the rule of Laravel")
    try terminal.press("y", until: "2  deleted")
    try terminal.wait(for: "1  changed that keep the tag")
    #expect(Set(try contents().keys) == ["shop_77ff:three", "shop_tag:user:7:entries"])
    terminal.waitUntilRead()
    try terminal.press("u", until: "taken back: invalidate laravel:posts")
    #expect(try contents() == before)
  }

  @Test func aCounterCountsAndComesBack() throws {
    try fill(
      """
      SET site:cachetags:node:1 4
      SET site:cachetags:config 9
      HSET site:page:/a cid /a tags "node:1 config" checksum 13 data x
      """)
    let before = try contents()
    let terminal = try open()
    try terminal.wait(for: "3 keys")
    try openTag(terminal, "node", "Invalidate drupal:node:1?")
    try terminal.press("y", until: "1  changed that keep the tag")
    #expect(try redis("get", "site:cachetags:node:1") == "5")
    #expect(try redis("exists", "site:page:/a") == "1")
    terminal.waitUntilRead()
    try terminal.press("u", until: "undone: invalidate drupal:node:1")
    #expect(try contents() == before)
  }
}
