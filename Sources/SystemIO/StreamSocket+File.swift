import Glibc

extension StreamSocket {
  /// Whether the path itself (not what a link leads to) is a socket's file.
  package static func isSocketFile(path: String) -> Bool {
    var facts = stat()
    return lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFSOCK
  }
}
