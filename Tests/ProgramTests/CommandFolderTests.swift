import Glibc
import SystemIO
import TerminalCanvas
import TestSupport
import Testing

/// What the program leaves in its folder and on a full disk.
@Suite struct CommandFolderTests {
  private func names(_ program: CommandProgram) -> Set<String> {
    Set(FolderEntries.names(in: program.folder + "/cachescope", limit: 100))
  }

  private func make(_ program: CommandProgram, _ name: String, daysAgo: Int) throws {
    try program.execute(
      "/usr/bin/touch", ["-d", "\(daysAgo) days ago", program.folder + "/cachescope/" + name])
  }

  @Test func accountsOfServersLongGoneAreRemoved() throws {
    let source = try CommandSource(.engine)
    #expect(try source.run("stats").status == 0)
    let own = try #require(names(source.program).first { $0.hasPrefix("lookups-") })
    for (name, days) in [(own, 90), ("lookups-old", 31), ("lookups-young", 29), ("notes", 90)] {
      try make(source.program, name, daysAgo: days)
    }
    #expect(try source.run("stats").status == 0)
    let left = names(source.program)
    #expect(left.contains(own) && left.contains("lookups-young") && left.contains("notes"))
    #expect(!left.contains("lookups-old"))
  }

  @Test func nothingOfAnEditStaysBehind() throws {
    let source = try CommandSource(.engine)
    try source.redis("set", "lines", "one two")
    let folder = source.program.folder + "/cachescope"
    // What a process that died left: a folder with a backup in it. And one that is in use.
    let alive = "edit-\(getpid())"
    for name in ["edit-99999999", alive] {
      try source.program.execute("/bin/mkdir", ["\(folder)/\(name)"])
      try make(source.program, "\(name)/value.txt~", daysAgo: 0)
    }
    let lock = try OwnerOnlyFolder.lock(path: "\(folder)/\(alive)")
    defer { _ = lock.raw }
    let environment = source.program.environment.merging(
      ["TERM": "xterm-256color", "EDITOR": "sed -i~ s/two/three/"]) { $1 }
    let terminal = try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", source.socketPath], environment: environment,
      size: ScreenSize(columns: 120, rows: 36))
    try terminal.wait(for: "one two")
    try terminal.press("E")
    try terminal.wait(for: "done: edit lines")
    #expect(try source.redis("get", "lines") == "one three")
    #expect(names(source.program).filter { $0.hasPrefix("edit-") } == [alive])
    try terminal.press("q")
    #expect(try terminal.waitForEnd() == .exited(0))
  }

  @Test(arguments: ["snapshot --demo --wait 0", "--help", "--version", "keys --help"])
  func whatCannotBeWrittenIsAFailure(_ words: String) throws {
    let program = try CommandProgram()
    let finished = try program.execute(
      "/bin/sh", ["-c", "exec \"$0\" \(words) >/dev/full", BuiltProgram.path("cachescope")])
    #expect(finished.status == 1)
    #expect(finished.errors.contains("standard output: No space left"), "\(finished.errors)")
  }
}
