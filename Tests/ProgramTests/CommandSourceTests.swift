import Glibc
import TestSupport
import Testing

/// Which source a command line reaches, as whom, and what is said when it cannot be reached.
@Suite struct CommandSourceTests {
  @Test func passwordsComeFromEverywhere() throws {
    let server = try RedisServerProcess(["--requirepass", "p@ss/w%rd"])
    let port = String(server.port)
    let program = try CommandProgram()
    let url = "redis://:p%40ss%2Fw%25rd@127.0.0.1:\(port)/3"
    #expect(try program.run("set", "k", "v", "-u", url).status == 0)
    let ways = [
      ["-u", url], ["-u", "redis://:p@ss%2Fw%25rd@127.0.0.1:\(port)/3"],
      ["-p", port, "-a", "p@ss/w%rd", "-n", "3"],
      ["-s", server.socketPath, "-a", "p@ss/w%rd", "-n3"],
      ["-u", "unix://:p%40ss%2Fw%25rd@\(server.socketPath)?db=3"],
      ["-h", "localhost", "-p", port, "--pass", "p@ss/w%rd", "--db", "3", "--user", "default"],
    ]
    for way in ways where !way.contains("-n3") {
      let finished = try program.run(["get", "k"] + way)
      #expect(finished.text == "v\n", "\(way) \(finished.errors)")
    }
    let fromEnvironment = try CommandProgram(["REDISCLI_AUTH": "p@ss/w%rd"])
    #expect(try fromEnvironment.run("get", "k", "-p", port, "-n", "3").text == "v\n")
    let both = try CommandProgram(["CACHESCOPE_URL": url])
    #expect(try both.run("get", "k").text == "v\n")
    #expect(try both.run("keys", "-n", "0", "--names").output.isEmpty)
  }

  @Test func aPasswordThatIsNotNeededIsToldAndNotUsed() throws {
    for kind in CommandSource.Kind.allCases {
      let source = try CommandSource(kind)
      try source.redis("set", "k", "v")
      let socket = ["-s", source.socketPath]
      let given = try CommandProgram(["REDISCLI_AUTH": "secret"])
      for (program, way) in [(given, socket), (source.program, socket + ["-a", "secret"])] {
        let finished = try program.run(["get", "k"] + way)
        #expect(finished.status == 0 && finished.text == "v\n", "\(finished.errors)")
        #expect(finished.errors.contains("the server has no password"))
        #expect(!finished.errors.contains("secret"))
      }
    }
  }

  @Test func aRefusedLoginIsNoConnection() throws {
    let server = try RedisServerProcess(["--requirepass", "right"])
    let program = try CommandProgram()
    for way in [["-a", "hunter2"], [], ["--user", "anna", "-a", "hunter2"]] {
      let finished = try program.run(["keys", "-s", server.socketPath] + way)
      #expect(finished.status == 4 && finished.output.isEmpty)
      #expect(finished.errors.contains("login refused"), "\(finished.errors)")
      #expect(!finished.errors.contains("hunter2"))
    }
    let engine = try program.run("keys", "-s", server.socketPath, "-a", "right", "-n", "99")
    #expect(engine.status == 4 && engine.errors.contains("no such database"))
  }

  @Test func anACLUserIsEnough() throws {
    let server = try RedisServerProcess()
    let program = try CommandProgram()
    let path = server.socketPath
    try program.execute(
      "/usr/bin/redis-cli",
      ["-s", path, "acl", "setuser", "anna", "on", ">secret", "~app:*", "+@read", "+@connection"])
    try program.execute("/usr/bin/redis-cli", ["-s", path, "set", "app:1", "v"])
    let anna = ["-s", path, "--user", "anna", "-a", "secret"]
    #expect(try program.run(["get", "app:1"] + anna).text == "v\n")
    let refused = try program.run(["del", "app:1", "--json"] + anna)
    #expect(refused.status == 1 && refused.errors.contains("\"kind\":\"server\""))
    #expect(try program.run(["get", "other"] + anna).status == 1)
  }

  @Test func nobodyListens() throws {
    let program = try CommandProgram()
    for way in [["-p", "1"], ["-s", "/nonexistent/redis.sock"], ["-u", "redis://[::1]:1"]] {
      let finished = try program.run(["keys", "--json"] + way)
      #expect(finished.status == 4 && finished.output.isEmpty)
      #expect(finished.errors.contains("{\"error\":{\"kind\":\"connection\""))
    }
    let name = try program.run("keys", "-h", "no-such-host.invalid")
    #expect(name.status == 4 && name.errors.contains("no-such-host.invalid"))
  }

  @Test func whatIsNoRedisIsToldApart() throws {
    let program = try CommandProgram()
    let server = try LineServer("HTTP/1.1 400 Bad Request\r\n\r\n")
    let finished = try program.run("keys", "-p", String(server.port))
    #expect(finished.status == 4, "\(finished.errors)")
    #expect(!finished.errors.isEmpty)
  }

  @Test func withoutASourceItIsTheEngine() throws {
    let program = try CommandProgram()
    let missing = try program.run("keys")
    #expect(missing.status == 4)
    #expect(missing.errors.contains("no built-in engine is running; cachescope serve starts one"))
    let engine = try ServeProcess(program)
    #expect(try program.run("set", "k", "v").status == 0)
    #expect(try program.run("get", "k", "-u", "engine:").text == "v\n")
    let other = try ServeProcess(program, ["-u", "engine:blog"])
    #expect(try program.run("keys", "-u", "engine:blog").output.isEmpty)
    engine.end()
    other.end()
    #expect(try program.run("keys", "-u", "engine:blog").errors.contains("-u engine:blog"))
  }

  @Test func aFolderOpenToOthersIsRefused() throws {
    let program = try CommandProgram()
    try #require(mkdir(program.folder + "/cachescope", 0o755) == 0)
    try #require(chmod(program.folder + "/cachescope", 0o755) == 0)
    let finished = try program.run("keys")
    #expect(finished.status == 4 && finished.errors.contains("chmod 700"))
    #expect(try program.run("serve").status == 1)
  }
}

/// A server that answers everything with one text.
private final class LineServer: Sendable {
  let port: UInt16
  private let listener: CInt

  init(_ answer: String) throws {
    let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutableBytes(of: &address) { room in
      let place = room.assumingMemoryBound(to: sockaddr.self).baseAddress
      return bind(listener, place, size) == 0 && listen(listener, 8) == 0
        && getsockname(listener, place, &size) == 0
    }
    try #require(bound)
    port = UInt16(bigEndian: address.sin_port)
    self.listener = listener
    let bytes = Array(answer.utf8)
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Answering(listener: listener, bytes: bytes))
    pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Answering>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, box.toOpaque())
    pthread_detach(thread)
  }

  deinit {
    shutdown(listener, CInt(SHUT_RDWR))
  }

  private final class Answering: Sendable {
    let listener: CInt
    let bytes: [UInt8]

    init(listener: CInt, bytes: [UInt8]) {
      self.listener = listener
      self.bytes = bytes
    }

    func run() {
      while case let client = accept(listener, nil, nil), client >= 0 {
        _ = bytes.withUnsafeBytes {
          send(client, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
        }
        var room = [UInt8](repeating: 0, count: 4096)
        _ = recv(client, &room, room.count, 0)
        close(client)
      }
      close(listener)
    }
  }
}
