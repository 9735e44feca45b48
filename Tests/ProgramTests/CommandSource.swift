import TestSupport
import Testing

/// A source for commands: a redis-server or the built-in engine, each empty and of its own.
final class CommandSource: Sendable {
  enum Kind: CaseIterable, Sendable {
    case redis, engine
  }

  let program: CommandProgram
  let kind: Kind
  private let server: RedisServerProcess?
  private let engine: ServeProcess?

  init(_ kind: Kind) throws {
    self.kind = kind
    switch kind {
    case .redis:
      let server = try RedisServerProcess()
      self.server = server
      engine = nil
      program = try CommandProgram(["CACHESCOPE_URL": "unix://\(server.socketPath)"])
    case .engine:
      server = nil
      program = try CommandProgram()
      engine = try ServeProcess(program)
    }
  }

  var socketPath: String {
    server?.socketPath ?? program.folder + "/cachescope/default.sock"
  }

  /// Runs cachescope on the source.
  func run(_ arguments: String..., input: [UInt8] = []) throws -> Finished {
    try program.run(arguments, input: input)
  }

  /// What another client is answered.
  @discardableResult
  func redis(_ arguments: String..., input: [UInt8] = []) throws -> String {
    let path = "/usr/bin/redis-cli"
    return try program.execute(path, ["-s", socketPath] + arguments, input: input).text
      .trimmed()
  }
}

extension String {
  /// Without the line ends at its end.
  func trimmed() -> String {
    var rest = self[...]
    while rest.last == "\n" { rest.removeLast() }
    return String(rest)
  }
}
