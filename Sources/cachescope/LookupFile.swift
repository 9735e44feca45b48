import CacheBackends
import SystemIO

/// The lookups that all cachescope processes of this user cause on one server, in a file of the
/// runtime folder named after the server's run id. A run that nobody has opened for a month is over,
/// and its file goes when another is opened.
struct LookupFile: SharedLookups {
  private let counters: SharedCounters

  private static let prefix = "lookups-"
  /// Seconds after its last opening.
  private static let lifetime: Int64 = 30 * 86_400

  var total: LookupLedger { LookupLedger(hits: counters[0], misses: counters[1]) }

  func add(_ lookups: LookupLedger) {
    counters.add(lookups.hits, to: 0)
    counters.add(lookups.misses, to: 1)
  }

  /// The account of a server; nil, so that each process counts for itself, when its run id is not
  /// one or the folder cannot be used.
  @Sendable static func account(runID: String) -> (any SharedLookups)? {
    let isName = (1...64).contains(runID.utf8.count) && runID.utf8.allSatisfy(isAlphanumeric)
    guard isName, let folder = try? RuntimeFolder.open() else { return nil }
    let counters = try? SharedCounters(path: "\(folder.path)/\(prefix)\(runID)", count: 2)
    FolderEntries.removeFiles(
      in: folder.path, named: prefix, unmodifiedForSeconds: lifetime, limit: 1000)
    return counters.map(LookupFile.init)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
