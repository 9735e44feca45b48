import Glibc
import SystemIO
import TerminalCanvas
import TestSupport
import Testing

/// `commands.log` and the view of it.
@Suite struct CommandLogTests {
  private func log(_ program: CommandProgram) throws -> [Substring] {
    let path = program.folder + "/state/cachescope/commands.log"
    let bytes = try FileBytes.read(path: path, limit: 1 << 20)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  @Test func everyWriteOfACommandHasALineWithoutItsValue() throws {
    let source = try CommandSource(.redis)
    #expect(try source.run("set", "app:\u{1}one", "a secret", "--ttl", "60").status == 0)
    #expect(try source.run("get", "app:\u{1}one").status == 0)
    #expect(try source.run("del", "app:\u{1}one").status == 0)
    let lines = try log(source.program)
    #expect(lines.count == 2)
    #expect(lines.first?.contains(#" SET "app:\x01one" "#) == true)
    #expect(lines.last?.contains(#" UNLINK "app:\x01one" 0 B"#) == true)
    #expect(!lines.joined().contains("secret"))
  }

  /// A profile that wants nothing left on the disk has no name of a key there either.
  @Test func withoutAJournalNoKeyIsNamed() throws {
    let source = try CommandSource(.redis)
    let file = source.program.folder + "/off.json5"
    let text =
      "{ profiles: { off: { source: 'unix://\(source.socketPath)', journal: 'off' } } }"
    try source.program.write(Array(text.utf8), to: file)
    try #require(chmod(file, 0o600) == 0)
    for arguments in [["set", "my:key", "v1"], ["del", "my:key"]] {
      let done = try source.program.run(arguments + ["-u", "off", "--config", file])
      #expect(done.status == 0 && done.text.hasSuffix("my:key (cannot be undone)\n"))
    }
    let lines = try log(source.program)
    #expect(lines.first?.contains(" SET 1 key ") == true)
    #expect(lines.last?.hasSuffix(" UNLINK 1 key 0 B") == true)
    #expect(!lines.joined().contains("my:"))
  }

  @Test func theScreenShowsWhatWasSent() throws {
    let source = try CommandSource(.engine)
    try source.redis("set", "lines", "one two", "EX", "1000")
    let terminal = try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", source.socketPath],
      environment: source.program.environment.merging(["TERM": "xterm-256color"]) { $1 },
      size: ScreenSize(columns: 120, rows: 36))
    try terminal.wait(for: "one two")
    try terminal.press("@")
    try terminal.wait(for: "nothing has been written to this source yet")
    try terminal.press("\u{1B}", until: "enter open")
    try terminal.press("T", until: "done: remove the TTL")
    try terminal.press("@")
    try terminal.wait(for: "PERSIST  lines")
  }

  @Test func theDemoLeavesNoLogBehind() throws {
    let program = try CommandProgram()
    _ = try program.run("snapshot", "--demo", "--write", "--size", "80x24", "--keys", "T")
    #expect(throws: Errno.self) { try log(program) }
  }
}
