package import CacheModel

/// How much a journal may keep, and for how long. What is past it goes, the oldest finished change
/// first, and never one that is under way or being taken back.
package struct JournalBounds: Sendable, Equatable {
  /// Bytes on the disk, compressed.
  package var bytes: Int64
  package var ageMilliseconds: Int64
  /// The file is never larger, whatever happens: past it, it is as if the disk were full.
  package var fileBytes: Int64

  package static let standardBytes: Int64 = 1 << 30
  package static let standardAge: Int64 = 7 * 24 * 3600 * 1000

  /// `fileBytes` is a quarter more than `bytes` and a little where it is not given.
  package init(
    bytes: Int64 = standardBytes, ageMilliseconds: Int64 = standardAge, fileBytes: Int64? = nil
  ) {
    self.bytes = min(max(bytes, 0), 1 << 50)
    self.ageMilliseconds = max(ageMilliseconds, 0)
    self.fileBytes = fileBytes ?? self.bytes + self.bytes / 4 + (64 << 20)
  }
}

/// How a journal is kept.
package struct JournalOptions: Sendable {
  package var bounds = JournalBounds()
  /// False keeps names and times alone: what was done is listed and cannot be taken back.
  package var keepsValues = true
  /// How long to wait for other programs that write the same journal.
  package var patienceMilliseconds: Int32 = 5000
  /// What time it is, for the age of changes.
  package var now: @Sendable () -> WallTime

  package init(now: @escaping @Sendable () -> WallTime) {
    self.now = now
  }
}
