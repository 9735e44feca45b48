/// Changes that were made through the address of a source while the server behind it went by another
/// id: it was restarted with a new one, as a server does that keeps nothing of a replication, or
/// another server is there now. Nothing tells the two apart, so such changes are taken back only when
/// a person says so, and only where the keys are still as the change left them.
extension [JournalEntry] {
  /// Those of them that can be taken back. Linear.
  package func strays(of source: SourceDescription) -> [JournalEntry] {
    filter { $0.isStray(of: source) && !$0.isUndo && $0.canBeTakenBack }
  }
}

extension JournalEntry {
  /// Whether it was made through the address of the source, on data that went by another id.
  package func isStray(of source: SourceDescription) -> Bool {
    header.address == source.address && header.source.database == source.identity.database
      && !source.identity.owns(header.source)
  }

  /// What is to be known of so many of them, and what to do.
  package static func sentence(ofStrays count: Int) -> String {
    "\(count.counted("change")) \(count == 1 ? "was" : "were") made through this address on a "
      + "server with another identity (it was restarted, or it is another server): cachescope undo "
      + "--restarted takes \(count == 1 ? "it" : "them") back where the keys are still as the "
      + "change left them"
  }
}
