package import CacheModel
import RESP

extension RedisBackend {
  package func databases() async throws(BackendError) -> [DatabaseFigures] {
    let reply = try await send(RESPCommand("INFO", "keyspace"))
    if let error = reply.error { throw BackendError(error, of: "INFO") }
    return ServerFigures(reply.text ?? "").databases
  }
}

extension ServerFigures {
  /// The databases that hold keys, by number.
  package var databases: [DatabaseFigures] {
    let numbers = names.compactMap { name -> Int? in
      guard name.hasPrefix("db"), name.count <= 12 else { return nil }
      return Int(name.dropFirst(2)).flatMap { $0 >= 0 ? $0 : nil }
    }
    return numbers.sorted().compactMap { database in
      number("keys", ofDatabase: database).map {
        DatabaseFigures(
          number: database, keys: $0, keysWithTTL: number("expires", ofDatabase: database))
      }
    }
  }
}
