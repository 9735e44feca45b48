import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// What a program that ran to its end left behind.
struct Finished {
  var status: Int32
  var output: [UInt8]
  var errors: String

  var text: String { String(decoding: output, as: UTF8.self) }
  var lines: [String] { text.split(whereSeparator: \.isNewline).map(String.init) }

  /// The fields of every line of JSON.
  func objects() throws -> [[String: JSONField]] {
    try lines.map { try JSONDecoder().decode([String: JSONField].self, from: Data($0.utf8)) }
  }

  func object() throws -> [String: JSONField] {
    try #require(try objects().first)
  }
}

/// A field of an object; nested values are kept only as far as tests look at them.
enum JSONField: Decodable, Equatable {
  case null, flag(Bool), number(Double), text(String), list([JSONField]), object(
    [String: JSONField])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([JSONField].self) {
      self = .list(list)
    } else {
      self = .object(try container.decode([String: JSONField].self))
    }
  }

  var number: Double? { if case .number(let number) = self { number } else { nil } }
}

/// Runs programs to their end with an environment of their own: no variable of the tests' reaches
/// them, and the runtime folder is a temporary one.
final class CommandProgram: Sendable {
  /// A folder for files, removed with this object.
  let folder: String
  private let variables: [String: String]

  init(_ variables: [String: String] = [:]) throws {
    folder = try Self.makeFolder("/tmp/cachescope-command")
    self.variables = variables
  }

  private static func makeFolder(_ name: String) throws -> String {
    var template = Array("\(name)-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    guard let pid = try? spawn("/bin/rm", ["-rf", folder], nil) else { return }
    _ = wait(pid)
  }

  /// The environment that programs get.
  var environment: [String: String] {
    let standard = [
      "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8", "TZ": "UTC",
      "XDG_RUNTIME_DIR": folder, "XDG_STATE_HOME": folder + "/state",
      "SWIFT_BACKTRACE": "enable=no",
    ]
    return standard.merging(variables) { $1 }
  }

  /// Runs cachescope.
  func run(_ arguments: String..., input: [UInt8] = []) throws -> Finished {
    try execute(BuiltProgram.path("cachescope"), arguments, input: input)
  }

  func run(_ arguments: [String], input: [UInt8] = []) throws -> Finished {
    try execute(BuiltProgram.path("cachescope"), arguments, input: input)
  }

  /// Runs any program by its path.
  @discardableResult
  func execute(_ path: String, _ arguments: [String], input: [UInt8] = []) throws -> Finished {
    let place = try Self.makeFolder("\(folder)/run")
    try write(input, to: "\(place)/in")
    // A program that hangs is a failure and not the end of all tests.
    let status = wait(try spawn("/usr/bin/timeout", ["60", path] + arguments, place))
    return Finished(
      status: status, output: try read("\(place)/out"),
      errors: String(decoding: try read("\(place)/err"), as: UTF8.self))
  }

  /// The exit status, or the number of the signal that ended it, negative.
  private func wait(_ pid: pid_t) -> Int32 {
    var status: CInt = 0
    while waitpid(pid, &status, 0) == -1, errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
  }

  /// Starts a program whose streams are files in a folder; without one, the tests' own.
  private func spawn(_ path: String, _ arguments: [String], _ place: String?) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let place {
      let create = O_WRONLY | O_CREAT | O_TRUNC
      posix_spawn_file_actions_addopen(&actions, 0, "\(place)/in", O_RDONLY, 0)
      posix_spawn_file_actions_addopen(&actions, 1, "\(place)/out", create, 0o600)
      posix_spawn_file_actions_addopen(&actions, 2, "\(place)/err", create, 0o600)
    }
    // Threads of the pool block all signals; a program must not inherit that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var pid: pid_t = 0
    let words = ([path] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    let code = posix_spawn(&pid, path, &actions, &attributes, words, variables)
    try #require(code == 0, "\(path): \(code)")
    return pid
  }

  /// Writes a file that programs are to read.
  func write(_ bytes: [UInt8], to path: String) throws {
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }

  private func read(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&room, 1, room.count, file), count > 0 {
      bytes += room.prefix(count)
    }
    return bytes
  }
}
