extension KeeperError {
  /// What happened and what to do next, in one sentence for a person.
  package var sentence: String {
    switch self {
    case .tooLarge(let needed, let bound):
      "the journal may hold \(Self.size(bound)) and this would take \(Self.size(needed)): "
        + "change fewer keys at once, or let the journal have more"
    case .diskFull:
      "the disk of the journal is full: make room, or forget old changes by cachescope undo --purge"
    case .damaged(let what):
      "the journal is damaged (\(what)): it is put aside when the program starts again"
    case .locked:
      "another program holds the journal: try again in a moment"
    case .unsafe(let what):
      "the journal is not safe where it is: \(what)"
    case .noSuchChange:
      "the journal no longer holds that change"
    case .io(let what):
      "the journal cannot be written: \(what)"
    }
  }

  private static func size(_ bytes: Int64) -> String {
    bytes < 10 << 20 ? "\(max(1, bytes >> 10)) KiB" : "\(bytes >> 20) MiB"
  }
}
