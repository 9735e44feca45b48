import SystemIO
import TestSupport
import Testing

/// Users who may do little, and other ways in: what is not allowed is told where it would be, and the
/// rest works.
@Suite(.timeLimit(.minutes(5))) struct CommandRightsTests {
  /// A server with keys, and a user who may do nothing but GET and SCAN.
  private func limited() throws -> (RedisServerProcess, CommandProgram, [String]) {
    let server = try RedisServerProcess(
      ["--aclfile", "@/users.acl"],
      files: [
        "users.acl": """
        user default on nopass ~* &* +@all
        user reader on >p@ss ~* -@all +get +scan

        """
      ])
    let program = try CommandProgram()
    for command in [["set", "app:page", "<b>hello</b>"], ["hset", "app:basket", "f", "v"]] {
      try program.execute("/usr/bin/redis-cli", ["-s", server.socketPath] + command)
    }
    return (server, program, ["-u", "unix://reader:p%40ss@\(server.socketPath)"])
  }

  @Test func whoMayDoNothingButGETAndSCANStillReads() throws {
    let (server, program, way) = try limited()
    #expect(try program.run(["keys", "--names", "--match", "*page"] + way).text == "app:page\n")
    let listed = try program.run(["keys", "--json"] + way).objects()
    #expect(listed.count == 2 && listed.allSatisfy { $0["type"] == nil && $0["ttl_ms"] == nil })
    let value = try program.run(["get", "app:page", "--json"] + way)
    #expect(try value.object()["value"] == .text("<b>hello</b>"), "\(value.errors)")
    #expect(try value.object()["ttl_ms"] == nil)
    let hash = try program.run(["get", "app:basket"] + way)
    #expect(hash.status == 1 && hash.errors.contains("NOPERM"))
    #expect(try program.run(["get", "nothing"] + way).status == 1)
    withExtendedLifetime(server) {}
  }

  @Test func whatTheRightsForbidIsToldAndNotDone() throws {
    let (server, program, way) = try limited()
    for words in [
      ["del", "app:page"], ["set", "app:page", "x"], ["expire", "app:page", "5m"],
      ["flush", "--yes"], ["invalidate", "--match", "app:*", "--yes"],
    ] {
      let finished = try program.run(words + way)
      #expect(finished.status == 1 && finished.errors.contains("NOPERM"), "\(words) \(finished)")
    }
    let kept = try program.execute("/usr/bin/redis-cli", ["-s", server.socketPath, "dbsize"])
    #expect(kept.text.trimmed() == "2")
    let elsewhere = try program.run(["keys", "-n", "3"] + way)
    #expect(elsewhere.status == 4 && elsewhere.errors.contains("cannot choose a database"))
    #expect(!elsewhere.errors.contains("askpass"))
    withExtendedLifetime(server) {}
  }

  @Test func theExplorerWorksWithTheRest() throws {
    let (server, program, way) = try limited()
    let picture = try program.run(
      ["snapshot", "--size", "120x24", "--wait", "2", "--keys", "G"] + way
    ).text
    #expect(picture.contains("2 keys") && picture.contains("app/"), "\(picture)")
    #expect(picture.contains("<b>hello</b>"), "\(picture)")
    let stats = try program.run(
      ["snapshot", "--size", "120x24", "--wait", "2", "--keys", "2"] + way
    ).text
    #expect(stats.contains("n/a"), "\(stats)")
    withExtendedLifetime(server) {}
  }

  @Test func aWrongPasswordIsNotTakenForNone() throws {
    let server = try RedisServerProcess(["--requirepass", "right"])
    let program = try CommandProgram()
    let wrong = try program.run("keys", "-s", server.socketPath, "-a", "wrong")
    #expect(wrong.status == 4 && wrong.errors.contains("the password that was given is not right"))
    #expect(!wrong.errors.contains("--askpass"))
    let none = try program.run("keys", "-s", server.socketPath)
    #expect(none.status == 4 && none.errors.contains("--askpass"))
    withExtendedLifetime(server) {}
  }

  // MARK: Other ways in

  private func configured(_ program: CommandProgram, _ profile: String) throws -> [String] {
    let path = "\(program.folder)/config.json5"
    let text = "{ profiles: { cache: { \(profile) } } }"
    try FileBytes.writeOwnerOnly(path: path, Array(text.utf8), replacing: true)
    return ["-u", "cache", "--config", path]
  }

  @Test func anAddressOfIPv6LeadsThere() throws {
    let server = try RedisServerProcess(["--requirepass", "p@ss"])
    let program = try CommandProgram()
    let port = String(server.port)
    #expect(
      try program.run("set", "k", "v", "-u", "redis://:p%40ss@[::1]:\(port)/1").status == 0)
    #expect(
      try program.run("get", "k", "-h", "::1", "-p", port, "-a", "p@ss", "-n", "1").text == "v\n")
    withExtendedLifetime(server) {}
  }

  @Test func aProfilesTunnelIsTheConnection() throws {
    let server = try RedisServerProcess(["--requirepass", "p@ss"], tls: .init())
    let program = try CommandProgram()
    let open = "exec 3<>/dev/tcp/127.0.0.1/\(server.port)"
    let tunnel = "exec bash -c '\(open); cat <&3 & cat >&3; kill $!'"
    let authority = try TestCertificates.shared().authority
    // Verified by the name that is meant, whatever leads there.
    let way = try configured(
      program,
      """
      source: "rediss://localhost:1/2", cacert: "\(authority)", tunnel: "\(tunnel)",
      "password-command": "echo p@ss"
      """)
    #expect(try program.run(["set", "k", "v"] + way).status == 0)
    #expect(try program.run(["get", "k"] + way).text == "v\n")
    let broken = try configured(
      program, "source: 'redis://localhost:1', tunnel: 'echo no route >&2; exit 1'")
    let finished = try program.run(["get", "k"] + broken)
    #expect(finished.status == 4 && finished.errors.contains("the tunnel ended: no route"))
    withExtendedLifetime(server) {}
  }
}
