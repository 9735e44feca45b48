import Glibc

/// The folder for sockets and short-lived files: `$XDG_RUNTIME_DIR/cachescope`, or without that
/// variable `/tmp/cachescope-UID`. It is made with rights 0700 and refused unless it is a folder of
/// this user's own with exactly these rights, because a folder that others may enter or replace
/// would let them answer in the engine's place.
package struct RuntimeFolder: Sendable {
  package let path: String

  /// Opens the folder, making it when it is missing.
  package static func open() throws(RuntimeFolderError) -> RuntimeFolder {
    let path = standardPath
    if mkdir(path, 0o700) != 0, Errno.last != .exists {
      throw .cannotBeMade(path: path, reason: Errno.last.text)
    }
    var status = stat()
    guard lstat(path, &status) == 0 else {
      throw .cannotBeMade(path: path, reason: Errno.last.text)
    }
    guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid() else {
      throw .notOwn(path: path)
    }
    guard status.st_mode & 0o777 == 0o700 else {
      throw .openToOthers(path: path, mode: status.st_mode & 0o777)
    }
    return RuntimeFolder(path: path)
  }

  /// Where the built-in engine of this name listens.
  package func engineSocket(named name: String) -> String {
    "\(path)/\(name).sock"
  }

  /// Keeps other processes from doing the same until the descriptor is closed: a lock on a file of
  /// this name, which stays. Nil when somebody else holds it for so long.
  package func lock(named name: String, patienceMilliseconds: Int64) throws(Errno)
    -> OwnedDescriptor?
  {
    let path = "\(path)/\(name).lock"
    let file = OwnedDescriptor(
      owning: try systemCall { Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600) })
    let number = file.raw
    let deadline = SystemClock.monotonicMilliseconds + patienceMilliseconds
    while true {
      do throws(Errno) {
        _ = try systemCall { flock(number, LOCK_EX | LOCK_NB) }
        return file
      } catch .wouldBlock {
        guard SystemClock.monotonicMilliseconds < deadline else { return nil }
        poll(nil, 0, 5)
      } catch {
        throw error
      }
    }
  }

  private static var standardPath: String {
    if let folder = EnvironmentVariable.value(of: "XDG_RUNTIME_DIR"), folder.hasPrefix("/") {
      return "\(folder)/cachescope"
    }
    return "/tmp/cachescope-\(ProcessIdentity.user)"
  }
}

/// Why the runtime folder cannot be used.
package enum RuntimeFolderError: Error, Sendable, Hashable {
  case cannotBeMade(path: String, reason: String)
  case notOwn(path: String)
  case openToOthers(path: String, mode: UInt32)

  /// What is wrong, and what to do.
  package var sentence: String {
    switch self {
    case .cannotBeMade(let path, let reason):
      "the folder \(path) cannot be made: \(reason); set XDG_RUNTIME_DIR to a folder of your own"
    case .notOwn(let path):
      "\(path) is not a folder of your own; remove it or set XDG_RUNTIME_DIR"
    case .openToOthers(let path, let mode):
      "others may enter \(path) (rights \(String(mode, radix: 8))): chmod 700 \(path)"
    }
  }
}
