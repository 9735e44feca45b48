import Glibc
import Synchronization

/// A file that only its owner may read, to which lines are added at its end, and which is put aside
/// when it has grown: `name` becomes `name.1`, that `name.2`, and the oldest goes.
///
/// `append` never waits for the disk: a thread of the file's own writes what has gathered. When the
/// disk does not keep up, what goes beyond `backlog` bytes is dropped and counted, and a line says so
/// later. Several processes may add to the same file: each write is one piece of whole lines.
package final class RotatingFile: Sendable {
  /// Bytes after which the file is put aside, and how many of those are kept.
  package static let standardBound = 8 << 20
  package static let keptFiles = 4
  private static let backlog = 16 << 20

  private let path: String
  private let bound: Int
  private let gathered = Mutex(Gathered())
  private let wake: WakeDescriptor

  private struct Gathered {
    var bytes: [UInt8] = []
    var dropped = 0
    var isClosed = false
    var isWriting = false
  }

  /// Opens nothing yet: the file is made with the first line.
  package init(path: String, bound: Int = RotatingFile.standardBound) throws(Errno) {
    self.path = path
    self.bound = bound
    wake = try WakeDescriptor()
    try SystemThread.start(name: "log") { [self] in run() }
  }

  /// Adds whole lines, each with its end.
  package func append(_ lines: [UInt8]) {
    gathered.withLock { gathered in
      guard gathered.bytes.count + lines.count <= Self.backlog else {
        gathered.dropped += 1
        return
      }
      gathered.bytes += lines
    }
    wake.wake()
  }

  /// Waits until everything is on its way to the disk, and ends the thread. Bounded by a second.
  package func close() {
    gathered.withLock { $0.isClosed = true }
    wake.wake()
    for _ in 0..<200 {
      if gathered.withLock({ $0.bytes.isEmpty && !$0.isWriting }) { return }
      poll(nil, 0, 5)
    }
  }

  // MARK: On the thread

  private func run() {
    while true {
      _ = WakeDescriptor.wait(on: wake.raw, milliseconds: -1)
      wake.drain()
      let (bytes, isClosed) = gathered.withLock { gathered in
        defer {
          gathered.bytes = []
          gathered.isWriting = true
        }
        if gathered.dropped > 0 {
          gathered.bytes += Array("\(gathered.dropped) entries dropped: the disk is slow\n".utf8)
          gathered.dropped = 0
        }
        return (gathered.bytes, gathered.isClosed)
      }
      write(bytes)
      gathered.withLock { $0.isWriting = false }
      if isClosed { return }
    }
  }

  /// What cannot be written is lost: a log must not end the work it tells of.
  private func write(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    let number = open(
      path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, mode_t(0o600))
    guard number >= 0 else { return }
    let file = OwnedDescriptor(owning: number)
    var status = stat()
    guard fstat(file.raw, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
    // What is left of a failed write is lost with it.
    try? writeAll(bytes, to: file.raw)
    if Int(status.st_size) + bytes.count > bound { rotate() }
  }

  private func rotate() {
    for number in stride(from: Self.keptFiles - 1, through: 1, by: -1) {
      rename("\(path).\(number)", "\(path).\(number + 1)")
    }
    rename(path, "\(path).1")
  }
}
