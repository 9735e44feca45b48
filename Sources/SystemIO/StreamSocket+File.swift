import Glibc

extension StreamSocket {
  /// What stands at a path that a socket is expected at.
  package enum Place: Sendable, Hashable {
    case nothing
    case ownSocket
    case socketOfSomebodyElse
    case otherFile
  }

  /// Looks at the path itself, not at what a link leads to.
  package static func place(path: String) -> Place {
    var facts = stat()
    guard lstat(path, &facts) == 0 else { return .nothing }
    guard facts.st_mode & S_IFMT == S_IFSOCK else { return .otherFile }
    return facts.st_uid == geteuid() ? .ownSocket : .socketOfSomebodyElse
  }

  /// Whether a process answers on the socket's file.
  package static func isAlive(path: String) -> Bool {
    do throws(Errno) {
      _ = try connect(toPath: path).taken()
      return true
    } catch {
      // A full backlog is one of a living process.
      return error == .wouldBlock
    }
  }

  /// Whether the path itself (not what a link leads to) is a socket's file.
  package static func isSocketFile(path: String) -> Bool {
    var facts = stat()
    return lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFSOCK
  }
}
