import Glibc

/// Where the program behind a command's name lies.
package enum ProgramLookup {
  /// The file of a command, found in PATH unless the name has a slash, with links followed; nil when
  /// there is none that can be run.
  package static func file(of command: String, path: String?) -> String? {
    guard !command.isEmpty, !command.utf8.contains(0) else { return nil }
    if command.utf8.contains(UInt8(ascii: "/")) { return resolved(command) }
    let folders = (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
    return folders.lazy.compactMap { resolved("\($0)/\(command)") }.first
  }

  /// Whether this process may read a file.
  package static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

  private static func resolved(_ path: String) -> String? {
    guard access(path, X_OK) == 0, let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
