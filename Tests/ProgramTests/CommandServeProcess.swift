import Glibc
import Synchronization
import SystemIO
import TestSupport
import Testing

/// `cachescope serve` at work, until `end` or the end of this object or of the tests: a shell between
/// them waits for the end of its input.
final class ServeProcess: Sendable {
  /// The line that it printed once it was ready.
  let readyLine: String
  private let shell: Mutex<(pid: pid_t, life: CInt)?>

  private static let script = """
    "$@" </dev/null 2>"$0/serve-errors" & server=$!
    echo $server >"$0/serve-pid"
    read ignored
    kill -${ignored:-TERM} $server; wait $server
    """

  init(_ program: CommandProgram, _ arguments: [String] = []) throws {
    let input = try OwnedDescriptor.pipe(nonBlocking: false)
    let output = try OwnedDescriptor.pipe(nonBlocking: false)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input.readEnd.raw, 0)
    posix_spawn_file_actions_adddup2(&actions, output.writeEnd.raw, 1)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let command = [
      "sh", "-c", Self.script, program.folder, BuiltProgram.path("cachescope"), "serve",
    ]
    let words = (command + arguments).map { strdup($0) } + [nil]
    let variables = program.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var pid: pid_t = 0
    try #require(posix_spawn(&pid, "/bin/sh", &actions, &attributes, words, variables) == 0)
    shell = Mutex((pid, try systemCall { fcntl(input.writeEnd.raw, F_DUPFD_CLOEXEC, 3) }))
    readyLine = Self.firstLine(from: Self.readEnd(of: output))
  }

  /// The reading end alone: while the other is open here too, the end would never come.
  private static func readEnd(of pipe: consuming Pipe) -> OwnedDescriptor {
    OwnedDescriptor(owning: fcntl(pipe.readEnd.raw, F_DUPFD_CLOEXEC, 3))
  }

  deinit {
    end()
  }

  /// The port that it chose.
  var port: String {
    String(readyLine.split(separator: ":").dropFirst(2).first?.prefix { $0.isNumber } ?? "")
  }

  /// Ends it by a signal and answers its exit status; nil when it has ended already.
  @discardableResult
  func end(by signal: String = "TERM") -> Int32? {
    let ended = shell.withLock { shell in
      defer { shell = nil }
      return shell
    }
    guard let ended else { return nil }
    _ = Array("\(signal)\n".utf8).withUnsafeBytes { write(ended.life, $0.baseAddress, $0.count) }
    close(ended.life)
    var status: CInt = 0
    while waitpid(ended.pid, &status, 0) == -1, errno == EINTR {}
    return (status >> 8) & 0xFF
  }

  private static func firstLine(from descriptor: borrowing OwnedDescriptor) -> String {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(descriptor.raw, &byte, 1) == 1, byte != 0x0A { line.append(byte) }
    return String(decoding: line, as: UTF8.self)
  }
}
