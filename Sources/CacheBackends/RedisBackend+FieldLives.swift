import CacheModel
import RESP

/// What is left of the lives of a hash's fields, on servers where those can have one (Redis 7.4,
/// Valkey 9).
extension RedisBackend {
  /// Those of the fields that expire. A server that does not tell has none.
  func lives(
    of fields: [[UInt8]], in key: CacheKey
  ) async throws(BackendError) -> [[UInt8]: TTL] {
    let words = ["FIELDS", String(fields.count)].map { Array($0.utf8) }
    let told = try await send(RESPCommand("HPTTL", [key.bytes] + words + fields))
    var lives: [[UInt8]: TTL] = [:]
    // -1 stands for no end, -2 for no such field.
    for (field, reply) in zip(fields, told.elements ?? []) {
      guard let left = reply.integer, left >= 0 else { continue }
      lives[field] = TTL(milliseconds: left)
    }
    return lives
  }
}
