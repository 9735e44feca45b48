package import CacheModel

/// The payload of DUMP and RESTORE: one RDB object (a type and its content), the RDB version in two
/// bytes and a checksum in eight.
///
/// All types of Redis 2.8 to 8 and of Valkey are known. What they hold is read into a plain value
/// (`DumpedValue`), but for streams and the values of modules, which are named and kept as they are.
/// Written are the forms that every server reads, so that a value read from one server fits
/// another.
///
/// A payload is bytes from outside: a wrong one is an error of its own kind and never more. Nothing
/// is allocated that the bytes do not bear out, and compressed bytes that stand for many times as
/// many are held to a bound. Reading and writing are linear.
/// Sources: rdb.c, ziplist.c, zipmap.c, intset.c and listpack.c of Redis.
package enum DumpPayload {
  /// The version of Redis 7.0, which wrote all that the forms written here need and more.
  package static let version: UInt64 = 10
  /// The versions of Redis that are known, and of Valkey with its own.
  static let redisVersions: ClosedRange<UInt64> = 1...13
  static let firstOfValkey: UInt64 = 80
  static let valkeyVersions = firstOfValkey...firstOfValkey

  /// Memory that the strings of one payload may take together, in bytes, beside what its own length
  /// warrants.
  package static let mostBytes = 1 << 30

  /// Version and checksum.
  static let footerBytes = 10

  /// Reads a payload of at most the given version; with nil, of any whose type is known.
  /// `findingRepetition` looks for members and fields that come twice, which are an error; who
  /// builds a table of them finds them anyway.
  package static func decode(
    _ payload: [UInt8], newest: UInt64? = nil, findingRepetition: Bool = true,
    mostBytes: Int = mostBytes
  ) throws(DumpPayloadError) -> DumpedValue {
    let (type, version) = try envelope(payload, newest: newest)
    let content = payload[1..<payload.count - footerBytes]
    if type.isStream || type.isModule {
      return .opaque(OpaqueValue(type: type, version: version, bytes: content))
    }
    var reader = PayloadReader(content, budget: budget(payload.count, mostBytes))
    let value: DumpedValue
    do throws(PayloadReader.Malformed) {
      value = try reader.content(type, version: version)
    } catch {
      throw .damaged(.content)
    }
    guard reader.remaining == 0, !value.isEmptyCollection,
      !findingRepetition || !value.repeatsItself
    else { throw .damaged(.content) }
    return value
  }

  /// The RDB version that a payload names, without a look at the rest; nil when it is too short.
  package static func version(of payload: [UInt8]) -> UInt64? {
    guard payload.count > footerBytes else { return nil }
    var footer = PayloadReader(payload.suffix(footerBytes))
    return try? footer.little(2)
  }

  /// Whether the checksum is that of the bytes. Linear.
  package static func isIntact(_ payload: [UInt8]) -> Bool {
    guard payload.count > footerBytes else { return false }
    var footer = PayloadReader(payload.suffix(8))
    return (try? footer.little(8)) == CRC64.checksum(payload.dropLast(8))
  }

  /// What a payload holds by its first byte, without a look at the rest; nil where that tells not.
  package static func kind(of payload: [UInt8]) -> ValueKind? {
    payload.first.flatMap { PayloadType(rawValue: $0) }?.kind
  }

  /// No form but a compressed one takes more than this many times its bytes.
  private static func budget(_ count: Int, _ mostBytes: Int) -> Int {
    let (warranted, overflow) = count.multipliedReportingOverflow(by: 64)
    return overflow ? mostBytes : mostBytes.addingReportingOverflow(warranted).partialValue
  }

  private static func envelope(
    _ payload: [UInt8], newest: UInt64?
  ) throws(DumpPayloadError) -> (PayloadType, version: UInt64) {
    guard let first = payload.first, let version = version(of: payload) else {
      throw .damaged(.tooShort)
    }
    if let newest, version > newest { throw .newerVersion(version) }
    guard isIntact(payload) else { throw .damaged(.checksum) }
    let isKnown = redisVersions.contains(version) || valkeyVersions.contains(version)
    guard let type = PayloadType(rawValue: first),
      isKnown || first < PayloadType.firstUnsettled
    else { throw isKnown ? .unsupported(type: "RDB type \(first)") : .newerVersion(version) }
    return (type, version)
  }
}
