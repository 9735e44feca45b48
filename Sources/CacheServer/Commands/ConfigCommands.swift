import CacheEngine
import KeyPattern
import RESP

// The command CONFIG.
extension CommandTable {
  static func config(_ call: CommandCall) throws(RESPError) -> RESPValue {
    switch call.word(1) {
    case "GET":
      let patterns = call.arguments.dropFirst(2).map { GlobPattern(lowercased($0)) }
      let chosen = call.engine.settings.parameters.filter { name, _ in
        patterns.contains { $0.matches(Array(name.utf8)) }
      }
      return .map(chosen.map { RESPPair(.bulk($0), .bulk($1)) })
    case "SET":
      try setParameters(call)
      return .ok
    default:  // RESETSTAT
      call.engine.keyspace.resetStatistics()
      call.engine.counters = ServerCounters()
      return .ok
    }
  }

  private static func lowercased(_ bytes: [UInt8]) -> [UInt8] {
    bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
  }

  /// All or none.
  private static func setParameters(_ call: CommandCall) throws(RESPError) {
    guard call.arguments.count % 2 == 0 else {
      throw .wrongArgumentCount("config|set")
    }
    var settings = call.engine.settings
    for index in stride(from: 2, to: call.arguments.count, by: 2) {
      try settings.set(call.text(index), to: call.text(index + 1))
    }
    call.engine.settings = settings
    call.engine.chooseNotes()
    call.engine.keyspace.memoryBound = settings.maxMemory
    call.engine.keyspace.policy = settings.policy
    _ = call.engine.keyspace.makeRoom(at: call.now)
  }
}

extension EngineSettings {
  /// What CONFIG GET shows. The password is not among it.
  var parameters: [(String, String)] {
    [
      ("appendonly", "no"), ("bind", bind), ("databases", String(databases)),
      ("hash-max-listpack-entries", String(HashValue.packedFields)),
      ("hash-max-listpack-value", String(HashValue.packedBytes)),
      ("list-max-listpack-size", "-2"),
      ("maxclients", String(maxClients)), ("maxmemory", String(maxMemory ?? 0)),
      ("maxmemory-policy", policy.rawValue), ("notify-keyspace-events", events.text),
      ("port", String(tcpPort)), ("proto-max-bulk-len", String(CommandTable.longestString)),
      ("save", ""), ("set-max-intset-entries", String(SetValue.packedMembers)), ("timeout", "0"),
      ("tracking-table-max-keys", String(trackedKeysLimit)),
      ("unixsocket", unixPath),
      ("zset-max-listpack-entries", String(SortedSetValue.packedMembers)),
      ("zset-max-listpack-value", String(SortedSetValue.packedBytes)),
    ]
  }

  mutating func set(_ name: String, to value: String) throws(RESPError) {
    let name = name.lowercased()
    switch name {
    case "maxmemory":
      guard let bytes = MemorySize.bytes(value) else {
        throw Self.refusal(name, "argument must be a memory value")
      }
      maxMemory = bytes == 0 ? nil : bytes
    case "maxmemory-policy":
      guard let policy = EvictionPolicy(rawValue: value.lowercased()) else {
        let names = EvictionPolicy.allCases.map(\.rawValue).joined(separator: ", ")
        throw Self.refusal(name, "argument(s) must be one of the following: \(names)")
      }
      self.policy = policy
    case "notify-keyspace-events":
      guard let kinds = EventKinds(letters: value) else {
        throw Self.refusal(name, "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.")
      }
      events = kinds
    case _ where parameters.contains { $0.0 == name }:
      throw Self.refusal(name, "can't set immutable config")
    default:
      throw RESPError("ERR Unknown option or number of arguments for CONFIG SET - '\(name)'")
    }
  }

  private static func refusal(_ name: String, _ reason: String) -> RESPError {
    RESPError("ERR CONFIG SET failed (possibly related to argument '\(name)') - \(reason)")
  }
}
