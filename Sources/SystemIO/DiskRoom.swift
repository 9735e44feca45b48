import Glibc

/// How much a disk can still take.
package enum DiskRoom {
  /// Bytes that this user may still write where the path lies; nil when that is not told.
  package static func bytes(at path: String) -> Int64? {
    var facts = statvfs()
    guard statvfs(path, &facts) == 0 else { return nil }
    let (bytes, overflow) = UInt64(facts.f_bavail).multipliedReportingOverflow(
      by: UInt64(facts.f_frsize))
    return overflow ? .max : Int64(clamping: bytes)
  }
}
