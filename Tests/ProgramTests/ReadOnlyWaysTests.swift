import Glibc
import TerminalCanvas
import TestSupport
import Testing

/// Each way to be read-only, and each way to try to change something all the same: the server counts
/// what arrives.
@Suite(.timeLimit(.minutes(5))) struct ReadOnlyWaysTests {
  /// The keys that change something, with the names by which the program refuses them.
  private static let changes = [
    ("d", "delete"), ("W", "delete, watch"), ("x", "expire"), ("e", "edit"), ("E", "editor"),
    ("t", "ttl"), ("T", "persist"), ("a", "add"), ("R", "rename"), ("C", "copy"), ("F", "flush"),
    ("u", "undo"), ("U", "redo"),
  ]

  private static let forGood = "read-only for this whole session"

  private func makeSource() throws -> CommandSource {
    let source = try CommandSource(.redis)
    try source.redis("set", "shop:a", "1")
    try source.redis("config", "resetstat")
    return source
  }

  private func open(_ source: CommandSource, _ arguments: [String]) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      BuiltProgram.path("cachescope"), arguments,
      environment: source.program.environment.merging(["TERM": "xterm-256color"]) { $1 },
      size: ScreenSize(columns: 120, rows: 36))
    try terminal.wait(for: "1 key")
    return terminal
  }

  /// The commands that write, by the server's own list, which were carried out since the figures
  /// were reset.
  private func writes(_ source: CommandSource) throws -> [String] {
    let writing = Set(try source.redis("acl", "cat", "write").split(separator: "\n"))
    #expect(writing.contains("unlink") && writing.count > 80)
    return try source.redis("info", "commandstats").split(whereSeparator: \.isNewline)
      .compactMap { line in
        guard line.hasPrefix("cmdstat_"), !line.contains("calls=0,usec=0,") else { return nil }
        let name = line.dropFirst(8).prefix { $0 != ":" }
        return writing.contains(name) ? String(name) : nil
      }
  }

  private func tryEverything(
    _ terminal: PseudoTerminal, _ source: CommandSource, _ reason: String
  ) throws {
    for (key, name) in Self.changes {
      try terminal.press(key, until: "\(name): \(reason)")
    }
    // And from within the value, and by the palette.
    try terminal.press("j j enter", until: "string")
    try terminal.press("d", until: "delete: \(reason)")
    #expect(try writes(source).isEmpty)
    #expect(try source.redis("get", "shop:a") == "1")
  }

  @Test func theOption() throws {
    let source = try makeSource()
    let terminal = try open(source, ["-s", source.socketPath, "--read-only"])
    try tryEverything(terminal, source, Self.forGood)
    try terminal.press("!", until: "start again without --read-only")
    try terminal.press("d", until: "delete: \(Self.forGood)")
  }

  @Test func theProfile() throws {
    let source = try makeSource()
    let path = "\(source.program.folder)/config.json5"
    let text =
      "{ profiles: { guard: { source: 'unix://\(source.socketPath)', \"read-only\": true } } }"
    try source.program.write(Array(text.utf8), to: path)
    try #require(chmod(path, 0o600) == 0)
    let terminal = try open(source, ["--config", path, "-u", "guard"])
    try tryEverything(terminal, source, Self.forGood)
    try terminal.press("!", until: "the profile guard says so")
    try terminal.press("d", until: "delete: \(Self.forGood)")
  }

  @Test func theKey() throws {
    let source = try makeSource()
    let terminal = try open(source, ["-s", source.socketPath])
    try terminal.press("!", until: "READ-ONLY")
    try tryEverything(terminal, source, "read-only: ! asks to allow changes")
  }

  /// A user that may only read: the program says so in the server's words where the change is tried,
  /// and `!` is no way around it.
  @Test func theServersOwnRights() throws {
    let source = try makeSource()
    try source.redis("acl", "setuser", "viewer", "on", ">word", "~*", "&*", "+@all", "-@write")
    let terminal = try open(source, ["-s", source.socketPath, "--user", "viewer", "-a", "word"])
    try terminal.press("j", until: "string")
    try terminal.press("d", until: "Delete shop:a?")
    terminal.waitUntilRead()
    try terminal.press("y", until: "NOPERM")
    #expect(try writes(source).isEmpty)
    try terminal.press("!", until: "READ-ONLY")
    try terminal.press("!", until: "Allow changes again?")
    terminal.waitUntilRead()
    try terminal.press("y", until: "changes are allowed again")
    try terminal.press("d", until: "Delete shop:a?")
    terminal.waitUntilRead()
    try terminal.press("y", until: "NOPERM")
    #expect(try writes(source).isEmpty)
    #expect(try source.redis("get", "shop:a") == "1")
  }

  @Test func scripts() throws {
    let source = try makeSource()
    let changing = [
      ["set", "shop:a", "2"], ["expire", "shop:a", "5m"], ["persist", "shop:a"],
      ["del", "shop:a"], ["del", "--match", "shop:*", "--yes"], ["flush", "--yes"],
    ]
    for arguments in changing {
      let finished = try source.program.run(arguments + ["--read-only"])
      #expect(finished.status != 0 && finished.output.isEmpty, "\(arguments)")
      #expect(finished.status == 3 || finished.errors.contains("--match"), "\(finished.errors)")
    }
    #expect(try writes(source).isEmpty)
    #expect(try source.run("set", "shop:a", "2").status == 0)
    #expect(try writes(source).contains("set"), "the count sees what arrives")
  }
}
