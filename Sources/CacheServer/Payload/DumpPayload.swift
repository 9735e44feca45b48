import CacheEngine
import RESP

/// The payload of DUMP and RESTORE: one RDB object, the version (10, that of Redis 7.0) and a
/// checksum, so that values move between this engine and Redis servers in both directions.
///
/// Written are the kinds that Redis 7.0 writes: lists as packed nodes, sets of integers and small
/// sorted sets and the nodes of streams packed, everything else element by element; but hashes always
/// by field and strings always as they are. Read are those, packed hashes, single list elements outside of nodes, the
/// element-wise forms of older versions, integers and LZF; not the ziplists of Redis 6 and before.
/// Sources: rdb.c, rdb.h, t_zset.c and intset.c of Redis 7.0.
enum DumpPayload {
  static let version: UInt64 = 10

  enum Kind {
    static let string: UInt8 = 0
    static let list: UInt8 = 1
    static let set: UInt8 = 2
    static let scoredInText: UInt8 = 3
    static let hash: UInt8 = 4
    static let scored: UInt8 = 5
    static let integerSet: UInt8 = 11
    static let packedHash: UInt8 = 16
    static let packedScored: UInt8 = 17
    static let nodes: UInt8 = 18
    static let stream: UInt8 = 19
  }

  static func encode(_ value: StoredValue) -> [UInt8] {
    var writer = PayloadWriter()
    writer.append(value)
    return writer.sealed(version: version)
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
    case Kind.hash: value = .hash(try pairs(try reader.strings(each: 2)))
    case Kind.packedHash: value = .hash(try pairs(try Listpack.elements(try reader.string())))
    case Kind.list: value = .list(list(try reader.strings(each: 1)))
    case Kind.nodes: value = .list(list(try nodes(&reader)))
    case Kind.set: value = .set(try set(try reader.strings(each: 1)))
    case Kind.integerSet: value = .set(try set(try integers(try reader.string())))
    case Kind.scored: value = .sortedSet(try scored(&reader, isText: false))
    case Kind.scoredInText: value = .sortedSet(try scored(&reader, isText: true))
    case Kind.packedScored:
      value = .sortedSet(try packedScores(try Listpack.elements(try reader.string())))
    case Kind.stream: value = .stream(try StreamPayload.read(&reader))
    default: throw PayloadReader.Malformed()
    }
    guard reader.remaining == 0, !value.isEmptyCollection else { throw PayloadReader.Malformed() }
    return value
  }
}

// What the parts of a payload mean. Whatever comes twice where it may not is an error, as in Redis.
extension DumpPayload {
  private static func pairs(_ elements: [[UInt8]]) throws(PayloadReader.Malformed) -> HashValue {
    guard elements.count % 2 == 0 else { throw PayloadReader.Malformed() }
    var hash = HashValue()
    for index in stride(from: 0, to: elements.count, by: 2) {
      guard hash.set(elements[index], elements[index + 1]) else { throw PayloadReader.Malformed() }
    }
    return hash
  }

  private static func list(_ elements: [[UInt8]]) -> ListValue {
    var list = ListValue()
    for element in elements { list.append(element) }
    return list
  }

  /// Nodes with one element as it is, or with packed ones.
  private static func nodes(
    _ reader: inout PayloadReader
  ) throws(PayloadReader.Malformed) -> [[UInt8]] {
    var elements: [[UInt8]] = []
    for _ in 0..<(try reader.count()) {
      switch try reader.number() {
      case 1: elements.append(try reader.string())
      case 2: elements += try Listpack.elements(try reader.string())
      default: throw PayloadReader.Malformed()
      }
    }
    return elements
  }

  private static func set(_ members: [[UInt8]]) throws(PayloadReader.Malformed) -> SetValue {
    var set = SetValue()
    for member in members {
      guard set.insert(member) else { throw PayloadReader.Malformed() }
    }
    return set
  }

  /// A width, a number of integers and the integers in ascending order.
  private static func integers(_ bytes: [UInt8]) throws(PayloadReader.Malformed) -> [[UInt8]] {
    var reader = PayloadReader(bytes[...])
    let width = Int(clamping: try reader.little(4))
    let count = Int(clamping: try reader.little(4))
    guard [2, 4, 8].contains(width), reader.remaining / width == count,
      reader.remaining % width == 0
    else { throw PayloadReader.Malformed() }
    var members: [[UInt8]] = []
    for _ in 0..<count {
      let shift = UInt64(64 - 8 * width)
      let raw = Int64(bitPattern: try reader.little(width) << shift)
      members.append(DecimalInteger.bytes(raw >> Int64(shift)))
    }
    return members
  }

  private static func scored(
    _ reader: inout PayloadReader, isText: Bool
  ) throws(PayloadReader.Malformed) -> SortedSetValue {
    var set = SortedSetValue()
    for _ in 0..<(try reader.count()) {
      let member = try reader.string()
      let score = isText ? try reader.textualDouble() : try reader.double()
      try insert(member, score, into: &set)
    }
    return set
  }

  private static func packedScores(
    _ elements: [[UInt8]]
  ) throws(PayloadReader.Malformed) -> SortedSetValue {
    guard elements.count % 2 == 0 else { throw PayloadReader.Malformed() }
    var set = SortedSetValue()
    for index in stride(from: 0, to: elements.count, by: 2) {
      guard let score = Score.parse(elements[index + 1]) else { throw PayloadReader.Malformed() }
      try insert(elements[index], score, into: &set)
    }
    return set
  }

  private static func insert(
    _ member: [UInt8], _ score: Double, into set: inout SortedSetValue
  ) throws(PayloadReader.Malformed) {
    guard !score.isNaN, set.set(member, score) == nil else { throw PayloadReader.Malformed() }
  }
}
