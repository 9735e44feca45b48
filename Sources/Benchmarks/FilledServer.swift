import SystemIO
import TestSupport

/// A redis-server of its own with many keys.
struct FilledServer {
  let server: RedisServerProcess
  let count: Int

  init(_ count: Int, _ shape: KeyShape = .mixed) throws {
    server = try RedisServerProcess(["--lua-time-limit", "0"])
    self.count = count
    let script = server.folder + "/fill.lua"
    try FileBytes.writeOwnerOnly(path: script, Array(shape.filling.utf8))
    for start in stride(from: 1, through: count, by: 200_000) {
      let end = min(count, start + 199_999)
      try Shell.time("\(client) --eval \(script) , \(start) \(end) >/dev/null")
    }
  }

  var client: String { "redis-cli -s \(server.socketPath)" }

  /// What a command of a shell prints.
  func text(of command: String) throws -> String {
    let path = server.folder + "/printed"
    try Shell.time("\(command) >\(path)")
    return String(decoding: try FileBytes.read(path: path, limit: 1 << 20), as: UTF8.self)
  }

  /// The bytes of all names.
  func nameBytes() throws -> Double {
    let text = try text(of: "\(client) --scan | wc -c")
    return (Double(text.filter(\.isNumber)) ?? 0) - Double(count)
  }

  /// A field of INFO that is a number; 0 where there is none.
  func figure(_ field: String, _ section: String = "all") throws -> Double {
    let text = try text(of: "\(client) info \(section)")
    let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(field + ":") }
    return line.flatMap { Double($0.dropFirst(field.count + 1)) } ?? 0
  }
}

/// What a process has taken of memory so far, at most.
func peakMegabytes(of process: Int32) -> Double {
  let bytes = (try? FileBytes.read(path: "/proc/\(process)/status", limit: 1 << 16)) ?? []
  let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    .first { $0.hasPrefix("VmHWM:") }
  return (line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
}
