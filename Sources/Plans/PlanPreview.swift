package import CacheModel

/// What a plan will do, before it does it: how many keys by prefix and kind, how many bytes, a sample
/// of names, the lifetimes, and what undo will take. Built from pages of keys as they are found;
/// bounded however many there are.
///
/// All keys are counted by name. Kinds, bytes and lifetimes are told of those that were described,
/// which may be a sample: `isMeasured` says whether it was all of them.
package struct PlanPreview: Sendable, Equatable {
  package private(set) var keys = 0
  /// Keys that were described.
  package private(set) var described = 0
  /// Of the keys described, how many are of each kind.
  package private(set) var kinds: [ValueKind: Int] = [:]
  /// Bytes of the keys described whose size is told, and how many those are.
  package private(set) var bytesTold: Int64 = 0
  package private(set) var sized = 0
  /// Of the keys described: the shortest and the longest TTL, and how many have none.
  package private(set) var shortestTTL: TTL?
  package private(set) var longestTTL: TTL?
  package private(set) var withoutTTL = 0
  /// Of the keys described, those that are too large for undo.
  package private(set) var tooLarge = 0
  /// A few names from all over the walk.
  package private(set) var samples: [CacheKey] = []

  private var prefixes: [PrefixCounts]
  private let limit: Int
  private var choice: UInt64 = 0x9E37_79B9_7F4A_7C15

  package static let samplesKept = 8
  private static let depths = 3
  private static let mostKinds = 32
  /// So that sums of them do not overflow.
  private static let mostBytes: Int64 = 1 << 60

  /// `separators` part names; `limit` is that of undo, in bytes. All keys begin with `base`.
  package init(
    separators: [UInt8] = [UInt8(ascii: ":")], below base: [UInt8] = [], limit: Int
  ) {
    prefixes = (1...Self.depths).map {
      PrefixCounts(depth: $0, separators: separators, base: base.count)
    }
    self.limit = limit
  }

  // MARK: Building

  /// Takes keys in by their names alone.
  package mutating func add(_ names: [CacheKey]) {
    for key in names { add(key) }
  }

  /// Takes a key in by its name alone.
  package mutating func add(_ key: CacheKey) {
    keys += 1
    for depth in prefixes.indices { prefixes[depth].add(key) }
    if samples.count < Self.samplesKept {
      samples.append(key)
    } else {
      // Each of the keys so far is among the samples with the same chance (Vitter's algorithm R).
      let place = Int(random() % UInt64(keys))
      if place < Self.samplesKept { samples[place] = key }
    }
  }

  /// Takes in what some of those keys are.
  package mutating func add(_ summaries: [KeySummary]) {
    for summary in summaries { add(summary) }
  }

  /// Takes in what one of those keys is.
  package mutating func add(_ summary: KeySummary) {
    described += 1
    if let kind = summary.kind {
      let isCounted = kinds[kind] != nil || kinds.count < Self.mostKinds
      kinds[isCounted ? kind : .other("others"), default: 0] += 1
    }
    if let bytes = summary.bytes?.bytes, bytes >= 0 {
      bytesTold = min(Self.mostBytes, bytesTold + min(bytes, Self.mostBytes))
      sized += 1
      if bytes > Int64(limit) { tooLarge += 1 }
    }
    switch summary.lifetime {
    case .remaining(let ttl)?:
      shortestTTL = min(shortestTTL ?? ttl, ttl)
      longestTTL = max(longestTTL ?? ttl, ttl)
    case .unlimited?: withoutTTL += 1
    case nil: break
    }
  }

  /// SplitMix64, by Steele, Lea and Flood.
  private mutating func random() -> UInt64 {
    choice &+= 0x9E37_79B9_7F4A_7C15
    var mixed = choice
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  // MARK: Telling

  /// Whether the plan is over so large a part of all keys that its name must be typed: more than a
  /// tenth of them, and more than a hundred.
  package static func isLarge(_ keys: Int, of all: Int64?) -> Bool {
    keys > fewKeys && all.map { Double(keys) > Double($0) * largeShare } ?? true
  }

  private static let largeShare = 0.1
  private static let fewKeys = 100

  /// Whether every key was described.
  package var isMeasured: Bool { described == keys }

  /// Bytes of all keys: measured, or as the described ones lead to expect; nil when none was told.
  package var bytes: Int64? {
    guard sized > 0 else { return nil }
    if sized == keys { return bytesTold }
    return Int64(min(Double(Self.mostBytes), Double(bytesTold) / Double(sized) * Double(keys)))
  }

  /// Bytes that keeping the old states will take, before they are compressed; nil as above.
  package var undoBytes: Int64? { bytes.map { $0 + Int64(keys) * Self.bytesOfRecord } }

  private static let bytesOfRecord: Int64 = 192

  /// The largest prefixes and how many keys each has, and the keys of all others; of the first depth
  /// that tells keys apart, or else of the last.
  package func topPrefixes(_ most: Int) -> (top: [(prefix: [UInt8], count: Int)], others: Int) {
    let chosen = prefixes.first { $0.counts.count > 1 } ?? prefixes.last
    let order = (chosen?.counts ?? [:]).sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key)
    }
    let top = order.prefix(most).map { (prefix: $0.key, count: $0.value) }
    return (top, keys - top.reduce(0) { $0 + $1.count })
  }

  /// About how long it will take on a calm server, in seconds, and how many commands a second that
  /// are; each key is asked for, kept and changed. `roundTrip` in microseconds.
  ///
  /// Measured with values of 20 to 2000 bytes on a redis-server on the same machine, two cores at
  /// 3 GHz: with undo a key takes 30 µs of work here and 10 there, and each batch waits twice for the
  /// disk; without undo it takes 5 µs.
  package func estimate(roundTrip: Int64, keepsUndo: Bool) -> (seconds: Double, commands: Double) {
    let perKey = keepsUndo ? 7.0 : 1.0
    let batches = (Double(keys) / Double(PlanRun.batchSize)).rounded(.up)
    let trip = Double(max(0, roundTrip)) / 1_000_000
    var seconds = Double(keys) * Self.secondsPerKey + batches * 2 * trip
    if keepsUndo {
      seconds =
        Double(keys) * Self.secondsPerKeyWithUndo
        + batches * (18 * trip + 2 * Self.secondsPerSync)
        + Double(bytes ?? 0) / Self.bytesPerSecond
    }
    guard seconds > 0 else { return (0, 0) }
    return (min(seconds, Self.mostSeconds), Double(keys) * perKey / seconds)
  }

  private static let secondsPerKey = 5e-6
  private static let secondsPerKeyWithUndo = 40e-6
  private static let secondsPerSync = 5e-3
  private static let bytesPerSecond = 100e6
  private static let mostSeconds = 1e9
}

