import Glibc

/// Whole small files: a configuration, a password, what an editor left behind.
package enum FileBytes {
  /// Everything in the file. More than `limit` bytes is `.tooLarge`: nothing is kept.
  package static func read(path: String, limit: Int) throws(Errno) -> [UInt8] {
    let file = OwnedDescriptor(
      owning: try systemCall { Glibc.open(path, O_RDONLY | O_CLOEXEC) })
    return try read(file, limit: limit)
  }

  /// The same of a file that is open already.
  static func read(
    _ file: borrowing OwnedDescriptor, limit: Int
  ) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 64 << 10)
    while case .bytes(let count) = try readOnce(file, &room) {
      bytes.append(contentsOf: room[..<count])
      guard bytes.count <= limit else { throw .tooLarge }
    }
    return bytes
  }

  /// Writes a new file that only its owner may read or write; an existing one (or a link of that
  /// name) is `.exists` unless `replacing`, which cuts it to the new length.
  package static func writeOwnerOnly(
    path: String, _ bytes: [UInt8], replacing: Bool = false
  ) throws(Errno) {
    let mode = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (replacing ? O_TRUNC : O_EXCL)
    let file = OwnedDescriptor(owning: try systemCall { Glibc.open(path, mode, 0o600) })
    let number = file.raw
    _ = try systemCall { Glibc.fchmod(number, 0o600) }
    try writeAll(bytes, to: number)
  }

  private static func readOnce(
    _ file: borrowing OwnedDescriptor, _ room: inout [UInt8]
  ) throws(Errno) -> Transfer {
    let number = file.raw
    return try transfer {
      room.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress, $0.count) }
    }
  }
}

/// Writes everything to a file, which takes it without waiting for a reader.
func writeAll(_ bytes: [UInt8], to number: CInt) throws(Errno) {
  var written = 0
  while written < bytes.count {
    let start = written
    let transferred = try transfer {
      bytes.withUnsafeBytes { whole in
        let rest = UnsafeRawBufferPointer(rebasing: whole[start...])
        return Glibc.write(number, rest.baseAddress, rest.count)
      }
    }
    guard case .bytes(let count) = transferred else { throw .wouldBlock }
    written += count
  }
}
