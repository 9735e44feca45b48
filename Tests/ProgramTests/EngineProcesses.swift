import Glibc
import SystemIO

/// Engines that explorers started in the runtime folder of a program under test.
enum EngineProcesses {
  static func of(_ program: CommandProgram) throws -> [Int32] {
    let processes = FolderEntries.names(in: "/proc", limit: 100_000).compactMap { Int32($0) }
    return processes.filter { process in
      let lines = try? FileBytes.read(path: "/proc/\(process)/cmdline", limit: 1 << 16)
      let variables = try? FileBytes.read(path: "/proc/\(process)/environ", limit: 1 << 20)
      let words = String(decoding: lines ?? [], as: UTF8.self)
      return words.contains("serve\0-u\0engine:")
        && String(decoding: variables ?? [], as: UTF8.self).contains(program.folder)
    }
  }

  /// The name of a process and the first word of its command line.
  static func names(of process: Int32) throws -> [String] {
    let name = try FileBytes.read(path: "/proc/\(process)/comm", limit: 100)
    let line = try FileBytes.read(path: "/proc/\(process)/cmdline", limit: 1 << 16)
    return [name.prefix { $0 != 0x0A }, line.prefix { $0 != 0 }].map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  static func end(of program: CommandProgram) throws {
    for process in try of(program) { kill(process, SIGKILL) }
  }
}
