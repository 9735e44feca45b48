import Glibc

/// The environment that the program was started with.
package enum EnvironmentVariable {
  /// The value of a variable; nil when it is not set.
  package static func value(of name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  package static var all: [(name: String, value: String)] {
    var result: [(name: String, value: String)] = []
    var place = environ
    while let entry = place.pointee {
      let text = String(cString: entry)
      if let sign = text.firstIndex(of: "=") {
        result.append((String(text[..<sign]), String(text[text.index(after: sign)...])))
      }
      place += 1
    }
    return result
  }
}

/// Who this process is.
package enum ProcessIdentity {
  /// The process id.
  package static var current: Int32 { getpid() }
  /// The effective user id.
  package static var user: UInt32 { geteuid() }
  /// Whether a process of this number runs, whoever owns it.
  package static func exists(_ process: Int32) -> Bool {
    process > 0 && (kill(process, 0) == 0 || Errno.last.code == EPERM)
  }
}
