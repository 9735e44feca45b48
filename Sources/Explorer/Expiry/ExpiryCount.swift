package import CacheModel

/// What expires when, as it was counted at a moment: how many keys of each of the largest prefixes
/// expire in each second of the next hour and in each minute of the next day, and how many never do.
///
/// What is counted are the loaded keys whose TTL is known. Where these are a sample, each stands for
/// `scale` keys, and what is said of others is an estimate with its error.
package struct ExpirySurvey: Sendable, Equatable {
  /// When it was counted; times are counted from here.
  package let base: Moment
  package internal(set) var groups: [ExpiryGroup]
  /// Keys of each group by the second for an hour, and by the minute for a day.
  package internal(set) var seconds: [[UInt32]]
  package internal(set) var minutes: [[UInt32]]
  /// Keys that expire after that.
  package internal(set) var later = 0
  /// The keys that expire first, by their deadlines.
  package internal(set) var soonest: [ExpiringKey] = []
  /// Keys whose TTL is known, and others that are loaded.
  package internal(set) var known = 0
  package internal(set) var unknown = 0
  /// How many keys each of those counted stands for.
  package internal(set) var scale = 1.0

  static let secondCount = 3600
  static let minuteCount = 1440

  init(base: Moment, groups: [ExpiryGroup]) {
    self.base = base
    self.groups = groups
    seconds = Array(repeating: Array(repeating: 0, count: Self.secondCount), count: groups.count)
    minutes = Array(repeating: Array(repeating: 0, count: Self.minuteCount), count: groups.count)
  }

  package var isEstimate: Bool { scale > 1 }
  /// Counted keys that expire, and that never do.
  package var withTTL: Int { groups.reduce(0) { $0 + $1.withTTL } }
  package var withoutTTL: Int { groups.reduce(0) { $0 + $1.withoutTTL } }

  /// What a count stands for, with the bounds within which the truth lies in 95 of 100 cases.
  package func estimate(_ count: Int) -> (count: Double, bounds: ClosedRange<Double>) {
    guard isEstimate else { return (Double(count), Double(count)...Double(count)) }
    let bounds = Poisson.bounds(of: count)
    return (Double(count) * scale, bounds.lowerBound * scale...bounds.upperBound * scale)
  }

  /// Counts by group in bins of equal length from `now` on.
  package func bins(_ range: ExpiryRange, at now: Moment) -> [[Double]] {
    let passed = max(0, now.milliseconds(since: base)) / 1000
    let table = range.isBySecond ? seconds : minutes
    let start = Int(min(passed / (range.isBySecond ? 1 : 60), 100_000))
    return table.map { counts in
      (0..<range.bins).map { bin in
        let first = start + bin * range.unitsPerBin
        let end = min(first + range.unitsPerBin, counts.count)
        guard first < end else { return 0 }
        return counts[first..<end].reduce(0) { $0 + Double($1) } * scale
      }
    }
  }
}

/// Keys with the same beginning.
package struct ExpiryGroup: Sendable, Equatable {
  /// Nil for what belongs to none of the others.
  package let prefix: [UInt8]?
  let folder: UInt32
  package internal(set) var withTTL = 0
  package internal(set) var withoutTTL = 0
  /// The memory of those without a TTL whose memory is known, and how many those are.
  package internal(set) var bytes: Int64 = 0
  package internal(set) var sized = 0

  init(prefix: [UInt8]?, folder: UInt32) {
    self.prefix = prefix
    self.folder = folder
  }
}

/// A key and when it expires.
package struct ExpiringKey: Sendable, Equatable {
  package let slot: KeyIndex.Slot
  package let deadline: Moment
}

/// How far ahead the Expiry screen looks, and in which steps.
package enum ExpiryRange: Sendable, Hashable, CaseIterable {
  case minute, hour, day

  package var title: String {
    switch self {
    case .minute: "next minute"
    case .hour: "next hour"
    case .day: "next day"
    }
  }

  package var bins: Int { self == .day ? 24 : 60 }
  /// Seconds of a bin.
  package var binSeconds: Int64 { self == .minute ? 1 : self == .hour ? 60 : 3600 }
  var isBySecond: Bool { self != .day }
  var unitsPerBin: Int { self == .minute ? 1 : 60 }
}

