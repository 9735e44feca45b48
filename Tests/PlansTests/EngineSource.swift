import CacheBackends
import CacheModel
import CacheServer
import Plans
import RESP
import TestSupport

/// An engine in this process, a backend on it, and another client.
struct EngineSource {
  let host: EngineHost
  let backend: RedisBackend
  let other: any RESPChannel
  let keeper = ScriptedKeeper()
  let source: SourceDescription

  init(_ decorate: (any RESPChannel) -> any RESPChannel = { $0 }) async throws {
    host = try EngineHost(configuration: EngineConfiguration())
    try host.start()
    other = host.channel(database: 0)
    backend = RedisBackend(
      over: decorate(host.channel(database: 0)), address: "engine", database: 0)
    source = try await backend.open()
  }

  /// Runs a test on a fresh one.
  static func with(
    _ decorate: (any RESPChannel) -> any RESPChannel = { $0 },
    _ body: (EngineSource) async throws -> Void
  ) async throws {
    let source = try await EngineSource(decorate)
    try await body(source)
    await source.backend.close()
    await source.host.stop()
  }

  var changes: JournaledChanges { JournaledChanges(backend, keeper: keeper) }

  func header(_ title: String) -> ChangeHeader {
    ChangeHeader(
      title: title, at: WallTime(milliseconds: 7), source: source.identity, address: "engine")
  }

  @discardableResult
  func run(_ words: String...) async throws -> RESPValue {
    let reply = try await other.send(
      RESPCommand(arguments: words.map { Array($0.utf8) }))
    if let error = reply.error { throw error }
    return reply
  }

  func value(_ key: String) async throws -> String? { try await run("GET", key).text }
}

func deletions(_ names: String...) -> [KeyedChange] {
  names.map { KeyedChange(key: CacheKey($0), change: .delete) }
}
