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

  /// Removes a folder with everything in it, not following links; at most eight levels deep.
  package static func removeTree(path: String, depth: Int = 8) {
    guard rmdir(path) != 0, unlink(path) != 0, depth > 0 else { return }
    var facts = stat()
    guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else { return }
    for name in names(in: path, limit: .max) {
      removeTree(path: "\(path)/\(name)", depth: depth - 1)
    }
    rmdir(path)
  }
}
