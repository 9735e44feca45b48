import SystemIO

/// A folder for one edit, which only this user may enter: whatever the editor leaves beside the file
/// (backups, swap files) is gone with it.
///
/// Its process holds a lock on it. A folder whose lock is free belongs to a process that died in the
/// middle of an edit; it is overwritten and removed at the next start.
struct EditFolder: ~Copyable {
  private static let prefix = "edit-"

  let path: String
  private let lock: OwnedDescriptor

  private init(path: String, lock: consuming OwnedDescriptor) {
    self.path = path
    self.lock = lock
  }

  /// An empty folder.
  static func make() throws(RuntimeFolderError) -> EditFolder {
    let runtime = try RuntimeFolder.open()
    sweep(runtime.path)
    let path = "\(runtime.path)/\(prefix)\(ProcessIdentity.current)"
    return EditFolder(path: path, lock: try lockedFolder(path))
  }

  /// Between making and locking, another process that starts may take the folder for a leftover.
  private static func lockedFolder(_ path: String) throws(RuntimeFolderError) -> OwnedDescriptor {
    for _ in 0..<3 {
      do throws(Errno) {
        try OwnerOnlyFolder.make(path: path)
      } catch {
        throw .cannotBeMade(path: path, reason: error.text)
      }
      if let lock = OwnerOnlyFolder.lockIfFree(path: path) { return lock }
    }
    throw .cannotBeMade(path: path, reason: "another process uses it")
  }

  /// Overwrites and removes everything in it.
  deinit {
    FolderEntries.removeTree(path: path, wiping: true)
  }

  /// Removes what processes that are no more have left behind.
  static func sweepLeftovers() {
    // Where there is no such folder, nothing was left in it.
    if let runtime = try? RuntimeFolder.open() { sweep(runtime.path) }
  }

  private static func sweep(_ folder: String) {
    for name in FolderEntries.names(in: folder, limit: 1000) where name.hasPrefix(prefix) {
      let path = "\(folder)/\(name)"
      guard let lock = OwnerOnlyFolder.lockIfFree(path: path) else { continue }
      FolderEntries.removeTree(path: path, wiping: true)
      _ = consume lock
    }
  }
}
