import Glibc
import SystemIO
import TerminalCanvas
import TestSupport
import Testing

/// An action on many keys on a real terminal and a real server: looked at, carried out, held,
/// cancelled, taken back, saved as a script.
@Suite(.timeLimit(.minutes(5)))
struct PlanStoryTests {
  private let server: RedisServerProcess
  private let program: CommandProgram

  init() throws {
    server = try RedisServerProcess()
    program = try CommandProgram(["CACHESCOPE_URL": "unix://\(server.socketPath)"])
  }

  private func open(_ size: ScreenSize = ScreenSize(columns: 120, rows: 36)) throws
    -> PseudoTerminal
  {
    try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", server.socketPath],
      environment: program.environment.merging(["TERM": "xterm-256color"]) { $1 }, size: size)
  }

  @discardableResult
  private func redis(_ arguments: String...) throws -> String {
    try program.execute("/usr/bin/redis-cli", ["-s", server.socketPath] + arguments).text.trimmed()
  }

  private func fill(_ prefix: String, _ count: Int, ttl: Int = 86_399) throws {
    try redis(
      "eval",
      "for i = 1, tonumber(ARGV[2]) do redis.call('set', ARGV[1] .. i, 'value ' .. i, 'ex', ARGV[3]) end",
      "0", prefix, "\(count)", "\(ttl)")
  }

  /// Opens the plan of a key on the first folder.
  private func openPlan(
    _ terminal: PseudoTerminal, _ key: String, folder: String, _ title: String
  ) throws {
    try terminal.press("g", until: folder)
    try terminal.press(key, until: title)
    terminal.waitUntilRead()
  }

  private func typeDatabase(_ terminal: PseudoTerminal) throws {
    try terminal.press("y")
    try terminal.wait(for: "Type db0")
    terminal.send("db0")
    terminal.waitUntilRead()
    try terminal.press("enter")
  }

  @Test func aPrefixIsLookedAtDeletedAndTakenBack() throws {
    try fill("app:user:", 2400)
    try fill("app:page:", 600)
    try redis("set", "other", "x")
    let terminal = try open()
    try openPlan(terminal, "d", folder: "folder · 3,000 keys", "Delete 3,000 keys in app:*?")
    try terminal.wait("the figures of the plan") { screen in
      let text = screen.lines.joined(separator: "\n")
      return text.contains("23h 59m") && text.contains("u takes it back, the journal keeps about")
        && text.contains("app:user:*") && text.contains("2,400") && text.contains("string")
        && text.contains("KB")
    }
    // Enter is Cancel.
    try terminal.press("enter")
    try terminal.wait(untilGone: "Delete 3,000 keys")
    #expect(try redis("dbsize") == "3001")
    try openPlan(terminal, "d", folder: "folder · 3,000 keys", "Delete 3,000 keys in app:*?")
    try typeDatabase(terminal)
    try terminal.wait(for: "3,000  deleted")
    #expect(try redis("dbsize") == "1")
    terminal.waitUntilRead()
    try terminal.press("u", until: "3,000 of 3,000 taken back: delete 3,000 keys in app:*")
    #expect(try redis("dbsize") == "3001")
    #expect(try redis("get", "app:user:77") == "value 77")
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftovers.isEmpty && terminal.emulator.failures.isEmpty)
  }

  /// How many keys there are once the batch under way is through and what was expired has gone: the
  /// same at 25 looks, as nothing tells when a busy machine has come so far.
  private func settledCount() throws -> Int {
    var (last, same) = (-1, 0)
    while same < 25 {
      let now = try #require(Int(try redis("dbsize")))
      same = now == last ? same + 1 : 0
      last = now
      usleep(100_000)
    }
    return last
  }

  @Test func itIsHeldLeftComeBackToAndCancelled() throws {
    try fill("k:", 60_000)
    let terminal = try open()
    try openPlan(terminal, "x", folder: "folder · 60,000 keys", "Expire 60,000 keys in k:*?")
    try typeDatabase(terminal)
    try terminal.wait(for: "keys/s")
    try terminal.press("p")
    try terminal.wait(for: "held: nothing more is sent")
    try terminal.press("\u{1B}", until: "P shows it")
    let left = try settledCount()
    #expect(left > 0)
    try terminal.press("P", until: "held: nothing more is sent")
    #expect(Int(try redis("dbsize")) == left)
    try terminal.press("ctrl-c")
    try terminal.wait(for: "It was cancelled.")
    #expect(Int(try redis("dbsize")) == left)
    terminal.waitUntilRead()
    try terminal.press("u", until: "taken back: expire 60,000 keys in k:*")
    #expect(try redis("dbsize") == "60000")
  }

  @Test func aServerThatGoesLeavesATrueReport() throws {
    try fill("k:", 60_000)
    let terminal = try open()
    try openPlan(terminal, "d", folder: "folder · 60,000 keys", "Delete 60,000 keys in k:*?")
    try typeDatabase(terminal)
    try terminal.wait(for: "p hold")
    try terminal.press("p")
    try terminal.wait(for: "held: nothing more is sent")
    server.end()
    try terminal.press("p")
    try terminal.wait(for: "It ended early:")
    try terminal.wait(for: "not done")
  }

  @Test func aFolderIsRenamedAndTakenBack() throws {
    try fill("old:", 50)
    try redis("set", "young:7", "mine")
    let terminal = try open()
    try terminal.press("g", until: "folder · 50 keys")
    try terminal.press("R", until: "Rename 50 keys in old:*")
    try terminal.press("ctrl-u")
    terminal.send("young:")
    try terminal.wait(for: "becomes young:")
    try terminal.press("enter")
    try terminal.wait(for: "Rename 50 keys in old:* to young:*?")
    try terminal.wait(for: "The new name of 1 of them is taken")
    terminal.waitUntilRead()
    try terminal.press("y", until: "49  renamed")
    #expect(try redis("get", "young:7") == "mine")
    #expect(try redis("exists", "old:7", "old:8") == "1")
    #expect(try redis("get", "young:8") == "value 8")
    terminal.waitUntilRead()
    try terminal.press("u", until: "49 of 49 taken back")
    #expect(try redis("get", "old:8") == "value 8")
    #expect(try redis("exists", "young:8") == "0")
  }

  @Test func aPlanIsSavedAndRunWithSh() throws {
    try fill("it's [a] *:", 40)
    try fill("it's [a] x:", 3)
    let path = program.folder + "/expire them.sh"
    let terminal = try open()
    try openPlan(terminal, "t", folder: "folder · 40 keys", "Set the TTL of 40 keys")
    terminal.send("10m")
    try terminal.press("enter")
    try terminal.wait(for: "to 10m?")
    terminal.waitUntilRead()
    try terminal.press("S", until: "Save the plan as a script")
    try terminal.press("ctrl-u")
    terminal.send(path)
    try terminal.press("enter")
    try terminal.wait(for: "saved: sh ")
    // A file that is there is left alone.
    try terminal.press("S", until: "Save the plan as a script")
    try terminal.press("ctrl-u")
    terminal.send(path)
    try terminal.press("enter")
    try terminal.wait(for: "exists: choose another")
    #expect(try redis("ttl", "it's [a] *:7") != "600")
    let binary = BuiltProgram.path("cachescope")
    let folder = String(binary[..<(binary.lastIndex(of: "/") ?? binary.endIndex)])
    let done = try program.execute(
      "/usr/bin/env", ["PATH=\(folder):/usr/bin:/bin", "/bin/sh", path])
    #expect(done.status == 0, "\(done.errors)")
    #expect(try (590...600).contains(Int(redis("ttl", "it's [a] *:7")) ?? 0))
    #expect(try (86_000...86_399).contains(Int(redis("ttl", "it's [a] x:1")) ?? 0))
    let rights = try program.execute("/usr/bin/stat", ["-c", "%a", path]).text.trimmed()
    #expect(rights == "600")
  }
}
