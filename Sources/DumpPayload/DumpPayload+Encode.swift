import CacheModel

extension DumpPayload {
  /// The oldest version whose servers read what is written: that of Redis 2.8, that of 4.0 where
  /// scores have eight bytes, that of 7.4 where fields expire.
  private static let plainVersion: UInt64 = 6
  private static let scoredVersion: UInt64 = 8
  private static let expiringVersion: UInt64 = 12

  /// Writes a value element by element, in the form that the oldest servers read. Throws only for
  /// what no server keeps: a collection without elements, or a score that is no number.
  package static func encode(_ value: DumpedValue) throws(DumpPayloadError) -> [UInt8] {
    guard !value.isEmptyCollection else { throw .unsupported(type: "empty collection") }
    var writer = PayloadWriter()
    switch value {
    case .string(let bytes):
      writer.append(.string)
      writer.append(bytes)
    case .list(let elements): append(.list, elements, to: &writer)
    case .set(let members): append(.set, members, to: &writer)
    case .sortedSet(let members):
      guard !members.contains(where: \.score.isNaN) else {
        throw .unsupported(type: "score that is no number")
      }
      writer.begin(.scored, members.count)
      for member in members {
        writer.append(member.member)
        writer.append(member.score)
      }
      return writer.sealed(version: scoredVersion)
    case .hash(let fields, let deadlines):
      return deadlines.isEmpty ? hash(fields) : hash(fields, deadlines)
    case .opaque(let value):
      writer.append(value.type)
      writer.appendRaw(value.bytes)
      return writer.sealed(version: value.version)
    }
    return writer.sealed(version: plainVersion)
  }

  private static func append(
    _ type: PayloadType, _ elements: [[UInt8]], to writer: inout PayloadWriter
  ) {
    writer.begin(type, elements.count)
    for element in elements { writer.append(element) }
  }

  private static func hash(_ fields: [HashField]) -> [UInt8] {
    var writer = PayloadWriter()
    writer.begin(.hash, fields.count)
    for field in fields {
      writer.append(field.field)
      writer.append(field.value)
    }
    return writer.sealed(version: plainVersion)
  }

  /// The earliest deadline, and each by how much it is later, plus one; 0 for none.
  private static func hash(
    _ fields: [HashField], _ deadlines: [[UInt8]: WallTime]
  ) -> [UInt8] {
    let first = max(0, deadlines.values.map(\.milliseconds).min() ?? 0)
    var writer = PayloadWriter()
    writer.append(.expiringHash)
    writer.appendLittle(UInt64(first), width: 8)
    writer.appendLength(fields.count)
    for field in fields {
      let later = deadlines[field.field].map { UInt64(max(first, $0.milliseconds) - first) + 1 }
      writer.appendWide(later ?? 0)
      writer.append(field.field)
      writer.append(field.value)
    }
    return writer.sealed(version: expiringVersion)
  }
}
