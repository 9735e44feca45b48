import CacheEngine
import RESP

/// The deletion of all keys of some tags, done in slices so that other clients are served between
/// two of them.
///
/// Every key that had one of the tags when the command came, and has kept its name and the tag, is
/// gone when it is answered; a key that got the tag later stays, so that the removal ends however
/// fast an application fills its cache again.
struct TagRemoval {
  /// About how many keys a slice looks at.
  static let slice = 1000

  let database: Int
  /// The tags that are not done yet, the last one first.
  private var tags: [[UInt8]]
  private let stamp: UInt64
  private var cursor: UInt64 = 0
  private(set) var removed = 0

  init(of tags: [[UInt8]], in database: Int, since stamp: UInt64) {
    self.tags = tags.reversed()
    self.database = database
    self.stamp = stamp
  }

  var isDone: Bool { tags.isEmpty }

  /// Does one slice.
  mutating func advance(in engine: CommandEngine) {
    guard let tag = tags.last else { return }
    let (next, keys) = engine.keyspace.removeTagged(
      tag, since: stamp, from: cursor, count: Self.slice, in: database, at: engine.now)
    for key in keys { engine.notify(.generic, "del", key, in: database) }
    removed += keys.count
    cursor = next
    if next == 0 { tags.removeLast() }
  }
}

extension CommandTable {
  /// A client on a socket waits while the slices are done; inside of a transaction, and for a
  /// caller in this process, all are done at once.
  static func invalidate(_ call: CommandCall) throws(RESPError) -> RESPValue {
    var removal = TagRemoval(
      of: Array(call.arguments.dropFirst()), in: call.database,
      since: call.engine.keyspace.latestStamp)
    let mayWait = call.mayWait && call.session.deliver != nil
    repeat {
      removal.advance(in: call.engine)
    } while !removal.isDone && !mayWait
    guard removal.isDone else {
      call.engine.goOn(removal, for: call)
      return .null
    }
    return .integer(Int64(removal.removed))
  }
}

extension CommandEngine {
  /// Holds the session until the removal is done.
  fileprivate func goOn(_ removal: TagRemoval, for call: CommandCall) {
    removals.append((call.session.id, removal))
    hold(call.session, Waiting(arguments: call.arguments, keys: [], type: ""))
  }

  /// Does one slice of every removal and answers those that are done. One whose client has left
  /// is done all the same.
  func advanceRemovals() {
    guard !removals.isEmpty else { return }
    for index in removals.indices {
      active = removals[index].session
      var removal = removals[index].removal
      removal.advance(in: self)
      removals[index].removal = removal
      tellNotes()
    }
    for (id, removal) in removals where removal.isDone {
      guard let session = sessions[id], session.waiting != nil else { continue }
      release(session)
      session.deliver?(.integer(Int64(removal.removed)))
    }
    removals.removeAll { $0.removal.isDone }
    if !readyKeys.isEmpty { serveWaiters() }
  }
}
