import Glibc
import SystemIO
import TerminalCanvas
import TestSupport
import Testing

/// The person's editor: what it is given, what it may leave behind, and what becomes of the value.
@Suite(.timeLimit(.minutes(5)))
struct ExternalEditorTests {
  private let source: CommandSource
  private var folder: String { source.program.folder }

  init() throws {
    source = try CommandSource(.engine)
    try source.redis("set", "lines", "one\ntwo")
  }

  private func open(
    _ variables: [String: String], socket: String? = nil
  ) throws -> PseudoTerminal {
    let standard = ["TERM": "xterm-256color", "HOME": folder]
    let environment = source.program.environment.merging(standard) { $1 }
      .merging(variables) { $1 }
    let terminal = try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", socket ?? source.socketPath],
      environment: environment,
      size: ScreenSize(columns: 120, rows: 36))
    try terminal.wait(for: "two")
    return terminal
  }

  /// A shell script as an editor; the file is its last argument, `$f`.
  private func script(_ text: String, named name: String = "editor") throws -> String {
    let path = "\(folder)/\(name)"
    try source.program.write(
      Array("#!/bin/sh\nfor f; do :; done\n\(text)\n".utf8), to: path)
    try source.program.execute("/bin/chmod", ["700", path])
    return path
  }

  private func lines(_ name: String) throws -> [String] {
    let bytes = try FileBytes.read(path: "\(folder)/\(name)", limit: 1 << 20)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private func leftovers() -> [String] {
    FolderEntries.names(in: "\(folder)/cachescope", limit: 100).filter { $0.hasPrefix("edit-") }
  }

  @Test func onlyTheOwnerMayLook() throws {
    let editor = try script(
      "umask 0; stat -c %a \"$f\" \"${f%/*}\" >\(folder)/rights; sed -i s/two/three/ \"$f\"")
    let terminal = try open(["EDITOR": editor])
    try terminal.press("e")
    try terminal.wait(for: "done: edit lines")
    #expect(try lines("rights") == ["600", "700"])
    #expect(try source.redis("get", "lines") == "one\nthree")
    #expect(leftovers().isEmpty)
  }

  @Test func secretsStayHere() throws {
    let secrets = [
      "REDISCLI_AUTH": "1", "CACHESCOPE_URL": "engine:x", "REDIS_URL": "redis://a", "MY_TOKEN": "1",
      "DB_PASSWORD": "1", "aws_secret_key": "1", "DATABASE_URL": "postgres://me:pw@host/db",
    ]
    let editor = try script("env >\(folder)/env")
    let server = try RedisServerProcess(["--requirepass", "1"])
    try source.program.execute(
      "/usr/bin/redis-cli", ["-s", server.socketPath, "-a", "1", "set", "lines", "one\ntwo"])
    let variables = secrets.merging(["EDITOR": editor, "EDITOR_STYLE": "x"]) { $1 }
    let terminal = try open(variables, socket: server.socketPath)
    try terminal.press("e")
    try terminal.wait(for: "unchanged: nothing was sent")
    let names = try lines("env").map { $0.prefix { $0 != "=" } }
    for name in secrets.keys { #expect(!names.contains { $0 == name }, "\(name)") }
    #expect(names.contains("EDITOR_STYLE") && names.contains("PATH") && names.contains("TERM"))
  }

  @Test func visualComesFirstWithItsArguments() throws {
    let editor = try script("echo \"$#\" \"$1\" \"$2\" >\(folder)/args")
    let terminal = try open(["VISUAL": "\(editor) -w 'a b'", "EDITOR": "false"])
    try terminal.press("e")
    try terminal.wait(for: "unchanged: nothing was sent")
    #expect(try lines("args") == ["3 -w a b"])
  }

  /// Editors that are known by their names, links followed, get what keeps them from making copies.
  @Test(arguments: [
    ("vim", "-n -i NONE --cmd"), ("nvim", "-n -i NONE --cmd"), ("vim.tiny", "-n -i NONE --cmd"),
    ("emacs", "--eval (setq make-backup-files nil"), ("nano", "-R"), ("joe", "-nobackups"),
    ("micro", "-backup false"), ("other", ""),
  ])
  func copiesAreSwitchedOff(_ name: String, _ arguments: String) throws {
    _ = try script("echo \"$*\" >\(folder)/args", named: name)
    try source.program.execute("/bin/ln", ["-s", "\(folder)/\(name)", "\(folder)/vi"])
    let terminal = try open(["EDITOR": "env LC_ALL=C vi -x", "PATH": "\(folder):/usr/bin:/bin"])
    try terminal.press("e")
    try terminal.wait(for: "unchanged: nothing was sent")
    #expect(try lines("args")[0].hasPrefix("-x \(arguments)"))
  }

  @Test(arguments: [
    ("nosuch-editor", "nosuch-editor was not found; set $VISUAL or $EDITOR"),
    ("sh -c 'exit 3'", "ended with status 3"), ("sh -c 'kill -KILL $$'", "ended by signal 9"),
    ("rm", "rm: No such file"),
  ])
  func anEditorThatFailsChangesNothing(_ editor: String, _ sentence: String) throws {
    let terminal = try open(["EDITOR": editor])
    try terminal.press("e")
    try terminal.wait(for: "nothing was sent")
    #expect(terminal.screen.contains(sentence), "\(terminal.screen)")
    #expect(try source.redis("get", "lines") == "one\ntwo")
    #expect(leftovers().isEmpty)
  }

  /// The program is killed in the middle of an edit: the next start overwrites what is left.
  @Test func theNextStartSweeps() throws {
    let editor = try script("cp \"$f\" \"$f~\"; echo EDITING; read x")
    let terminal = try open(["EDITOR": editor])
    try terminal.press("e")
    try terminal.wait(for: "EDITING")
    let folder = try #require(leftovers().first)
    let copy = Glibc.open("\(self.folder)/cachescope/\(folder)/value.txt~", O_RDONLY)
    defer { close(copy) }
    // Another start meanwhile takes nothing away.
    let other = try open([:])
    #expect(leftovers() == [folder])
    try other.press("q")
    _ = try other.waitForEnd()
    terminal.signal(SIGKILL)
    #expect(try terminal.waitForEnd() == .killed(signal: SIGKILL))
    #expect(leftovers() == [folder])
    let next = try open([:])
    #expect(leftovers().isEmpty)
    var bytes = [UInt8](repeating: 1, count: 100)
    #expect(read(copy, &bytes, bytes.count) == 7)
    #expect(bytes.prefix(7).allSatisfy { $0 == 0 })
    try next.press("q")
    _ = try next.waitForEnd()
  }

  /// Real vims and vis, with settings that would leave copies everywhere and obey the text.
  @Test(arguments: ["vim", "vim.tiny", "nvim", "vi", "nvi"])
  func realEditorsLeaveNothing(_ editor: String) throws {
    guard ProgramLookup.file(of: editor, path: "/usr/bin:/bin") != nil else { return }
    try source.redis("set", "lines", "one\ntwo vim: set fileformat=dos:")
    let traps = "\(folder)/traps"
    for name in ["traps", ".config", ".config/nvim"] {
      try source.program.execute("/bin/mkdir", ["-p", "\(folder)/\(name)"])
    }
    let settings = """
      set nocompatible
      set modeline modelines=5
      set backup writebackup backupdir=\(traps)
      set directory=\(traps) swapfile updatecount=1
      set undofile undodir=\(traps)
      set viminfo='100,n\(traps)/info

      """
    for name in [".vimrc", ".config/nvim/init.vim"] {
      try source.program.write(Array(settings.utf8), to: "\(folder)/\(name)")
    }
    let terminal = try open(["EDITOR": editor])
    try terminal.press("e")
    try terminal.wait("the editor") { $0.lines.contains { $0 == "one" } }
    terminal.send("othree\u{1B}")
    try terminal.wait("the text") { $0.lines.contains { $0 == "three" } }
    #expect(FolderEntries.names(in: traps, limit: 10).isEmpty)
    #expect(FolderEntries.names(in: "/var/tmp/vi.recover", limit: 10).isEmpty)
    terminal.send(":wq\r")
    try terminal.wait(for: "done: edit lines")
    #expect(try source.redis("get", "lines") == "one\nthree\ntwo vim: set fileformat=dos:")
    #expect(FolderEntries.names(in: traps, limit: 10).isEmpty)
    #expect(leftovers().isEmpty)
  }
}
