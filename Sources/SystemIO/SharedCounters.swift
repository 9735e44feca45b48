import CLinux

/// A few counters in a small file that all processes of a user see at the same time.
///
/// Adding and reading are single atomic steps. A process that is killed loses nothing that it has
/// added. The file must lie in a folder that only this user can enter.
package final class SharedCounters: @unchecked Sendable {
  // Unchecked: the page is read and changed by the atomic calls alone, and it is never unmapped.
  private let page: UnsafeMutablePointer<Int64>
  package let count: Int

  /// Opens the file, making it with zeros when it is missing.
  package init(path: String, count: Int) throws(Errno) {
    guard let page = cl_shared_counters(path, CInt(clamping: count)) else { throw Errno.last }
    self.page = page
    self.count = count
  }

  /// The value of a counter; 0 for one that there is not.
  package subscript(_ index: Int) -> Int64 {
    index >= 0 && index < count ? cl_shared_read(page + index) : 0
  }

  /// Adds to a counter; to one that there is not, nothing.
  package func add(_ amount: Int64, to index: Int) {
    guard index >= 0, index < count, amount != 0 else { return }
    cl_shared_add(page + index, amount)
  }
}
