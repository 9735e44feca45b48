/// What becomes of an entry whose key holds something else already.
package enum ConflictChoice: String, CaseIterable, Sendable, Hashable {
  /// The key stays as it is.
  case skip
  /// The entry takes the place of what is there.
  case replace
  /// The key stays as it is, and the whole counts as failed when it is through.
  case fail
}
