import CacheModel

/// What single commands have cost over the last day: the source's counters as they were every ten
/// seconds for the last quarter of an hour, and every five minutes before that.
///
/// What happened over some time is the difference of two of them. Bounded by the number of commands
/// that a source knows: beyond 200 those that
/// took the least time are left out.
package struct CommandHistory: Sendable {
  private struct Snapshot: Sendable {
    var moment: Moment
    var commands: [CommandFigures]
  }

  /// The oldest first; all of one run of the server.
  private var snapshots: [Snapshot] = []
  private var latest: Snapshot?

  static let fineStep: Int64 = 10_000
  static let fineReach: Int64 = 900_000
  static let coarseStep: Int64 = 300_000
  static let reach: Int64 = 86_400_000
  private static let commandLimit = 200

  /// Bytes that it takes, about.
  var heldBytes: Int {
    snapshots.reduce(0) { $0 + $1.commands.capacity * MemoryLayout<CommandFigures>.stride }
  }

  mutating func record(_ sample: CacheStatistics, beginsAnew: Bool) {
    if beginsAnew { snapshots = [] }
    guard !sample.byCommand.isEmpty else { return latest = nil }
    var commands = sample.byCommand
    if commands.count > Self.commandLimit {
      commands.sort { $0.microseconds > $1.microseconds }
      commands.removeLast(commands.count - Self.commandLimit)
    }
    let snapshot = Snapshot(moment: sample.moment, commands: commands)
    latest = snapshot
    if let last = snapshots.last, sample.moment.milliseconds(since: last.moment) < Self.fineStep {
      return
    }
    snapshots.append(snapshot)
    thinOut(at: sample.moment)
  }

  /// Of what is older than the fine reach, one in every coarse step stays.
  private mutating func thinOut(at now: Moment) {
    if let first = snapshots.first, now.milliseconds(since: first.moment) > Self.reach {
      snapshots.removeFirst()
    }
    // The newest that is not fine any more goes when the one before it is near.
    let place = snapshots.lastIndex { now.milliseconds(since: $0.moment) > Self.fineReach }
    guard let place, place > 0 else { return }
    let step = snapshots[place].moment.milliseconds(since: snapshots[place - 1].moment)
    if step < Self.coarseStep { snapshots.remove(at: place) }
  }

  /// What was done over about the last `milliseconds`; empty where the source does not tell.
  package func use(over milliseconds: Int64) -> [CommandUse] {
    guard let latest else { return [] }
    let start = latest.moment.advanced(by: -milliseconds)
    let base = snapshots.last { $0.moment <= start } ?? snapshots.first
    guard let base, base.moment < latest.moment else { return [] }
    let seconds = Double(latest.moment.milliseconds(since: base.moment)) / 1000
    let before = Dictionary(base.commands.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    let uses = latest.commands.map { CommandUse($0, since: before[$0.name], seconds: seconds) }
    let time = uses.reduce(0) { $0 + $1.microseconds }
    return uses.filter { $0.calls > 0 }.map { use in
      var use = use
      use.share = time > 0 ? use.microseconds / time : 0
      return use
    }
  }
}

/// What was done by one command over some time.
package struct CommandUse: Sendable, Equatable {
  package var name: String
  package var calls: Double
  package var callsPerSecond: Double
  package var microseconds: Double
  /// Of the time of all commands, from 0 to 1.
  package var share = 0.0
  /// Nil where the source does not tell.
  package var failuresPerSecond: Double?
  package var median: Double?
  package var percentile99: Double?

  init(_ now: CommandFigures, since before: CommandFigures?, seconds: Double) {
    name = now.name
    calls = Double(max(0, now.calls &- (before?.calls ?? 0)))
    callsPerSecond = calls / seconds
    microseconds = Double(max(0, now.microseconds &- (before?.microseconds ?? 0)))
    failuresPerSecond = now.failures.map {
      Double(max(0, $0 &- (before?.failures ?? 0))) / seconds
    }
    median = now.median
    percentile99 = now.percentile99
  }

  package var microsecondsPerCall: Double { calls > 0 ? microseconds / calls : 0 }
}
