/// The figures of a source at one moment. Every figure may be missing: nil is "not told", never 0.
/// Counters count since the server's start and already leave out cachescope's own lookups.
package struct CacheStatistics: Sendable, Equatable {
  /// When the source answered, by this machine's wall clock and by its monotonic clock.
  package var time: WallTime
  package var moment: Moment

  package var hits: Int64?
  package var misses: Int64?
  /// Commands processed since the start.
  package var commands: Int64?
  package var usedMemory: ByteCount?
  /// The bound on memory; nil inside means known, and none.
  package var maxMemory: ByteCount??
  /// Keys of the database in view.
  package var keys: Int64?
  package var keysWithTTL: Int64?
  package var expired: Int64?
  package var evicted: Int64?
  package var clients: Int64?
  /// Bytes since the start.
  package var networkIn: Int64?
  package var networkOut: Int64?
  /// Changes when the server restarts.
  package var runID: String?
  /// Which data the source holds now: another server may have taken over the address.
  package var identity: SourceIdentity?
  package var uptimeSeconds: Int64?
  package var evictionPolicy: String?
  /// The nodes of a cluster; nil for one server.
  package var cluster: ClusterState?
  /// How long the question took.
  package var roundTripMicroseconds: Int64?
  /// What cachescope itself has sent since it connected.
  package var ownCommands: Int64

  package init(time: WallTime, moment: Moment, ownCommands: Int64 = 0) {
    self.time = time
    self.moment = moment
    self.ownCommands = ownCommands
  }
}
