/// Where all cachescope processes of a user add up the lookups that they cause on one server, so
/// that a figure taken by one leaves out what another asked. Kept for one run of the server.
package protocol SharedLookups: Sendable {
  var total: LookupLedger { get }
  func add(_ lookups: LookupLedger)
}

/// Finds the account of a server by its run id; nil when there is none to share.
package typealias LookupSharing = @Sendable (_ runID: String) -> (any SharedLookups)?
