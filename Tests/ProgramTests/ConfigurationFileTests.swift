import Glibc
import SystemIO
import TerminalCanvas
import TestSupport
import Testing

/// What a configuration file does to the program, and which files it does not believe.
@Suite struct ConfigurationFileTests {
  private let server: RedisServerProcess
  private let program: CommandProgram
  private let path: String

  init() throws {
    server = try RedisServerProcess(["--requirepass", "s3cret w/ord"])
    let folder = try CommandProgram()
    program = try CommandProgram(["XDG_CONFIG_HOME": folder.folder])
    try #require(mkdir("\(program.folder)/config", 0o700) == 0)
    path = "\(program.folder)/config/config.json5"
  }

  private func configure(_ text: String) throws {
    try program.write(Array(text.utf8), to: path)
    try #require(chmod(path, 0o600) == 0)
  }

  private func run(_ arguments: String...) throws -> Finished {
    try program.run(arguments + ["--config", path])
  }

  private var source: String { "source: 'unix://\(server.socketPath)?db=2'" }

  @Test func aProfileIsASource() throws {
    try configure(
      """
      { profiles: {
        shop: { \(source), password: 's3cret w/ord' }, // the shop
        guard: { \(source), password: 's3cret w/ord', "read-only": true },
      } }
      """)
    #expect(try run("set", "k", "v", "-u", "shop").status == 0)
    #expect(try run("get", "k", "-u", "shop").text == "v\n")
    #expect(try run("keys", "--names", "-u", "shop", "-n", "0").output.isEmpty)
    let refused = try run("set", "k", "w", "-u", "guard")
    #expect(refused.status == 3 && refused.errors.contains("read-only"))
    let unknown = try run("keys", "-u", "shp")
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("the profiles are shop, guard; is shop meant?"))
  }

  @Test func itIsFoundInItsFolder() throws {
    let home = try CommandProgram()
    let program = try CommandProgram(["XDG_CONFIG_HOME": home.folder])
    try #require(mkdir("\(home.folder)/cachescope", 0o700) == 0)
    let file = "\(home.folder)/cachescope/config.json5"
    try home.write(Array("{ theem: 'dark' }".utf8), to: file)
    try #require(chmod(file, 0o600) == 0)
    let finished = try program.run("keys")
    #expect(finished.status == 2)
    #expect(finished.errors.contains("\(file):1:3: theem: there is no such field; is theme meant?"))
  }

  @Test func filesThatOthersMayWriteAreRefused() throws {
    try configure("{}")
    #expect(try run("keys", "-p", "1").status == 4)
    try #require(chmod(path, 0o620) == 0)
    let file = try run("keys", "-p", "1")
    #expect(file.status == 2 && file.errors.contains("chmod go-w \(path)"), "\(file.errors)")
    try #require(chmod(path, 0o600) == 0)
    try #require(chmod("\(program.folder)/config", 0o777) == 0)
    let folder = try run("keys", "-p", "1")
    #expect(folder.status == 2 && folder.errors.contains("chmod go-w \(program.folder)/config"))
    try #require(chmod("\(program.folder)/config", 0o700) == 0)
    if geteuid() == 0 {
      try #require(chown(path, 12345, 12345) == 0)
      let other = try run("keys", "-p", "1")
      #expect(other.status == 2 && other.errors.contains("belongs to somebody else"))
      try #require(chown(path, 0, 0) == 0)
    }
    try #require(unlink(path) == 0 && mkdir(path, 0o700) == 0)
    #expect(try run("keys", "-p", "1").errors.contains("it is no regular file"))
  }

  @Test func aLinkCountsAsWhatItLeadsTo() throws {
    try configure("{}")
    let link = "\(program.folder)/link.json5"
    try #require(symlink(path, link) == 0)
    #expect(try program.run("keys", "-p", "1", "--config", link).status == 4)
    try #require(chmod("\(program.folder)/config", 0o770) == 0)
    #expect(try program.run("keys", "-p", "1", "--config", link).status == 2)
  }

  @Test func aPasswordCommandIsRunForEachConnection() throws {
    try configure(
      """
      { profiles: {
        rotating: { \(source),
          "password-command": "echo x >> \(program.folder)/runs; printf 's3cret w/ord\\\\nmore'" },
        wrong: { \(source), "password-command": "echo hunter2" },
        failing: { \(source), "password-command": "echo hunter2; exit 3" },
        empty: { \(source), "password-command": "true" },
        slow: { \(source), "password-command": "sleep 60", "password-seconds": 1 },
      } }
      """)
    let runs = {
      String(decoding: try FileBytes.read(path: "\(program.folder)/runs", limit: 99), as: UTF8.self)
    }
    #expect(try run("set", "k", "v", "-u", "rotating").status == 0)
    let once = try runs()
    #expect(try run("get", "k", "-u", "rotating").text == "v\n")
    #expect(try runs().count > once.count)
    for (profile, words) in [
      ("wrong", "login refused"), ("failing", "the password-command ended with status 3"),
      ("empty", "the password-command printed nothing"),
      ("slow", "the password-command took longer than 1 s"),
    ] {
      let finished = try run("get", "k", "-u", profile)
      #expect(finished.status == 4 && finished.output.isEmpty)
      #expect(finished.errors.contains(words), "\(finished.errors)")
      #expect(!finished.errors.contains("hunter2"))
      // The server is not what is wrong.
      #expect(!finished.errors.contains("is the server running"))
    }
  }

  @Test func aPasswordIsInNoCommandLine() throws {
    try configure(
      """
      { profiles: { spy: { \(source), "password-command":
        "cat /proc/[0-9]*/cmdline > \(program.folder)/lines; printf 's3cret w/ord'" } } }
      """)
    #expect(try run("keys", "-u", "spy").status == 0)
    let lines = try FileBytes.read(path: "\(program.folder)/lines", limit: 16 << 20)
    // The server that the test started has it in its own, and the command that the test wrote.
    let own = String(decoding: lines, as: UTF8.self).replacing("\0", with: " ")
    #expect(!own.contains("-a s3cret") && own.contains("--config"))
  }

  @Test func productionNeedsItsName() throws {
    try configure(
      """
      { profiles: { shop: { \(source), password: 's3cret w/ord', production: true } } }
      """)
    #expect(try run("set", "k", "v", "-u", "shop").status == 0)
    let url = "unix://:s3cret%20w%2Ford@\(server.socketPath)?db=2"
    for source in ["shop", url] {
      let yes = try run("flush", "--yes", "-u", source)
      #expect(yes.status == 3 && yes.errors.contains("--confirm db2 confirms it, --yes does not"))
      let wrong = try run("flush", "--confirm", "db0", "-u", source, "--json")
      #expect(wrong.status == 3 && wrong.errors.contains("\"kind\":\"refused\""))
      let names = (0...100).map { "k\($0)" }
      let many = try program.run(["del", "-u", source, "--config", path] + names)
      #expect(many.status == 3 && many.errors.contains("this deletes 101 keys of db2"))
    }
    #expect(try run("get", "k", "-u", "shop").text == "v\n")
    // One key needs no name, neither to be deleted nor to be taken back.
    #expect(try run("del", "k", "-u", "shop").status == 0)
    #expect(try run("undo", "-u", "shop").status == 0)
    #expect(try run("set", "l", "v", "-u", "shop").status == 0)
    #expect(try run("del", "k", "l", "-u", "shop").status == 0)
    let several = try run("undo", "-u", "shop")
    #expect(several.status == 3 && several.errors.contains("takes back the change of 2 keys"))
    #expect(try run("undo", "-u", "shop", "--confirm", "db2").status == 0)
    #expect(try run("del", "l", "-u", "shop").status == 0)
    #expect(try run("flush", "--confirm", "db2", "-u", "shop").text == "deleted 1 key of db2\n")
  }

  @Test func theViewAndTheSeparatorsAreTaken() throws {
    try configure(
      """
      { profiles: {
        tree: { \(source), password: 's3cret w/ord', separators: "|" },
        list: { \(source), password: 's3cret w/ord', view: "list" },
      } }
      """)
    #expect(try run("set", "app|user|1", "v", "-u", "tree").status == 0)
    #expect(try run("set", "app|user|2", "v", "-u", "tree").status == 0)
    #expect(try run("set", "a:b", "v", "-u", "tree").status == 0)
    #expect(try run("snapshot", "-u", "tree").text.contains("▾ user/"))
    #expect(try run("snapshot", "-u", "tree", "--separator", ":").text.contains("▾ a/"))
    let list = try run("snapshot", "-u", "list").text
    #expect(list.contains("│  a:b ") && list.contains("│  app|user|2 "))
  }

  /// A profile that is turned to brings its own view and theme; one without says what the whole does.
  @Test func aProfileThatIsTurnedToBringsItsLook() throws {
    try configure(
      """
      { separators: "|", profiles: {
        tree: { \(source), password: 's3cret w/ord', separators: ":" },
        plain: { \(source), password: 's3cret w/ord', view: "list", theme: "mono" },
        usual: { \(source), password: 's3cret w/ord' },
      } }
      """)
    #expect(try run("set", "a:b", "v", "--ttl", "50s", "-u", "tree").status == 0)
    #expect(try run("set", "c|d", "v", "-u", "tree").status == 0)
    let tree = try run("snapshot", "-u", "tree").text
    #expect(tree.contains("▾ a/") && !tree.contains("!0:"))
    let plain = try run("snapshot", "-u", "tree", "--keys", "c p l a i n enter").text
    #expect(plain.contains("│  a:b ") && plain.contains(" !0:"), "\(plain)")
    let usual = try run("snapshot", "-u", "plain", "--keys", "c u s u a l enter").text
    #expect(usual.contains("▾ c/") && !usual.contains("!0:"), "\(usual)")
    let given = try run(
      "snapshot", "-u", "plain", "--separator", ":", "--keys", "c u s u a l enter")
    #expect(given.text.contains("▾ a/"), "\(given.text)")
  }

  @Test func theExplorerShowsItAndTakesItsKeys() throws {
    try configure(
      """
      {
        theme: "light", keys: { moveDown: ["alt-j", "down"] },
        profiles: { shop: { \(source), password: 's3cret w/ord', production: true, colour: "red" } },
      }
      """)
    for size in ["60x15", "80x24", "120x36"] {
      let finished = try run("snapshot", "-u", "shop", "--size", size)
      #expect(finished.status == 0)
      #expect(finished.text.contains("■ shop") && finished.text.contains("PRODUCTION"), "\(size)")
      #expect(finished.text.contains("READ-ONLY"))
    }
    #expect(try run("set", "a", "1", "-u", "shop").status == 0)
    #expect(try run("set", "b", "2", "-u", "shop").status == 0)
    let moved = try run("snapshot", "-u", "shop", "--size", "120x36", "--keys", "alt-j")
    #expect(moved.lines.contains { $0.contains("┐┌ b ") }, "\(moved.text)")
    let still = try run("snapshot", "-u", "shop", "--size", "120x36", "--keys", "j")
    #expect(still.lines.contains { $0.contains("┐┌ a ") }, "\(still.text)")
  }
}
