// What the version of a server says about the values it takes and keeps.
extension ServerFigures {
  /// Whether RESTORE takes a payload of an RDB version; nil when that is not known. Source: rdb.h of
  /// the versions of Redis, and of Valkey, which parted from it at 11 and takes none between that
  /// and its own 80.
  func takesPayload(ofVersion version: UInt64) -> Bool? {
    if let (major, _) = numbers(of: "valkey_version") {
      guard major >= 9 else { return version <= 11 }
      return version <= 11 || version == 80 ? true : version < 80 ? false : nil
    }
    guard text("dragonfly_version") == nil, let server = numbers(of: "redis_version") else {
      return nil
    }
    let (newest, isKnown) = Self.newestPayload(of: server)
    return version <= newest ? true : isKnown ? false : nil
  }

  /// The RDB version that a version of Redis writes at least, and whether it is no newer one.
  private static func newestPayload(
    of server: (major: Int, minor: Int)
  ) -> (version: UInt64, isKnown: Bool) {
    switch server {
    case (...2, _), (3, ...1): (6, true)
    case (3, _): (7, true)
    case (4, _): (8, true)
    case (5...6, _): (9, true)
    case (7, ...1): (10, true)
    case (7, ...3): (11, true)
    case (7, _): (12, true)
    default: (12, false)
    }
  }

  /// Whether fields of hashes may have deadlines of their own, which reading a hash does not tell:
  /// since Redis 7.4 and Valkey 9. What does not tell its version is taken for new.
  var fieldsMayExpire: Bool {
    if let (major, _) = numbers(of: "valkey_version") { return major >= 9 }
    guard let server = numbers(of: "redis_version") else { return true }
    return server >= (7, 4)
  }

  /// How many hashes have fields that expire, in all databases; nil when the server does not tell.
  var hashesWithDeadlines: Int64? {
    guard tellsDatabases else { return nil }
    var sum: Int64 = 0
    for name in names where name.hasPrefix("db") && Int(name.dropFirst(2)) != nil {
      guard let number = Int(name.dropFirst(2)),
        let told = self.number("subexpiry", ofDatabase: number)
          ?? self.number("keys_with_volatile_items", ofDatabase: number)
      else { return nil }
      sum = sum.addingReportingOverflow(told).partialValue
    }
    return sum
  }

  private func numbers(of name: String) -> (major: Int, minor: Int)? {
    guard let parts = text(name)?.split(separator: "."), let first = parts.first,
      let major = Int(first)
    else { return nil }
    return (major, parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
  }
}
