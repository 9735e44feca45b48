import Glibc

/// Figures of this process, as servers report them.
package enum ProcessFigures {
  package static var identifier: Int32 { getpid() }

  /// User and system time used so far, in microseconds.
  package static var processorMicroseconds: (user: Int64, system: Int64) {
    var usage = rusage()
    guard getrusage(Int32(RUSAGE_SELF.rawValue), &usage) == 0 else { return (0, 0) }
    return (microseconds(usage.ru_utime), microseconds(usage.ru_stime))
  }

  /// Bytes resident now; 0 where the system does not tell.
  package static var residentBytes: Int64 {
    guard let text = try? FileBytes.read(path: "/proc/self/statm", limit: 4096) else { return 0 }
    let words = text.split(separator: 0x20)
    guard words.count > 1, let pages = Int64(String(decoding: words[1], as: UTF8.self)) else {
      return 0
    }
    return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
  }

  private static func microseconds(_ time: timeval) -> Int64 {
    Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_usec)
  }
}
