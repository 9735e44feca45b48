/// What becomes of an entry whose key exists already.
enum ConflictChoice: String, CaseIterable, Sendable {
  /// The key stays as it is.
  case skip
  /// The entry takes the place of what is there.
  case replace
  /// The key stays as it is, and the command ends with a failure when it is through.
  case fail
}
