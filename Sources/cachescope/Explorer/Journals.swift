import CacheModel
import ChangeJournal
import Configuration

/// Which journal the changes of a source go to: the one on the disk, and where nothing is to be left
/// behind, one in memory.
final class Journals {
  private let onDisk: JournalOnDemand
  private let namesAlone: JournalOnDemand

  init(_ bounds: JournalBounds) {
    onDisk = JournalOnDemand(bounds)
    namesAlone = JournalOnDemand(keepsValues: false, bounds)
  }

  /// `telling` is called with what a person should know of it.
  func keeper(
    for options: ExplorerOptions, telling: @escaping @Sendable (String) -> Void
  ) -> any ChangeKeeper {
    guard !options.demo, let journal = keeper(of: options.source) else { return MemoryKeeper() }
    journal.tell(telling)
    return journal
  }

  /// The one that outlives the session; nil where the profile wants none.
  func keeper(of source: SourceOptions) -> JournalOnDemand? {
    switch source.journal {
    case .off: nil
    case .keys: namesAlone
    case .values: onDisk
    }
  }
}
