import CacheModel
import RESP

/// What was learnt about one server: which commands it lacks or refuses this user, and why. What
/// was refused for good is not asked again until the source is opened anew.
struct RedisTraits: Sendable {
  /// A command, or an option of one, that the backend can do without.
  enum Feature: String, Sendable, Hashable {
    case type = "TYPE"
    case pttl = "PTTL"
    case memoryUsage = "MEMORY USAGE"
    case encoding = "OBJECT ENCODING"
    case idleTime = "OBJECT IDLETIME"
    case frequency = "OBJECT FREQ"
    case scanType = "SCAN TYPE"
    case info = "INFO"
    case dump = "DUMP"
    case restore = "RESTORE"
    case expireTime = "PEXPIRETIME"
    case keepTTL = "SET KEEPTTL"
    case unlink = "UNLINK"
    case asyncFlush = "FLUSHDB ASYNC"
    case copy = "COPY"
    /// The commands that read a whole value.
    case contents = "whole values"
    case dbsize = "DBSIZE"
    case time = "TIME"
    case tags = "CACHESCOPE.TAGS"
  }

  private(set) var refusals: [Feature: String] = [:]
  var figures = ServerFigures("") {
    didSet {
      isEngine = figures.product.name == "cachescope"
      lineage.follow(figures)
    }
  }
  private(set) var lineage = ServerLineage()
  /// Whether the server is the built-in engine.
  private var isEngine = false
  var runID: String?
  /// The ids of the connections on which this program has keys tracked.
  var ownTrackers: Set<Int64> = []
  /// The figures that the account of lookups was last seen to agree with, in this run.
  var agreed: ServerFigures?

  /// The oldest RDB version of which RESTORE has refused a payload.
  private(set) var refusedPayload: UInt64?

  func has(_ feature: Feature) -> Bool { refusals[feature] == nil }

  /// Whether RESTORE knows REPLACE, which came with Redis 3.0, and ZADD its options, which came with
  /// 3.0.2.
  var restoresOver: Bool { !figures.isOlder(than: 3, 0) }
  var addsWithOptions: Bool { !figures.isOlder(than: 3, 2) }

  /// Whether the server is the built-in engine, whose keys can have tags.
  var keepsTags: Bool { isEngine && has(.tags) }

  /// Whether old states can be had: in the server's own form, or by typed reads.
  var keepsStates: Bool { has(.dump) || has(.contents) }

  /// The server's words about a feature that was lost.
  func refusal(of feature: Feature) -> String? { refusals[feature] }

  mutating func lose(_ feature: Feature, because reason: String) {
    if refusals[feature] == nil { refusals[feature] = reason }
  }

  /// From now on no payload of the version, or of a newer one, is taken to RESTORE.
  mutating func refuse(payloadsFrom version: UInt64) {
    refusedPayload = min(refusedPayload ?? .max, version)
  }

  mutating func forgetRefusals() {
    refusals = [:]
    refusedPayload = nil
  }

  /// Why capabilities are missing, in the server's words.
  var missing: [Capability: String] {
    var missing: [Capability: String] = [:]
    missing[.memoryUsage] = refusals[.memoryUsage]
    missing[.statistics] = refusals[.info]
    missing[.idleTime] = refusals[.idleTime]
    missing[.frequency] = refusals[.frequency]
    if let policy = figures.text("maxmemory_policy") {
      let isLFU = policy.contains("lfu")
      missing[isLFU ? .idleTime : .frequency] = "its maxmemory-policy is \(policy)"
    }
    missing[.undo] = keepsStates ? nil : refusals[.dump]
    guard figures.refusesWrites else { return missing }
    for capability in [Capability.write, .expire, .flush, .undo] {
      missing[capability] = "this server is a replica that takes no writes"
    }
    return missing
  }
}
