import Glibc

/// A file that grows at its end and that only its owner may read, or standard output.
package final class GrowingFile: Sendable {
  private let owner: OwnedDescriptor?
  private let number: CInt

  /// Standard output.
  package init() {
    owner = nil
    number = StandardStream.output.rawValue
  }

  /// A new file; one of that name is `.exists`.
  package init(creating path: String) throws(Errno) {
    number = try systemCall {
      open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode_t(0o600))
    }
    owner = OwnedDescriptor(owning: number)
  }

  /// An existing file, cut to so many bytes, to go on there.
  package init(reopening path: String, at length: Int64) throws(Errno) {
    let opened = try systemCall { open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_APPEND) }
    owner = OwnedDescriptor(owning: opened)
    number = opened
    _ = try systemCall { ftruncate(opened, off_t(length)) }
  }

  /// Waits on the calling thread.
  package func write(_ bytes: [UInt8]) throws(Errno) {
    if number == StandardStream.output.rawValue { return try StandardStream.output.write(bytes) }
    try writeAll(bytes, to: number)
  }

  /// Takes away a file that was made here and could not be written whole.
  package static func remove(_ path: String) {
    _ = unlink(path)
  }

  /// Returns once what was written is on the disk.
  package func synchronize() throws(Errno) {
    let number = number
    guard number != StandardStream.output.rawValue else { return }
    _ = try systemCall { fsync(number) }
  }
}