/// How many keys there are below each prefix of so many parts.
private struct PrefixCounts: Sendable, Equatable {
  let depth: Int
  let separators: [UInt8]
  /// Bytes that all names begin with.
  let base: Int
  private(set) var counts: [[UInt8]: Int] = [:]

  private static let most = 5000
  private static let longest = 200

  init(depth: Int, separators: [UInt8], base: Int) {
    self.depth = depth
    self.separators = separators
    self.base = base
  }

  /// Beyond the bound new prefixes are not counted; they are among the others.
  mutating func add(_ key: CacheKey) {
    guard let end = end(in: key.bytes) else { return }
    let prefix = Array(key.bytes[..<end])
    if counts[prefix] != nil {
      counts[prefix, default: 0] += 1
    } else if counts.count < Self.most {
      counts[prefix] = 1
    }
  }

  /// Behind the last separator of the depth, or behind the base; nil when the name has none.
  private func end(in bytes: [UInt8]) -> Int? {
    var left = depth
    var end = base > 0 && base <= bytes.count ? base : nil
    var place = base
    let last = min(bytes.count, base + Self.longest)
    while place < last, left > 0 {
      if separators.contains(bytes[place]) {
        end = place + 1
        left -= 1
      }
      place += 1
    }
    return end
  }
}
