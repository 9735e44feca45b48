import CacheModel
import SystemIO

/// Which source a command line means: a URL, options in the habit of redis-cli, the environment, or
/// else the built-in engine.
struct SourceOptions: Sendable {
  var address: SourceAddress
  var readOnly: Bool

  /// Reads the source; `environment` answers variables. Asks for no password yet.
  init(
    _ line: ParsedCommandLine, environment: (String) -> String?
  ) throws(UsageError) {
    address = try Self.place(line, environment: environment)
    readOnly = line.has(.readOnly)
    if let text = line.value(.database) { address.database = try Self.database(text, line) }
    if let user = line.value(.user) { address.user = user }
    if line.has(.password), line.has(.askpass) {
      throw UsageError("give either -a or --askpass", command: line.command)
    }
    if let password = line.value(.password) {
      address.password = Secret(password)
    } else if address.password == nil, !address.isEngine,
      let password = environment("REDISCLI_AUTH"), !password.isEmpty
    {
      address.password = Secret(password)
    }
    if address.user != nil, address.password == nil, !line.has(.askpass) {
      throw UsageError(
        "a user needs a password: --askpass, REDISCLI_AUTH or -a", command: line.command)
    }
  }

  private static func place(
    _ line: ParsedCommandLine, environment: (String) -> String?
  ) throws(UsageError) -> SourceAddress {
    let url = line.value(.source) ?? (line.command == nil ? line.arguments.first : nil)
    let hasPlace = line.has(.host) || line.has(.port) || line.has(.socket)
    if let url {
      guard !hasPlace else {
        throw UsageError("give either a source or -h, -p and -s", command: line.command)
      }
      return try parse(url, from: "the source", line)
    }
    if line.has(.socket) {
      guard !line.has(.host), !line.has(.port) else {
        throw UsageError("give either -s or -h and -p", command: line.command)
      }
      return SourceAddress(.unix(path: try nonEmpty(.socket, line)))
    }
    if hasPlace {
      let host = line.has(.host) ? try nonEmpty(.host, line) : "127.0.0.1"
      return SourceAddress(.tcp(host: host, port: try port(line), usesTLS: false))
    }
    guard let url = environment("CACHESCOPE_URL"), !url.isEmpty else { return .engine }
    return try parse(url, from: "CACHESCOPE_URL", line)
  }

  private static func parse(
    _ url: String, from origin: String, _ line: ParsedCommandLine
  ) throws(UsageError) -> SourceAddress {
    do throws(SourceAddressError) {
      let address = try SourceAddress(parsing: url)
      if case .tcp(_, _, usesTLS: true) = address.place {
        throw SourceAddressError.notYet(kind: "a server behind TLS (rediss://)")
      }
      return address
    } catch .noScheme(let text) where line.command == nil && line.has(.source) == false {
      throw UsageError(
        SourceAddressError.noScheme(text).sentence + "; --help lists the commands",
        command: line.command)
    } catch {
      let words = origin == "the source" ? "" : "\(origin): "
      throw UsageError(words + error.sentence, command: line.command)
    }
  }

  private static func nonEmpty(
    _ option: CommandLineOption, _ line: ParsedCommandLine
  ) throws(UsageError) -> String {
    let value = line.value(option) ?? ""
    guard !value.isEmpty, !value.utf8.contains(0) else {
      throw UsageError(option, value, "is empty", command: line.command)
    }
    return value
  }

  private static func port(_ line: ParsedCommandLine) throws(UsageError) -> UInt16 {
    guard line.has(.port) else { return SourceAddress.defaultPort }
    return UInt16(try line.number(.port, in: 1...65_535))
  }

  private static func database(
    _ text: String, _ line: ParsedCommandLine
  ) throws(UsageError) -> Int {
    try line.number(.database, in: 0...SourceAddress.highestDatabase)
  }
}

extension SourceAddress {
  /// Whether it is the built-in engine.
  var isEngine: Bool {
    if case .engine = place { true } else { false }
  }
}
