/// What a configuration says of the journal of changes. Nil is not said.
///
/// Sizes and ages bound the whole journal, which is one for all sources, so the general part alone
/// says them; what is kept, and of values how large, a profile may say for its source.
package struct ConfiguredJournal: Sendable, Equatable {
  package var detail: JournalDetail?
  /// Bytes that the journal may take on the disk.
  package var bytes: Int?
  /// How old a change may become.
  package var ageMilliseconds: Int64?
  /// Bytes of the largest value that is kept.
  package var valueBytes: Int?

  package init() {}

  /// This, and where it says nothing, the other.
  package func over(_ general: ConfiguredJournal) -> ConfiguredJournal {
    var journal = self
    journal.detail = detail ?? general.detail
    journal.bytes = bytes ?? general.bytes
    journal.ageMilliseconds = ageMilliseconds ?? general.ageMilliseconds
    journal.valueBytes = valueBytes ?? general.valueBytes
    return journal
  }

  /// Bytes of the largest value that can be kept at all: the longest string of a server.
  package static let mostValueBytes = 512 << 20
}
