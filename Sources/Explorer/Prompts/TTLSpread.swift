package import CacheModel

/// TTLs around a mean, one for each key: the same key gets the same one under the same salt, and over
/// many keys they are spread evenly. The hash is FNV-1a, finished as in SplitMix64.
package struct TTLSpread: Sendable {
  private let mean: Int64
  private let salt: UInt64
  /// By how much a TTL may differ from the mean, in milliseconds.
  package let reach: Int64

  /// `percent` of the mean is the reach, 1 to 100.
  package init(milliseconds: Int64, percent: Int, salt: Int) {
    mean = milliseconds
    reach = Int64(Double(milliseconds) * Double(max(0, min(percent, 100))) / 100)
    self.salt = UInt64(bitPattern: Int64(salt))
  }

  /// At least 1.
  package func milliseconds(for key: CacheKey) -> Int64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ salt
    for byte in key.bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
    let share = Double((hash ^ (hash >> 31)) >> 11) / Double(UInt64(1) << 53)
    return max(1, mean - reach + Int64(share * 2 * Double(reach)))
  }
}
