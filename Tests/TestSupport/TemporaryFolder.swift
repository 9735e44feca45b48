import Glibc
import SystemIO

/// A folder for one test, which goes with this object.
package final class TemporaryFolder: Sendable {
  package let path: String

  /// `name` begins the folder's own name.
  package init(_ name: String) throws {
    var template = Array("/tmp/cachescope-\(name)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Errno.last }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    FolderEntries.removeTree(path: path)
  }
}
