import CacheEngine
import RESP

extension CommandTable {
  static let serverRows: [CommandRow] = [
    clientRow,
    CommandRow(
      "command", -1, [], .server, "O(N)", "Tells the facts of the commands.", commandFacts
    ).with(subcommands: ["COUNT": 2, "LIST": -2, "INFO": -2, "DOCS": -2, "GETKEYS": -4]),
    CommandRow("info", -1, [], .server, "O(1)", "Tells the figures of the server.", information),
    CommandRow(
      "config", -2, [.admin, .dangerous], .server, "O(N)", "Reads and changes settings.", config
    ).with(subcommands: ["GET": -3, "SET": -4, "RESETSTAT": 2]),
    CommandRow(
      "dbsize", 1, [.readOnly, .fast], .server, "O(1)", "Counts the keys of the database.",
      { call in
        call.engine.keyspace.expireDue(at: call.now, limit: 1000)
        return .integer(Int64(call.engine.keyspace.count(in: call.database)))
      }),
    CommandRow(
      "flushdb", -1, [.write, .dangerous], .server, "O(N)", "Deletes all keys of the database.",
      { call throws(RESPError) in
        try checkFlushMode(call)
        call.engine.keyspace.removeAll(in: call.database)
        return .ok
      }),
    CommandRow(
      "flushall", -1, [.write, .dangerous], .server, "O(N)", "Deletes all keys.",
      { call throws(RESPError) in
        try checkFlushMode(call)
        for database in 0..<call.engine.keyspace.databaseCount {
          call.engine.keyspace.removeAll(in: database)
        }
        return .ok
      }),
    CommandRow(
      "time", 1, .fast, .server, "O(1)", "Tells the time of the server.",
      { call in
        .array([.bulk(String(call.now / 1000)), .bulk(String(call.now % 1000 * 1000))])
      }),
    CommandRow(
      "memory", -2, .readOnly, .second, .server, "O(1)", "Tells the memory of a key.", memory
    ).with(subcommands: ["USAGE": -3]),
  ]

  private static func checkFlushMode(_ call: CommandCall) throws(RESPError) {
    let isKnown =
      call.arguments.count == 1
      || call.arguments.count == 2 && ["ASYNC", "SYNC"].contains(call.word(1))
    guard isKnown else { throw .syntax }
  }

  private static func memory(_ call: CommandCall) throws(RESPError) -> RESPValue {
    switch call.arguments.count {
    case 3: break
    case 5 where call.word(3) == "SAMPLES":
      guard try call.integer(4) >= 0 else { throw .syntax }
    default: throw .syntax
    }
    return call.look(call[2]).map { .integer(Int64($0.charge)) } ?? .null
  }
}
