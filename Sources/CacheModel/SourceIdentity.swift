/// Which data a record or a name belongs to: the server's own id and the database.
///
/// A server that takes over from another one (a promoted replica), or that is restarted with what it
/// had saved of a replication, goes by a new id and names the one before. What was noted under that
/// is of the same data. Two identities are the same when their present ids are: what a server says of
/// its past tells nothing of the other one.
package struct SourceIdentity: Sendable, Hashable {
  package var serverID: String
  package var database: Int
  /// The ids that the same data went by before, as far as the server knows.
  package var formerIDs: [String]

  package init(serverID: String, database: Int, formerIDs: [String] = []) {
    self.serverID = serverID
    self.database = database
    self.formerIDs = formerIDs
  }

  package static func == (left: SourceIdentity, right: SourceIdentity) -> Bool {
    left.serverID == right.serverID && left.database == right.database
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(serverID)
    hasher.combine(database)
  }

  /// Whether what was noted under `origin` belongs to these data: it has the present id or a former
  /// one.
  package func owns(_ origin: SourceIdentity) -> Bool {
    self == origin || (database == origin.database && formerIDs.contains(origin.serverID))
  }

  /// The ids that what belongs to these data may be noted under.
  package var allIDs: [String] { [serverID] + formerIDs.filter { $0 != serverID } }
}
