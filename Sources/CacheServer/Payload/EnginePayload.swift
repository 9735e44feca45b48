import CacheEngine
import CacheModel
import DumpPayload
import RESP

/// The values of the engine as payloads of DUMP and RESTORE, so that they move between it and Redis
/// servers in both directions.
///
/// Written are the types that Redis 7.0 writes: lists as packed nodes, sets of integers and small
/// sorted sets and the nodes of streams packed, everything else element by element; but hashes
/// always by field and strings always as they are. Read are all types up to that version but the
/// streams of older ones and the values of modules.
enum EnginePayload {
  static func encode(_ value: CacheEngine.StoredValue) -> [UInt8] {
    var writer = PayloadWriter()
    writer.append(value)
    return writer.sealed(version: DumpPayload.version)
  }

  /// Throws Redis' two complaints: a wrong envelope, or a wrong content.
  static func decode(_ payload: [UInt8]) throws(RESPError) -> CacheEngine.StoredValue {
    let value: DumpedValue
    do throws(DumpPayloadError) {
      value = try DumpPayload.decode(
        payload, newest: DumpPayload.version, findingRepetition: false)
    } catch {
      throw complaint(error)
    }
    do throws(PayloadReader.Malformed) {
      return try stored(value)
    } catch {
      throw .badFormat
    }
  }

  private static func complaint(_ error: DumpPayloadError) -> RESPError {
    switch error {
    case .damaged(.tooShort), .damaged(.checksum), .newerVersion: .wrongPayload
    case .damaged(.content), .unsupported: .badFormat
    }
  }

  /// Whatever comes twice where it may not is an error, as in Redis.
  private static func stored(
    _ value: DumpedValue
  ) throws(PayloadReader.Malformed) -> CacheEngine.StoredValue {
    switch value {
    case .string(let bytes): return .string(bytes)
    case .list(let elements):
      var list = ListValue()
      for element in elements { list.append(element) }
      return .list(list)
    case .set(let members):
      var set = SetValue()
      for member in members where !set.insert(member) { throw PayloadReader.Malformed() }
      return .set(set)
    case .sortedSet(let members):
      var set = SortedSetValue()
      for each in members where set.set(each.member, each.score) != nil {
        throw PayloadReader.Malformed()
      }
      return .sortedSet(set)
    case .hash(let fields, let deadlines):
      guard deadlines.isEmpty else { throw PayloadReader.Malformed() }
      var hash = HashValue()
      for each in fields where !hash.set(each.field, each.value) {
        throw PayloadReader.Malformed()
      }
      return .hash(hash)
    case .opaque(let value): return .stream(try StreamPayload.read(value))
    }
  }
}
