import SystemIO
import TestSupport
import Testing

/// `Resources/` holds what the program's tables give, and shells understand it. After a change of
/// commands, options, actions or keys `.ci/generate` writes the files anew.
@Suite struct GeneratedTests {
  static let files = [
    ("bash", "completions/cachescope.bash"), ("zsh", "completions/_cachescope"),
    ("fish", "completions/cachescope.fish"), ("man", "cachescope.1"), ("config", "config.json5"),
  ]

  private static func path(_ name: String) -> String {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(root)/Resources/\(name)"
  }

  @Test(arguments: files.indices)
  func filesAreWhatTheTablesGive(_ row: Int) throws {
    let (name, file) = Self.files[row]
    let printed = try CommandProgram().run("__print", name)
    #expect(printed.status == 0)
    let bytes = try FileBytes.read(path: Self.path(file), limit: 1 << 20)
    #expect(printed.output == bytes, "Resources/\(file) is not up to date: run .ci/generate")
  }

  @Test func theSampleIsAConfiguration() throws {
    let program = try CommandProgram()
    let path = "\(program.folder)/config.json5"
    try FileBytes.writeOwnerOnly(
      path: path, try FileBytes.read(path: Self.path("config.json5"), limit: 1 << 20))
    try program.execute("/bin/chmod", ["700", program.folder])
    let finished = try program.run("snapshot", "--demo", "--config", path, "--wait", "0")
    #expect(finished.status == 0, "\(finished.errors)")
  }

  static let completions = [
    ("cachescope k", "keys"), ("cachescope keys --so", "--source --socket --sort"),
    ("cachescope keys --sort ", "key ttl size idle type"), ("cachescope --theme = d", "dark"),
    ("cachescope -u redis://h:1 keys --lim", "--limit"), ("cachescope --seed = 7 ge", "get"),
    ("cachescope get -- --r", ""), ("cachescope keys -u s", "shop"), ("cachescope sh", "shop"),
    ("cachescope get k --r", "--read-only --raw"),
  ]

  @Test(arguments: completions.indices)
  func bashCompletes(_ row: Int) throws {
    let (line, expected) = Self.completions[row]
    let home = try CommandProgram()
    try home.execute("/bin/mkdir", ["-m", "700", "\(home.folder)/cachescope"])
    try FileBytes.writeOwnerOnly(
      path: "\(home.folder)/cachescope/config.json5",
      Array("{ profiles: { shop: { source: 'engine:' } } }".utf8))
    let built = BuiltProgram.path("cachescope").split(separator: "/").dropLast()
    let program = try CommandProgram([
      "XDG_CONFIG_HOME": home.folder, "PATH": "/\(built.joined(separator: "/")):/usr/bin:/bin",
    ])
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
      .map { "'\($0)'" }.joined(separator: " ")
    let script = """
      source \(Self.path("completions/cachescope.bash"))
      COMP_WORDS=(\(words)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _cachescope; echo "${COMPREPLY[*]}"
      """
    let finished = try program.execute("/bin/bash", ["-c", script])
    #expect(finished.text == expected + "\n", "\(finished.errors)")
    #expect(finished.errors.isEmpty)
  }
}
