import Glibc

/// Folders that only their owner may enter, such as the one of a socket.
package enum OwnerOnlyFolder {
  /// Makes the folder with rights 0700 if there is none; one that exists stays as it is. The
  /// folder above it must exist.
  package static func make(path: String) throws(Errno) {
    do {
      _ = try systemCall { Glibc.mkdir(path, 0o700) }
    } catch .exists {
      return
    } catch {
      throw error
    }
  }

  /// Whether there is a folder, or a link to one.
  package static func exists(path: String) -> Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
  }

  /// Keeps other processes that do the same out of the folder until the descriptor is closed.
  package static func lock(path: String) throws(Errno) -> OwnedDescriptor {
    let folder = OwnedDescriptor(
      owning: try systemCall { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
    let number = folder.raw
    _ = try systemCall { flock(number, LOCK_EX) }
    return folder
  }

  /// The same without waiting: nil when another process has the lock, or the folder is gone.
  package static func lockIfFree(path: String) -> OwnedDescriptor? {
    let number = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
    guard number >= 0 else { return nil }
    let folder = OwnedDescriptor(owning: number)
    guard flock(number, LOCK_EX | LOCK_NB) == 0 else { return nil }
    return folder
  }

  /// The folder of a path, `.` for a bare name.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
