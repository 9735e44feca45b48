import CCompression
package import CacheModel

/// The records of a batch as bytes, and back.
///
/// The form, version 1: a byte with the version; the origins (a name and 8 bytes for the database
/// each), so that the many records of one source name it once; the records, each with the number of
/// its origin and its transitions. Of a transition: flags, key, old value (a payload, or a kind and
/// its parts), its deadline, its tags, then the kind, digest and deadline of the mark of what the change left.
/// Counts and lengths are written by seven bits a byte, other numbers by eight bytes, the low one
/// first.
/// Around that lies zstd at a low level: payloads of one kind are alike. Beside it goes a digest of
/// the bytes before compression, so that no changed byte passes for a value. Linear in the bytes.
package enum UndoRecordCodec {
  static let version: UInt8 = 1
  /// More bytes than that in one batch are not kept: SQLite takes no more in one piece.
  package static let limit = 900_000_000
  private static let level: CInt = 1

  /// A batch, ready to be stored.
  struct Packed: Sendable {
    var content: [UInt8]
    /// Before compression.
    var size: Int
    var digest: UInt64
    var count: Int
  }

  /// The records as bytes, not compressed.
  package static func encode(_ records: [UndoRecord]) -> [UInt8] {
    var origins: [SourceIdentity] = []
    for record in records where record.origin != origins.last && !origins.contains(record.origin) {
      origins.append(record.origin)
    }
    var writer = RecordWriter(version: version)
    writer.write(records, origins: origins)
    return writer.bytes
  }

  /// The records that these bytes hold; `.damaged` when they hold none.
  package static func decode(_ bytes: [UInt8]) throws(KeeperError) -> [UndoRecord] {
    guard let version = bytes.first else { throw .damaged("a batch is empty") }
    guard version == Self.version else {
      throw .damaged("a batch has version \(version), and this program reads \(Self.version)")
    }
    var reader = RecordReader(bytes, from: 1)
    do {
      return try reader.records()
    } catch {
      throw .damaged("a batch makes no sense")
    }
  }

  static func digest(_ bytes: [UInt8]) -> UInt64 {
    bytes.withUnsafeBytes { cc_digest($0.baseAddress, $0.count) }
  }

  static func pack(_ raw: [UInt8], count: Int) throws(KeeperError) -> Packed {
    guard raw.count <= limit else {
      throw .tooLarge(needed: Int64(raw.count), bound: Int64(limit))
    }
    var took: Int64 = -1
    let content = [UInt8](unsafeUninitializedCapacity: cc_zstd_bound(raw.count)) { room, filled in
      raw.withUnsafeBytes { input in
        took = cc_zstd_compress(room.baseAddress, room.count, input.baseAddress, input.count, level)
      }
      filled = Int(max(took, 0))
    }
    guard took >= 0 else { throw .io("a batch could not be compressed") }
    return Packed(content: content, size: raw.count, digest: digest(raw), count: count)
  }

  /// The bytes before compression; `.damaged` when they are not those that were packed.
  static func unpack(_ packed: Packed) throws(KeeperError) -> [UInt8] {
    let told = packed.content.withUnsafeBytes { cc_zstd_content_size($0.baseAddress, $0.count) }
    guard told == Int64(packed.size), told <= Int64(limit) else {
      throw .damaged("a batch has another length than it should")
    }
    var length: Int64 = -1
    let raw = [UInt8](unsafeUninitializedCapacity: packed.size) { room, filled in
      packed.content.withUnsafeBytes { input in
        length = cc_zstd_decompress(room.baseAddress, room.count, input.baseAddress, input.count)
      }
      filled = Int(max(length, 0))
    }
    guard length == told, digest(raw) == packed.digest else {
      throw .damaged("the bytes of a batch have changed")
    }
    return raw
  }
}
