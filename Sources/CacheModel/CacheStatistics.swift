/// The figures of a source at one moment. Every figure may be missing: nil is "not told", never 0.
/// Counters count since the server's start and already leave out cachescope's own lookups.
package struct CacheStatistics: Sendable, Equatable {
  /// When the source answered, by this machine's wall clock and by its monotonic clock.
  package var time: WallTime
  package var moment: Moment

  private var told: [StatsFigure: Int64] = [:]
  /// The bound on memory; nil inside means known, and none.
  package var maxMemory: ByteCount?? {
    didSet { self[.memoryBound] = (maxMemory ?? nil)?.bytes }
  }
  /// Its commands, in no particular order; empty where that is not told.
  package var byCommand: [CommandFigures] = []
  /// Changes when the server restarts.
  package var runID: String?
  /// Which data the source holds now: another server may have taken over the address.
  package var identity: SourceIdentity?
  package var uptimeSeconds: Int64?
  package var evictionPolicy: String?
  /// The nodes of a cluster; nil for one server.
  package var cluster: ClusterState?
  /// What cachescope itself has sent since it connected.
  package var ownCommands: Int64 {
    get { self[.ownCommands] ?? 0 }
    set { self[.ownCommands] = newValue }
  }

  package init(time: WallTime, moment: Moment, ownCommands: Int64 = 0) {
    self.time = time
    self.moment = moment
    self.ownCommands = ownCommands
  }

  package subscript(figure: StatsFigure) -> Int64? {
    get { told[figure] }
    set { told[figure] = newValue }
  }
}

extension CacheStatistics {
  package var hits: Int64? {
    get { self[.hits] }
    set { self[.hits] = newValue }
  }

  package var misses: Int64? {
    get { self[.misses] }
    set { self[.misses] = newValue }
  }

  /// Commands processed since the start.
  package var commands: Int64? {
    get { self[.commands] }
    set { self[.commands] = newValue }
  }

  package var usedMemory: ByteCount? {
    get { self[.usedMemory].map { ByteCount($0) } }
    set { self[.usedMemory] = newValue?.bytes }
  }

  /// Keys of the database in view.
  package var keys: Int64? {
    get { self[.keys] }
    set { self[.keys] = newValue }
  }

  package var keysWithTTL: Int64? {
    get { self[.keysWithTTL] }
    set { self[.keysWithTTL] = newValue }
  }

  package var expired: Int64? {
    get { self[.expired] }
    set { self[.expired] = newValue }
  }

  package var evicted: Int64? {
    get { self[.evicted] }
    set { self[.evicted] = newValue }
  }

  package var clients: Int64? {
    get { self[.clients] }
    set { self[.clients] = newValue }
  }

  /// Bytes since the start.
  package var networkIn: Int64? {
    get { self[.networkIn] }
    set { self[.networkIn] = newValue }
  }

  package var networkOut: Int64? {
    get { self[.networkOut] }
    set { self[.networkOut] = newValue }
  }

  /// How long the question took.
  package var roundTripMicroseconds: Int64? {
    get { self[.roundTrip] }
    set { self[.roundTrip] = newValue }
  }
}
