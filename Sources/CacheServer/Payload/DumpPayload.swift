import CacheEngine
import RESP

/// The payload of DUMP and RESTORE: one RDB object, the version (10, that of Redis 7.0) and a
/// checksum, so that values move between this engine and Redis servers in both directions. Strings
/// and hashes are written plain; read are also integers, LZF and packed hashes.
enum DumpPayload {
  static let version: UInt64 = 10

  private enum Kind {
    static let string: UInt8 = 0
    static let hash: UInt8 = 4
    static let packedHash: UInt8 = 16
  }

  static func encode(_ value: StoredValue) -> [UInt8] {
    var bytes: [UInt8]
    switch value {
    case .string(let string):
      bytes = [Kind.string]
      append(string, to: &bytes)
    case .hash(let hash):
      bytes = [Kind.hash]
      appendLength(hash.count, to: &bytes)
      var fields: [UInt8] = []
      hash.forEach { field, value in
        append(field, to: &fields)
        append(value, to: &fields)
      }
      bytes += fields
    }
    bytes += [UInt8(version), 0]
    appendLittle(CRC64.checksum(bytes[...]), to: &bytes)
    return bytes
  }

  /// Throws Redis' two complaints: a wrong envelope, or a wrong content.
  static func decode(_ payload: [UInt8]) throws(RESPError) -> StoredValue {
    guard payload.count > 10 else { throw .wrongPayload }
    var footer = PayloadReader(payload.suffix(10))
    guard let writtenBy = try? footer.little(2), let checksum = try? footer.little(8),
      writtenBy <= version, checksum == CRC64.checksum(payload.dropLast(8))
    else { throw .wrongPayload }
    do throws(PayloadReader.Malformed) {
      return try content(payload.dropLast(10))
    } catch {
      throw .badFormat
    }
  }

  private static func content(
    _ bytes: ArraySlice<UInt8>
  ) throws(PayloadReader.Malformed) -> StoredValue {
    var reader = PayloadReader(bytes)
    let value: StoredValue
    switch try reader.byte() {
    case Kind.string: value = .string(try reader.string())
    case Kind.hash: value = .hash(try fields(&reader))
    case Kind.packedHash: value = .hash(try pairs(try Listpack.elements(try reader.string())))
    default: throw PayloadReader.Malformed()
    }
    guard reader.remaining == 0, !value.isEmptyCollection else { throw PayloadReader.Malformed() }
    return value
  }

  private static func fields(
    _ reader: inout PayloadReader
  ) throws(PayloadReader.Malformed) -> HashValue {
    var elements: [[UInt8]] = []
    for _ in 0..<(try reader.count()) {
      elements.append(try reader.string())
      elements.append(try reader.string())
    }
    return try pairs(elements)
  }

  /// A hash of fields and values in turn. A field that comes twice is an error, as in Redis.
  private static func pairs(_ elements: [[UInt8]]) throws(PayloadReader.Malformed) -> HashValue {
    guard elements.count % 2 == 0 else { throw PayloadReader.Malformed() }
    var hash = HashValue()
    for index in stride(from: 0, to: elements.count, by: 2) {
      guard hash.set(elements[index], elements[index + 1]) else { throw PayloadReader.Malformed() }
    }
    return hash
  }

  private static func append(_ string: [UInt8], to bytes: inout [UInt8]) {
    appendLength(string.count, to: &bytes)
    bytes += string
  }

  private static func appendLength(_ length: Int, to bytes: inout [UInt8]) {
    switch length {
    case ..<64: bytes.append(UInt8(length))
    case ..<16_384: bytes += [0x40 | UInt8(length >> 8), UInt8(length & 0xFF)]
    default:
      bytes.append(0x80)
      for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
    }
  }

  private static func appendLittle(_ value: UInt64, to bytes: inout [UInt8]) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}
