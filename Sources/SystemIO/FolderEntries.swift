import Glibc

/// What lies in a folder, and the removal of what is too old or no longer wanted there.
package enum FolderEntries {
  /// The names in a folder, without `.` and `..`, in no order; at most `limit` of them. Empty when
  /// the folder cannot be read.
  package static func names(in folder: String, limit: Int) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while names.count < limit, let entry = readdir(stream) {
      // The name is an array inside of the entry, which lives until the next call.
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Removes the regular files whose names begin so and that were not modified for so many seconds;
  /// looks at no more than `limit` entries of the folder and answers how many it removed.
  @discardableResult
  package static func removeFiles(
    in folder: String, named prefix: String, unmodifiedForSeconds age: Int64, limit: Int
  ) -> Int {
    let now = SystemClock.wallMilliseconds / 1000
    return names(in: folder, limit: limit).count { name in
      guard name.hasPrefix(prefix) else { return false }
      let path = "\(folder)/\(name)"
      var facts = stat()
      guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG,
        now - Int64(facts.st_mtim.tv_sec) > age
      else { return false }
      return unlink(path) == 0
    }
  }

  /// Removes a folder with everything in it, not following links; at most eight levels deep. With
  /// `wiping`, files that no other name leads to are overwritten with zeros before, which is as
  /// much as can be done from outside of the file system.
  package static func removeTree(path: String, wiping: Bool = false, depth: Int = 8) {
    var facts = stat()
    guard lstat(path, &facts) == 0, depth > 0 else { return }
    guard facts.st_mode & S_IFMT == S_IFDIR else {
      if wiping, facts.st_mode & S_IFMT == S_IFREG, facts.st_nlink == 1 {
        overwrite(path, length: Int(facts.st_size))
      }
      unlink(path)
      return
    }
    for name in names(in: path, limit: .max) {
      removeTree(path: "\(path)/\(name)", wiping: wiping, depth: depth - 1)
    }
    rmdir(path)
  }

  /// Zeros over what a file holds. What cannot be written stays as it is.
  private static func overwrite(_ path: String, length: Int) {
    let number = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard number >= 0 else { return }
    defer { close(number) }
    let zeros = [UInt8](repeating: 0, count: 64 << 10)
    var left = length
    while left > 0 {
      let written = write(number, zeros, min(left, zeros.count))
      guard written > 0 else { break }
      left -= written
    }
    fdatasync(number)
  }
}
