import CacheModel

/// The first byte of a payload: what it holds and how that is written down. A number never changes
/// its meaning within one line of servers; 22 means one thing to Redis and another to Valkey, which
/// tell their versions apart. Source: rdb.h of Redis up to 8 and of Valkey 9.
package enum PayloadType: UInt8, Sendable, Hashable, CaseIterable {
  case string = 0
  case list = 1
  case set = 2
  /// With the scores in decimals.
  case scoredInText = 3
  case hash = 4
  case scored = 5
  case earlyModule = 6
  case module = 7
  case zipmapHash = 9
  case ziplist = 10
  case integerSet = 11
  case ziplistScored = 12
  case ziplistHash = 13
  /// A list of ziplists.
  case ziplistNodes = 14
  case stream = 15
  case packedHash = 16
  case packedScored = 17
  /// A list of listpacks and of single large elements.
  case nodes = 18
  case stream2 = 19
  case packedSet = 20
  case stream3 = 21
  /// A hash with fields that expire, as candidates of Redis 7.4 wrote it and, differently, as
  /// Valkey 9 does.
  case expiringHashEarly = 22
  case packedExpiringHashEarly = 23
  case expiringHash = 24
  case packedExpiringHash = 25
  case stream4 = 26
  case stream5 = 27

  /// From this number on the lines of Redis and Valkey may differ.
  static let firstUnsettled: UInt8 = 22

  /// Nil for values of modules.
  var kind: ValueKind? {
    switch self {
    case .string: .string
    case .list, .ziplist, .ziplistNodes, .nodes: .list
    case .set, .integerSet, .packedSet: .set
    case .scored, .scoredInText, .ziplistScored, .packedScored: .sortedSet
    case .hash, .zipmapHash, .ziplistHash, .packedHash, .expiringHashEarly,
      .packedExpiringHashEarly, .expiringHash, .packedExpiringHash:
      .hash
    case .stream, .stream2, .stream3, .stream4, .stream5: .stream
    case .module, .earlyModule: nil
    }
  }

  var isStream: Bool {
    switch self {
    case .stream, .stream2, .stream3, .stream4, .stream5: true
    default: false
    }
  }

  var isModule: Bool { self == .module || self == .earlyModule }
}
