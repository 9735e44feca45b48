import Glibc
import TestSupport
import Testing

@Suite struct CommandServeTests {
  private func rights(_ path: String) -> UInt32? {
    var facts = stat()
    return lstat(path, &facts) == 0 ? facts.st_mode & 0o777 : nil
  }

  @Test(arguments: ["TERM", "INT"])
  func servesUntilASignal(_ signal: String) throws {
    let program = try CommandProgram()
    let socket = program.folder + "/cachescope/default.sock"
    let engine = try ServeProcess(program, ["--port", "0"])
    #expect(engine.readyLine == "ready redis://127.0.0.1:\(engine.port) unix://\(socket)")
    #expect(rights(socket) == 0o600)
    #expect(rights(program.folder + "/cachescope") == 0o700)
    #expect(try program.run("set", "k", "v", "-p", engine.port).status == 0)
    let other = try program.execute("/usr/bin/redis-cli", ["-p", engine.port, "get", "k"])
    #expect(other.text == "v\n")
    let second = try program.run("serve")
    #expect(second.status == 1 && second.errors.contains("serve -u engine:NAME runs another one"))
    #expect(engine.end(by: signal) == 0)
    #expect(rights(socket) == nil)
  }

  @Test func listensWhereItIsTold() throws {
    let program = try CommandProgram()
    let path = program.folder + "/own.sock"
    let engine = try ServeProcess(program, ["--unix", path, "--maxclients", "5"])
    #expect(engine.readyLine == "ready unix://\(path)")
    #expect(rights(program.folder + "/cachescope") == nil)
    #expect(try program.run("keys", "-s", path).status == 0)
    try program.write([], to: program.folder + "/file")
    let missing = try program.run("serve", "--unix", program.folder + "/file/x.sock")
    #expect(missing.status == 1 && missing.errors.contains("there is no folder"))
    let mistyped = try program.run("serve", "--unix", program.folder + "/fodler/x.sock")
    #expect(mistyped.status == 1 && mistyped.errors.contains("mkdir -m 700"))
    #expect(rights(program.folder + "/fodler") == nil)
    engine.end()
  }

  @Test func aPortThatIsTakenIsNamed() throws {
    let program = try CommandProgram()
    let engine = try ServeProcess(program, ["--port", "0"])
    let second = try program.run("serve", "--port", engine.port)
    #expect(second.status == 1)
    #expect(second.errors.contains("cannot listen on 127.0.0.1:\(engine.port): Address already"))
    engine.end()
  }

  @Test func othersNeedAPassword() throws {
    let program = try CommandProgram()
    let open = try program.run("serve", "--port", "0", "--bind", "0.0.0.0")
    #expect(open.status == 2 && open.errors.contains("without a password"))
    let file = program.folder + "/password"
    try program.write(Array("secret\n".utf8), to: file)
    let engine = try ServeProcess(
      program, ["--port", "0", "--bind", "0.0.0.0", "--password-file", file])
    #expect(try program.run("keys", "-p", engine.port).status == 4)
    #expect(try program.run("keys", "-p", engine.port, "-a", "secret").status == 0)
    #expect(try program.run("keys", "-u", "engine:", "-a", "secret").status == 0)
    engine.end()
    try program.write([0x0A], to: file)
    #expect(try program.run("serve", "--password-file", file).status == 2)
  }
}
