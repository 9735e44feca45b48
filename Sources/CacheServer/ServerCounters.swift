/// What the server counts beside the keyspace, since its start or CONFIG RESETSTAT.
struct ServerCounters {
  struct Command {
    var calls: Int64 = 0
    var microseconds: Int64 = 0
    var failures: Int64 = 0
  }

  var commands: Int64 = 0
  var connections: Int64 = 0
  var rejectedConnections: Int64 = 0
  var errors: Int64 = 0
  var bytesIn: Int64 = 0
  var bytesOut: Int64 = 0
  /// Connections cut because they did not read their replies.
  var slowReaders: Int64 = 0
  private(set) var byCommand: [String: Command] = [:]
  private var rate = RateMeter()

  mutating func note(commandAt now: Int64) {
    commands += 1
    rate.note(commands, at: now)
  }

  mutating func note(_ name: String, microseconds: Int64) {
    byCommand[name, default: Command()].calls += 1
    byCommand[name, default: Command()].microseconds += max(0, microseconds)
  }

  mutating func noteFailure(of name: String) {
    byCommand[name, default: Command()].failures += 1
    errors += 1
  }

  /// Commands a second over the last second and a half.
  func commandsPerSecond(at now: Int64) -> Int64 {
    rate.perSecond(commands, at: now)
  }
}

/// The rate of a counter over the last 1.6 seconds, from samples at least 100 ms apart. Nothing
/// needs to run while nothing happens: silence shows as the samples grow old.
struct RateMeter {
  private var samples: [(time: Int64, total: Int64)] = []

  mutating func note(_ total: Int64, at now: Int64) {
    if let last = samples.last, now - last.time < 100, now >= last.time { return }
    samples.append((now, total))
    if samples.count > 17 { samples.removeFirst() }
  }

  func perSecond(_ total: Int64, at now: Int64) -> Int64 {
    let recent = samples.first { now - $0.time <= 1600 }
    guard let base = recent, now > base.time else { return 0 }
    return (total - base.total) * 1000 / max(now - base.time, 100)
  }
}
