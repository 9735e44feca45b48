package import CacheModel

/// What is known of a loaded key beside its name and kind.
package struct KeyFigures: Sendable, Hashable {
  package var expiry: Expiry = .unknown
  /// What was left of the key's life when it was first seen: the full length of its TTL bar.
  package var firstTTL: TTL?
  package var bytes: ByteCount?
  /// When somebody last used the key, where the source tells.
  package var lastUse: Moment?

  package init() {}

  /// What is left at `now`; nil when unknown or without end.
  package func ttl(at now: Moment) -> TTL? {
    guard case .at(let deadline) = expiry else { return nil }
    return TTL(milliseconds: deadline.milliseconds(since: now))
  }

  /// Seconds for which nobody has used the key.
  package func idleSeconds(at now: Moment) -> Int64? {
    lastUse.map { max(0, now.milliseconds(since: $0) / 1000) }
  }
}

/// When a loaded key expires, on this machine's monotonic clock.
package enum Expiry: Sendable, Hashable {
  case unknown
  case never
  case at(Moment)

  /// Puts keys in order of their end: those that expire first, then those that never do, then
  /// those of which nothing is known.
  package var rank: Int64 {
    switch self {
    case .at(let deadline): min(deadline.milliseconds, .max - 2)
    case .never: .max - 1
    case .unknown: .max
    }
  }
}

/// Whether a listed key is still there. A key that went stays in the list for a moment, so that a
/// person sees it go and an action on it does nothing.
package enum KeyFate: Sendable, Hashable {
  case present
  case appeared(Moment)
  case expired(Moment)
  case deleted(Moment)

  /// When the key went; nil while it is there.
  package var goneSince: Moment? {
    switch self {
    case .present, .appeared: nil
    case .expired(let moment), .deleted(let moment): moment
    }
  }
}

/// Kinds of values as one byte; names that only some sources know are numbered as they come.
struct KindCodes: Sendable {
  private static let known: [ValueKind] = [.string, .hash, .list, .set, .sortedSet, .stream]
  private var others: [String] = []

  func kind(_ code: UInt8) -> ValueKind? {
    let index = Int(code) - 1
    if index < 0 { return nil }
    if index < Self.known.count { return Self.known[index] }
    let other = index - Self.known.count
    return other < others.count ? .other(others[other]) : nil
  }

  /// Where a kind stands among the others in the order of their names; at most 206.
  static func rank(_ code: UInt8) -> UInt8 {
    switch code {
    case 2: 0  // hash
    case 3: 1  // list
    case 4: 2  // set
    case 6: 3  // stream
    case 1: 4  // string
    case 5: 5  // zset
    default: code
    }
  }

  /// 0 for nil. Past 200 unknown names the last one stands for all further ones.
  mutating func code(_ kind: ValueKind?) -> UInt8 {
    guard let kind else { return 0 }
    if let index = Self.known.firstIndex(of: kind) { return UInt8(index + 1) }
    guard case .other(let name) = kind else { return 0 }
    if let index = others.firstIndex(of: name) { return UInt8(Self.known.count + index + 1) }
    if others.count < 200 { others.append(name) }
    return UInt8(Self.known.count + others.count)
  }
}
