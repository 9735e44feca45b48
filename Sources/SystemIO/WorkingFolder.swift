import Glibc

/// The folder that names without a leading slash belong to.
package enum WorkingFolder {
  /// Nil when it has gone, or its name is longer than names may be.
  package static var path: String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { room in
      // Safe: getcwd writes at most so many bytes, the end included, and answers nil otherwise.
      getcwd(room.baseAddress, room.count).flatMap { String(validatingCString: $0) }
    }
  }
}
