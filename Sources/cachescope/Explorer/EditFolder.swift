import SystemIO

/// A folder for one edit, which only this user may enter: whatever the editor leaves beside the file
/// (backups, swap files) is gone with it. Folders of processes that died in the middle of an edit
/// are removed by the next.
struct EditFolder {
  private static let prefix = "edit-"

  let path: String

  /// An empty folder.
  init() throws(RuntimeFolderError) {
    let runtime = try RuntimeFolder.open()
    Self.sweep(runtime.path)
    path = "\(runtime.path)/\(Self.prefix)\(ProcessIdentity.current)"
    FolderEntries.removeTree(path: path)
    do throws(Errno) {
      try OwnerOnlyFolder.make(path: path)
    } catch {
      throw .cannotBeMade(path: path, reason: error.text)
    }
  }

  func remove() {
    FolderEntries.removeTree(path: path)
  }

  /// Removes what belongs to processes that are no more.
  private static func sweep(_ folder: String) {
    for name in FolderEntries.names(in: folder, limit: 1000) where name.hasPrefix(prefix) {
      let digits = name.dropFirst(prefix.count).prefix { $0.isASCII && $0.isNumber }
      guard let process = Int32(digits), !ProcessIdentity.exists(process) else { continue }
      FolderEntries.removeTree(path: "\(folder)/\(name)")
    }
  }
}
