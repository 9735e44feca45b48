import Glibc

/// Reads files that decide what the program does, such as a configuration. One that somebody else
/// owns, or that others may write or replace, is refused.
package enum TrustedFile {
  /// Everything in the file, at most `limit` bytes; nil when there is no such file.
  ///
  /// Links are followed first; then the file must be a regular one of this user or of root that
  /// nobody else may write, and so must the folders be in which the file and the link to it lie.
  package static func read(path: String, limit: Int) throws(TrustedFileError) -> [UInt8]? {
    guard let resolved = realpath(path, nil) else {
      if Errno.last == .notFound || Errno.last.code == ENOTDIR { return nil }
      throw .cannotBeRead(path: path, reason: Errno.last.text)
    }
    defer { free(resolved) }
    let place = String(cString: resolved)
    try check(folder: OwnerOnlyFolder.folder(of: path))
    try check(folder: OwnerOnlyFolder.folder(of: place))
    let file = try opened(place, path)
    var facts = stat()
    guard fstat(file.raw, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      throw .cannotBeRead(path: path, reason: "it is no regular file")
    }
    try check(facts, path)
    do throws(Errno) {
      return try FileBytes.read(file, limit: limit)
    } catch {
      throw .cannotBeRead(path: path, reason: error.text)
    }
  }

  /// Without waiting for the other side of a pipe.
  private static func opened(
    _ place: String, _ path: String
  ) throws(TrustedFileError) -> OwnedDescriptor {
    do throws(Errno) {
      let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
      return OwnedDescriptor(owning: try systemCall { open(place, flags) })
    } catch {
      throw .cannotBeRead(path: path, reason: error.text)
    }
  }

  private static func check(folder: String) throws(TrustedFileError) {
    var facts = stat()
    guard stat(folder, &facts) == 0 else {
      throw .cannotBeRead(path: folder, reason: Errno.last.text)
    }
    try check(facts, folder)
  }

  private static func check(_ facts: stat, _ path: String) throws(TrustedFileError) {
    guard facts.st_uid == geteuid() || facts.st_uid == 0 else { throw .notOwn(path: path) }
    guard facts.st_mode & 0o022 == 0 else {
      throw .writableByOthers(path: path, mode: facts.st_mode & 0o777)
    }
  }
}

/// Why a file is not believed.
package enum TrustedFileError: Error, Sendable, Hashable {
  case cannotBeRead(path: String, reason: String)
  /// A file or its folder belongs to somebody else.
  case notOwn(path: String)
  case writableByOthers(path: String, mode: UInt32)

  /// What is wrong, and what to do.
  package var sentence: String {
    switch self {
    case .cannotBeRead(let path, let reason): "\(path) cannot be read: \(reason)"
    case .notOwn(let path):
      "\(path) belongs to somebody else, who could change what is in it: make it your own"
    case .writableByOthers(let path, let mode):
      "others may write \(path) (rights \(String(mode, radix: 8))): chmod go-w \(path)"
    }
  }
}
