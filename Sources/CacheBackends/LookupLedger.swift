package import RESP

/// How many of a server's keyspace hits and misses our own commands have caused.
///
/// A server counts a hit or a miss for every read of a key, those of an explorer that only looks at
/// TYPE and PTTL too. The ledger knows for each command what it counts, and tells hit from miss by
/// the reply. Where the reply alone cannot tell (HGET answers null for a missing key and for a
/// missing field), an earlier reply for the same key decides. The rules are those of `lookupKey` in
/// db.c of Redis 7: reads count, lookups for writing and MEMORY USAGE and a plain SCAN do not.
package struct LookupLedger: Sendable, Equatable {
  /// Lookups of keys that were there.
  package private(set) var hits: Int64 = 0
  /// Lookups of keys that were not.
  package private(set) var misses: Int64 = 0

  package init() {}

  /// Takes in what a batch was answered, by a server that counts by these rules. Linear.
  package mutating func observe(
    _ batch: [RESPCommand], _ replies: [RESPValue], by rules: LookupRules = LookupRules()
  ) {
    // Few batches hold a reply that another one has to explain.
    var known: [[UInt8]: Bool]?
    for (place, (command, reply)) in zip(batch, replies).enumerated() {
      if known == nil, countQuickly(command, reply) { continue }
      if command.verb == "EXISTS" || command.verb == "TOUCH" {
        if rules.countsExists || command.verb != "EXISTS" { countKeys(command, reply) }
        continue
      }
      guard let (key, outcome) = LookupRule.outcome(of: command, reply) else { continue }
      if outcome == .unclear, known == nil {
        known = Self.found(zip(batch, replies).prefix(place))
      }
      let found = outcome == .unclear ? known?[key] ?? true : outcome == .hit
      known?[key] = found
      guard rules.counts(command, found) else { continue }
      if found { hits += 1 } else { misses += 1 }
    }
  }

  /// Counts the commands of which there are millions; false for any other, and where others of the
  /// batch may need to know.
  private mutating func countQuickly(_ command: RESPCommand, _ reply: RESPValue) -> Bool {
    guard let name = command.arguments.first else { return false }
    if name == Self.memory { return true }
    if name == Self.type, case .simple(let kind) = reply {
      if kind == Self.none { misses += 1 } else { hits += 1 }
      return true
    }
    guard name == Self.pttl, case .integer(let left) = reply else { return false }
    if left == -2 { misses += 1 } else { hits += 1 }
    return true
  }

  private static let (memory, type) = (Array("MEMORY".utf8), Array("TYPE".utf8))
  private static let (pttl, none) = (Array("PTTL".utf8), Array("none".utf8))

  /// Which keys were there, as far as replies tell.
  private static func found(
    _ answers: some Sequence<(RESPCommand, RESPValue)>
  ) -> [[UInt8]: Bool] {
    var found: [[UInt8]: Bool] = [:]
    for (command, reply) in answers {
      guard let (key, outcome) = LookupRule.outcome(of: command, reply), outcome != .unclear else {
        continue
      }
      found[key] = outcome == .hit
    }
    return found
  }

  package init(hits: Int64, misses: Int64) {
    self.hits = hits
    self.misses = misses
  }

  mutating func add(_ other: LookupLedger) {
    hits &+= other.hits
    misses &+= other.misses
  }

  /// The account that takes this one back. Figures of a shared account come from outside, so sums
  /// wrap and never trap.
  var negated: LookupLedger { LookupLedger(hits: 0 &- hits, misses: 0 &- misses) }

  /// Takes an earlier state of this account off.
  mutating func subtract(_ earlier: LookupLedger) {
    hits &-= earlier.hits
    misses &-= earlier.misses
  }

  private mutating func countKeys(_ command: RESPCommand, _ reply: RESPValue) {
    guard case .integer(let told) = reply else { return }
    let asked = Int64(command.arguments.count - 1)
    let found = min(max(0, told), asked)
    hits += found
    misses += asked - found
  }
}

/// What versions of the server count differently, as was seen on each of them.
package struct LookupRules: Sendable, Equatable {
  /// OBJECT counts a key that is there, and one that is not.
  private var countsObjects = true
  private var countsMissingObjects = true
  fileprivate private(set) var countsExists = true

  package init() {}

  /// Those of a server that tells this of itself.
  init(of figures: ServerFigures) {
    countsObjects = !figures.isOlder(than: 6, 0)
    countsMissingObjects = !figures.isOlder(than: 6, 2)
    countsExists = !figures.isOlder(than: 5, 0)
  }

  fileprivate func counts(_ command: RESPCommand, _ found: Bool) -> Bool {
    command.verb != "OBJECT" || (found ? countsObjects : countsMissingObjects)
  }
}

