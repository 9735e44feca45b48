/// Why a DUMP payload was not read. Closed.
package enum DumpPayloadError: Error, Sendable, Hashable {
  case damaged(Damage)
  /// The RDB version that it names is above the one that was allowed, or above those that are known
  /// and its type is not.
  case newerVersion(UInt64)
  /// The name of a type that is not read, or cannot be written.
  case unsupported(type: String)

  /// What is wrong with the bytes.
  package enum Damage: Sendable, Hashable {
    /// Too few bytes for a payload.
    case tooShort
    /// The checksum is not that of the bytes.
    case checksum
    /// The checksum is right, but the content is not what its type says, or would take more memory
    /// than is allowed.
    case content
  }
}
