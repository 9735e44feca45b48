import Glibc

/// The folder for what outlives a run: `$XDG_STATE_HOME/cachescope`, or without that variable
/// `~/.local/state/cachescope`. It is made with rights 0700, with the folders above it, and refused
/// unless it is this user's own and closed to others, because it holds copies of values.
package struct StateFolder: Sendable {
  package let path: String

  /// Opens the folder, making it when it is missing.
  package static func open() throws(StateFolderError) -> StateFolder {
    guard let path = standardPath else { throw .noHome }
    return try open(path)
  }

  /// The same for a folder of another name.
  package static func open(_ path: String) throws(StateFolderError) -> StateFolder {
    try make(path)
    var status = stat()
    guard lstat(path, &status) == 0 else {
      throw .cannotBeMade(path: path, reason: Errno.last.text)
    }
    guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid() else {
      throw .notOwn(path: path)
    }
    guard status.st_mode & 0o077 == 0 else {
      throw .openToOthers(path: path, mode: status.st_mode & 0o777)
    }
    return StateFolder(path: path)
  }

  private static func make(_ path: String) throws(StateFolderError) {
    if mkdir(path, 0o700) == 0 || Errno.last == .exists { return }
    let above = OwnerOnlyFolder.folder(of: path)
    guard Errno.last == .notFound, above != path else {
      throw .cannotBeMade(path: path, reason: Errno.last.text)
    }
    try make(above)
    guard mkdir(path, 0o700) == 0 || Errno.last == .exists else {
      throw .cannotBeMade(path: path, reason: Errno.last.text)
    }
  }

  private static var standardPath: String? {
    if let folder = EnvironmentVariable.value(of: "XDG_STATE_HOME"), folder.hasPrefix("/") {
      return "\(folder)/cachescope"
    }
    guard let home = EnvironmentVariable.value(of: "HOME"), home.hasPrefix("/") else { return nil }
    return "\(home)/.local/state/cachescope"
  }
}

/// Why the folder cannot be used.
package enum StateFolderError: Error, Sendable, Hashable {
  case noHome
  case cannotBeMade(path: String, reason: String)
  case notOwn(path: String)
  case openToOthers(path: String, mode: UInt32)

  /// What is wrong, and what to do.
  package var sentence: String {
    switch self {
    case .noHome: "neither XDG_STATE_HOME nor HOME names a folder; set one of them"
    case .cannotBeMade(let path, let reason):
      "the folder \(path) cannot be made: \(reason); set XDG_STATE_HOME to a folder of your own"
    case .notOwn(let path):
      "\(path) is not a folder of your own; remove it or set XDG_STATE_HOME"
    case .openToOthers(let path, let mode):
      "others may enter \(path) (rights \(String(mode, radix: 8))): chmod 700 \(path)"
    }
  }
}