/// A count under way: over all slots, a slice at a time.
struct ExpiryCount: Sendable {
  private(set) var survey: ExpirySurvey
  private var position = 0
  /// The group of each folder; 255 for one that has not been asked about.
  private var groupOfFolder: [UInt8] = []
  private static let unasked: UInt8 = 255

  static let soonestKept = 200

  /// Looks at a sample of the keys for the groups. O(sample)
  init(_ keys: KeysState, at now: Moment) {
    let folders = ExpiryGroups(keys).folders
    let groups = folders.map {
      ExpiryGroup(prefix: keys.tree.prefix(KeyTree.Folder(number: $0)), folder: $0)
    }
    survey = ExpirySurvey(base: now, groups: groups + [ExpiryGroup(prefix: nil, folder: 0)])
  }

  /// Counts some more keys; true when all have been counted.
  mutating func advance(_ keys: KeysState, slots: Int) -> Bool {
    let end = min(keys.index.slotCount, position + slots)
    while position < end {
      let slot = KeyIndex.Slot(number: UInt32(position))
      position += 1
      if keys.index.isLive(slot), keys.index[fate: slot].goneSince == nil { count(slot, keys) }
    }
    guard position >= keys.index.slotCount else { return false }
    finish(keys)
    return true
  }

  private mutating func count(_ slot: KeyIndex.Slot, _ keys: KeysState) {
    let figures = keys.index[figures: slot]
    let group = group(of: keys.index[folder: slot], keys.tree)
    switch figures.expiry {
    case .unknown: survey.unknown += 1
    case .never:
      survey.known += 1
      survey.groups[group].withoutTTL += 1
      if let bytes = figures.bytes {
        survey.groups[group].bytes &+= bytes.bytes
        survey.groups[group].sized += 1
      }
    case .at(let deadline):
      survey.known += 1
      survey.groups[group].withTTL += 1
      count(deadline, group)
      note(ExpiringKey(slot: slot, deadline: deadline))
    }
  }

  private mutating func count(_ deadline: Moment, _ group: Int) {
    let left = max(0, deadline.milliseconds(since: survey.base))
    if left / 1000 < ExpirySurvey.secondCount { survey.seconds[group][Int(left / 1000)] += 1 }
    if left / 60_000 < ExpirySurvey.minuteCount {
      survey.minutes[group][Int(left / 60_000)] += 1
    } else {
      survey.later += 1
    }
  }

  /// Keeps the first ones in order.
  private mutating func note(_ key: ExpiringKey) {
    if let last = survey.soonest.last, survey.soonest.count >= Self.soonestKept {
      guard key.deadline < last.deadline else { return }
      survey.soonest.removeLast()
    }
    var (low, high) = (0, survey.soonest.count)
    while low < high {
      let middle = (low + high) / 2
      if survey.soonest[middle].deadline > key.deadline { high = middle } else { low = middle + 1 }
    }
    survey.soonest.insert(key, at: low)
  }

  private mutating func group(of folder: UInt32, _ tree: KeyTree) -> Int {
    let place = Int(folder)
    if groupOfFolder.count <= place {
      let missing = max(place + 1, tree.nodes.count) - groupOfFolder.count
      groupOfFolder += Array(repeating: Self.unasked, count: missing)
    }
    if groupOfFolder[place] != Self.unasked { return Int(groupOfFolder[place]) }
    let own = survey.groups.dropLast().firstIndex { $0.folder == folder }
    let found =
      own
      ?? (folder == 0
        ? survey.groups.count - 1
        : group(of: tree.parent(KeyTree.Folder(number: folder)).number, tree))
    groupOfFolder[place] = UInt8(found)
    return found
  }

  private mutating func finish(_ keys: KeysState) {
    let share = Double(survey.known + survey.unknown) / Double(max(1, survey.known))
    survey.scale = Double(keys.sampling.oneIn) * max(1, share)
  }
}