/// What one command counts on the server, by its reply.
enum LookupRule {
  enum Outcome {
    case hit, miss, unclear
  }

  /// The key that was looked up and whether it was there; nil when nothing was counted.
  static func outcome(
    of command: RESPCommand, _ reply: RESPValue
  ) -> (key: [UInt8], outcome: Outcome)? {
    guard let (key, sign) = subject(of: command) else { return nil }
    if let error = reply.error {
      // The key was found before its kind, or the eviction policy, was seen not to fit.
      let wasFound = error.isWrongType || error.text.contains("maxmemory policy")
      return wasFound ? (key, .hit) : nil
    }
    return (key, outcome(reply, sign))
  }

  /// How a reply shows that there was no key.
  private enum Sign {
    case none, minusTwo, null, zero, empty
    /// The same reply may come from a key that is there.
    case perhapsNull, perhapsZero, perhapsEmpty
  }

  private static func subject(of command: RESPCommand) -> (key: [UInt8], sign: Sign)? {
    let arguments = command.arguments
    guard arguments.count > 1 else { return nil }
    if command.verb == "OBJECT" {
      let word = String(decoding: arguments[1].map(asciiUppercased), as: UTF8.self)
      let isLookup = ["ENCODING", "IDLETIME", "FREQ", "REFCOUNT"].contains(word)
      return isLookup && arguments.count > 2 ? (arguments[2], .null) : nil
    }
    if command.verb == "HPTTL" { return (arguments[1], .empty) }
    if command.verb == "XINFO" { return arguments.count > 2 ? (arguments[2], .null) : nil }
    return signs[command.verb].map { (arguments[1], $0) }
  }

  private static let signs: [String: Sign] = [
    "TYPE": .none, "JSON.GET": .null, "TTL": .minusTwo, "PTTL": .minusTwo, "EXPIRETIME": .minusTwo,
    "PEXPIRETIME": .minusTwo, "GET": .null, "DUMP": .null, "GETEX": .null, "GETDEL": .null,
    "HLEN": .zero, "LLEN": .zero, "SCARD": .zero, "ZCARD": .zero, "HGETALL": .empty,
    "SMEMBERS": .empty, "HKEYS": .empty, "HVALS": .empty, "STRLEN": .perhapsZero,
    "XLEN": .perhapsZero, "HEXISTS": .perhapsZero, "SISMEMBER": .perhapsZero,
    "HSTRLEN": .perhapsZero, "HGET": .perhapsNull, "LINDEX": .perhapsNull,
    "ZSCORE": .perhapsNull, "HMGET": .perhapsEmpty, "GETRANGE": .perhapsEmpty,
    "LRANGE": .perhapsEmpty, "ZRANGE": .perhapsEmpty, "XRANGE": .perhapsEmpty,
    "COPY": .perhapsZero, "HSCAN": .perhapsEmpty, "SSCAN": .perhapsEmpty, "ZSCAN": .perhapsEmpty,
    "XPENDING": .perhapsEmpty,
  ]

  private static func outcome(_ reply: RESPValue, _ sign: Sign) -> Outcome {
    switch sign {
    case .none: reply.text == "none" ? .miss : .hit
    case .minusTwo: reply.integer == -2 ? .miss : .hit
    case .null: reply.isNull ? .miss : .hit
    case .zero: reply.integer == 0 ? .miss : .hit
    case .empty: isEmpty(reply) ? .miss : .hit
    case .perhapsNull: reply.isNull ? .unclear : .hit
    case .perhapsZero: reply.integer == 0 ? .unclear : .hit
    case .perhapsEmpty: isEmpty(reply) ? .unclear : .hit
    }
  }

  /// Nothing in it: an empty string or aggregate, one of nulls alone, or a scan's empty page.
  private static func isEmpty(_ reply: RESPValue) -> Bool {
    if let bytes = reply.bytes { return bytes.isEmpty }
    guard let elements = reply.elements else { return reply.isNull }
    if elements.count == 2, let page = elements[1].elements {
      return page.isEmpty && elements[0].text == "0"
    }
    return elements.allSatisfy(\.isNull)
  }
}
