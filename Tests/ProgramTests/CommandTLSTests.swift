import SystemIO
import TestSupport
import Testing

/// TLS by the command line, by profiles and in the explorer.
@Suite(.timeLimit(.minutes(5))) struct CommandTLSTests {
  private let certificates: TestCertificates
  private let program: CommandProgram

  init() throws {
    certificates = try TestCertificates.shared()
    program = try CommandProgram()
  }

  private func url(_ server: RedisServerProcess, _ host: String = "localhost") -> String {
    "rediss://\(host):\(server.port)/3"
  }

  /// A configuration, by its text; answers the option that names it.
  private func configured(_ text: String) throws -> [String] {
    let path = "\(program.folder)/config.json5"
    try FileBytes.writeOwnerOnly(path: path, Array(text.utf8), replacing: true)
    return ["--config", path]
  }

  @Test func everyWayOfSayingItReachesTheServer() throws {
    let server = try RedisServerProcess(["--requirepass", "p@ss"], tls: .init(wantsClients: true))
    let kit = certificates
    let client = ["--cert", kit.certificate("client"), "--key", kit.key("client"), "-a", "p@ss"]
    let authority = ["--cacert", kit.authority]
    #expect(try program.run(["set", "k", "v", "-u", url(server)] + authority + client).status == 0)
    let profile = """
      { profiles: { cache: { source: "redis://localhost:\(server.port)/3", tls: true,
        cacert: "\(kit.authority)", cert: "\(kit.certificate("client"))",
        key: "\(kit.key("client"))", password: "p@ss" } } }
      """
    let ways = [
      ["-u", url(server, "127.0.0.1")] + authority + client,
      ["-u", url(server, "[::1]")] + authority + client,
      ["-u", url(server), "--cacertdir", kit.folder + "/authorities"] + client,
      ["-h", "localhost", "-p", String(server.port), "-n", "3", "--tls"] + authority + client,
      ["-u", "redis://localhost:\(server.port)/3", "--tls"] + authority + client,
      ["-u", url(server), "--insecure"] + client,
      ["-u", url(server), "--sni", "127.0.0.1"] + authority + client,
      ["-u", "cache"] + (try configured(profile)),
    ]
    for way in ways {
      let finished = try program.run(["get", "k"] + way)
      #expect(finished.text == "v\n" && finished.status == 0, "\(way) \(finished.errors)")
    }
    withExtendedLifetime(server) {}
  }

  static let doubts: [(certificate: String, words: String)] = [
    ("expired", "expired on 2020-02-01; renew it"), ("self", "signed its certificate itself; name"),
    ("other-name", "is not for localhost but for cache.example, 10.0.0.1; connect by a name in it"),
    ("foreign", "signed by an unknown authority; name the authority's certificate with --cacert"),
  ]

  @Test(arguments: doubts)
  func aServerThatIsNotBelievedIsNoConnection(_ certificate: String, _ words: String) throws {
    let server = try RedisServerProcess(tls: .init(certificate))
    let finished = try program.run(
      "get", "k", "-u", url(server), "--cacert", certificates.authority, "--json")
    #expect(finished.status == 4 && finished.output.isEmpty)
    #expect(finished.errors.contains("\"kind\":\"connection\""))
    #expect(finished.errors.contains(words), "\(finished.errors)")
    withExtendedLifetime(server) {}
  }

  @Test func filesThatAreNotRightAreToldWithoutAskingAnybody() throws {
    let server = try RedisServerProcess(tls: .init(wantsClients: true))
    let kit = certificates
    let cases: [(options: [String], words: String)] = [
      ([], "the server wants a certificate of the client; name one"),
      (["--cert", kit.certificate("client"), "--key", kit.key("locked")], "has a pass phrase"),
      (["--cert", kit.certificate("client"), "--key", kit.key("server")], "is not that of the"),
      (["--cert", "/nonexistent"], "/nonexistent cannot be read"),
    ]
    for (options, words) in cases {
      let finished = try program.run(
        ["get", "k", "-u", url(server), "--cacert", kit.authority] + options)
      #expect(finished.status == 4 && finished.output.isEmpty)
      #expect(finished.errors.contains(words), "\(finished.errors)")
    }
    withExtendedLifetime(server) {}
  }

  @Test func plainTextIsNeverTheWayOut() throws {
    let plain = try RedisServerProcess()
    let toPlain = try program.run(
      "get", "k", "-u", "rediss://localhost:\(plain.port)", "--cacert", certificates.authority)
    #expect(toPlain.status == 4 && toPlain.errors.contains("does not speak TLS"))
    let encrypted = try RedisServerProcess(tls: .init())
    let fromPlain = try program.run("get", "k", "-u", "redis://localhost:\(encrypted.port)")
    #expect(fromPlain.status == 4 && fromPlain.errors.contains("rediss:// or --tls"))
    withExtendedLifetime((plain, encrypted)) {}
  }

  @Test func copiesBetweenBoth() throws {
    let plain = try RedisServerProcess()
    let encrypted = try RedisServerProcess(tls: .init())
    let from = "unix://\(plain.socketPath)"
    #expect(try program.run("set", "k", "v", "-u", from).status == 0)
    let authority = ["--cacert", certificates.authority]
    let there = try program.run(["copy", from, url(encrypted)] + authority)
    #expect(there.status == 0, "\(there.errors)")
    let back = try program.run(
      ["copy", url(encrypted), from + "?db=5"] + authority)
    #expect(back.status == 0, "\(back.errors)")
    #expect(try program.run("get", "k", "-u", from, "-n", "5").text == "v\n")
    withExtendedLifetime((plain, encrypted)) {}
  }

  @Test func whatWasChangedOverTLSIsLoggedAndTakenBack() throws {
    let server = try RedisServerProcess(tls: .init())
    let way = ["-u", url(server), "--cacert", certificates.authority]
    #expect(try program.run(["set", "k", "v"] + way).status == 0)
    #expect(try program.run(["del", "k"] + way).status == 0)
    // The same server by another way: the journal goes by what it is, not by its address.
    let undone = try program.run("undo", "-s", server.socketPath, "-n", "3")
    #expect(undone.status == 0, "\(undone.errors)")
    #expect(try program.run(["get", "k"] + way).text == "v\n")
    let log = try FileBytes.read(
      path: program.folder + "/state/cachescope/commands.log", limit: 1 << 20)
    let text = String(decoding: log, as: UTF8.self)
    #expect(text.contains("\(url(server)) UNLINK \"k\""), "\(text)")
    withExtendedLifetime(server) {}
  }

  // MARK: The explorer

  private func header(_ arguments: [String]) throws -> String {
    let finished = try program.run(
      ["snapshot", "--size", "160x24", "--wait", "2"] + arguments)
    return finished.lines.first ?? finished.errors
  }

  @Test func theHeaderSaysWhatProtectsTheConnection() throws {
    let server = try RedisServerProcess(tls: .init("self"))
    let place = "localhost:\(server.port)/3"
    let verified = try header(["-u", url(server), "--cacert", certificates.certificate("self")])
    #expect(verified.contains(place) && verified.contains(" TLS ●"), "\(verified)")
    let unverified = try header(["-u", url(server), "--insecure"])
    #expect(unverified.contains("TLS unverified ●"), "\(unverified)")
    let refused = try header(["-u", url(server)])
    #expect(refused.contains("○ refused"), "\(refused)")
    withExtendedLifetime(server) {}
  }

  @Test func aProfileWithTLSIsTurnedTo() throws {
    let plain = try RedisServerProcess()
    let encrypted = try RedisServerProcess(tls: .init())
    let config = try configured(
      """
      { profiles: { shop: { source: "\(url(encrypted))", cacert: "\(certificates.authority)",
        colour: "red" } } }
      """)
    let keys = ["--keys", "c s h o p enter"]
    let shown = try header(["-s", plain.socketPath] + config + keys)
    #expect(shown.contains("■ shop") && shown.contains(" TLS ●"), "\(shown)")
    // And to another database of it, with everything that the profile says of the way.
    let again = try header(["-u", "shop"] + config + ["--keys", "c 7 enter"])
    #expect(again.contains("/7") && again.contains(" TLS ●"), "\(again)")
    withExtendedLifetime((plain, encrypted)) {}
  }
}
