import Glibc
import Synchronization
import SystemIO

/// A real redis-server for one test or suite: empty, without persistence, on a Unix socket and a
/// free TCP port, with its files in a temporary folder. It ends with this object, and with the
/// test process however that ends: a shell between them waits for the end of its input.
package final class RedisServerProcess: Sendable {
  package let folder: String
  package let port: UInt16
  private let options: [String]
  private let program: String
  /// What the server is started with before any option: the file of its configuration.
  private let leading: [String]
  private let shell: Mutex<Shell?>

  private struct Shell: Sendable {
    var pid: pid_t
    /// Held open while the server is to live; closed on exec like every descriptor here.
    var life: CInt
  }

  /// The file of the Unix socket.
  package var socketPath: String { folder + "/redis.sock" }

  /// What a server shows over TLS, by the names of `TestCertificates`, and whether it wants the
  /// clients' certificates.
  package struct Encryption: Sendable {
    package var certificate: String
    package var wantsClients: Bool

    package init(_ certificate: String = "server", wantsClients: Bool = false) {
      self.certificate = certificate
      self.wantsClients = wantsClients
    }
  }

  /// Starts a server and waits until it takes connections. With `tls` its port speaks nothing else.
  /// `options` are those of the command line, such as `"--requirepass", "secret"`; `files` are written
  /// to the folder first, and `@/` at the beginning of an option stands for the folder.
  /// `configuration` names one of them that is read before all options; `program` is that of another
  /// server.
  package init(
    _ options: [String] = [], files: [String: String] = [:], configuration: String? = nil,
    tls: Encryption? = nil, program: String = "redis-server"
  ) throws {
    self.program = program
    folder = try Self.makeFolder()
    port = try Self.unusedPort()
    let folder = folder
    let options = try Self.options(of: tls, port: port) + options
    self.options = options.map { $0.hasPrefix("@/") ? folder + $0.dropFirst(1) : $0 }
    leading = configuration.map { ["\(folder)/\($0)"] } ?? []
    for (name, text) in files {
      try FileBytes.writeOwnerOnly(path: "\(folder)/\(name)", Array(text.utf8))
    }
    shell = Mutex(nil)
    try start()
  }

  deinit {
    end(removingFolder: true)
  }

  /// Starts the server again after `end`, on the same port and socket, empty.
  package func start() throws {
    let started = try spawn()
    shell.withLock { $0 = started }
    for _ in 0..<1000 {
      if (try? StreamSocket.connect(toPath: socketPath)) != nil { return }
      usleep(10_000)
    }
    throw RedisServerError(
      words: "redis-server does not start (is it installed?): "
        + String(
          decoding: (try? FileBytes.read(path: folder + "/log", limit: 1 << 20)) ?? [],
          as: UTF8.self))
  }

  /// Kills the server; its clients see their connections end.
  package func end(removingFolder: Bool = false) {
    if !removingFolder { _ = try? FileBytes.writeOwnerOnly(path: folder + "/keep", []) }
    let ended = shell.withLock { shell in
      defer { shell = nil }
      return shell
    }
    guard let ended else { return }
    close(ended.life)
    var status: CInt = 0
    waitpid(ended.pid, &status, 0)
  }

  /// Stops the process without ending it: the kernel goes on to acknowledge what is sent.
  package func suspend() { signal(SIGSTOP) }

  package func resume() { signal(SIGCONT) }

  private func signal(_ number: CInt) {
    let text = (try? FileBytes.read(path: folder + "/pid", limit: 32)) ?? []
    guard let pid = pid_t(String(decoding: text.filter { $0 > 0x20 }, as: UTF8.self)) else {
      return
    }
    kill(pid, number)
  }

  // MARK: Starting

  private static let script = """
    folder=$1; program=$2; shift 2
    "$program" "$@" </dev/null >"$folder/log" 2>&1 &
    server=$!
    echo $server >"$folder/pid"
    read ignored
    kill -9 $server; wait $server 2>/dev/null
    rm -f "$folder/redis.sock"
    if [ -e "$folder/keep" ]; then rm -f "$folder/keep"; else rm -rf "$folder"; fi
    """

  private func spawn() throws -> Shell {
    let pipe = try OwnedDescriptor.pipe(nonBlocking: false)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, pipe.readEnd.raw, 0)
    // Threads of the pool block all signals, and a shell that inherits that waits for ever.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let arguments =
      ["sh", "-c", Self.script, "sh", folder, program] + leading + standardOptions + options
    var raw = arguments.map { strdup($0) } + [nil]
    defer { for text in raw { free(text) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, "/bin/sh", &actions, &attributes, &raw, environ)
    guard code == 0 else { throw Errno(code) }
    return Shell(pid: pid, life: try keepWriteEnd(of: pipe))
  }

  private func keepWriteEnd(of pipe: consuming Pipe) throws -> CInt {
    try systemCall { fcntl(pipe.writeEnd.raw, F_DUPFD_CLOEXEC, 3) }
  }

  private var standardOptions: [String] {
    [
      "--port", String(port), "--bind", "127.0.0.1",
    ] + (program == "redis-server" ? ["-::1"] : []) + [
      "--unixsocket", socketPath, "--unixsocketperm", "700", "--dir", folder, "--save", "",
      "--appendonly", "no",
    ]
  }

  private static func options(of tls: Encryption?, port: UInt16) throws -> [String] {
    guard let tls else { return [] }
    let certificates = try TestCertificates.shared()
    return [
      "--port", "0", "--tls-port", String(port),
      "--tls-cert-file", certificates.certificate(tls.certificate),
      "--tls-key-file", certificates.key(tls.certificate),
      "--tls-ca-cert-file", certificates.authority,
      "--tls-auth-clients", tls.wantsClients ? "yes" : "no",
    ]
  }

  private static func makeFolder() throws -> String {
    var template = Array("/tmp/cachescope-redis-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Errno.last }
    return template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }

  private static let handedOut = Mutex<Set<UInt16>>([])

  /// A port below those that the kernel hands out by itself, of which it may hand out any between
  /// this look and the start of the server.
  package static func unusedPort() throws -> UInt16 {
    for _ in 0..<1000 {
      let port = UInt16.random(in: 20_000..<32_000)
      let local = try SocketAddress.resolve(
        host: "127.0.0.1", port: port, for: .listening, numericOnly: true)
      guard let address = local.first else { break }
      // Others choose at the same time: none is handed out twice.
      guard handedOut.withLock({ $0.insert(port).inserted }) else { continue }
      if (try? StreamSocket.listen(on: address, backlog: 1)) != nil { return port }
    }
    throw Errno.addressInUse
  }
}

package struct RedisServerError: Error, CustomStringConvertible {
  package var words: String

  package init(words: String) {
    self.words = words
  }

  package var description: String { words }
}
