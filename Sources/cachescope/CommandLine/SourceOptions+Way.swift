import CacheModel
import Configuration

/// What the command line says of the way to the source. Each option stands over what a profile says;
/// nothing of TLS is ever taken as said of a connection in plain text.
extension SourceOptions {
  /// Options that have a meaning with TLS alone.
  static let optionsOfTLS: [CommandLineOption] = [
    .cacert, .cacertdir, .cert, .key, .sni, .insecure,
  ]

  mutating func takeWay(_ line: ParsedCommandLine) throws(UsageError) {
    if line.has(.tls) {
      guard let encrypted = address.withTLS else {
        throw UsageError(
          "--tls is for a server that is reached by TCP, and \(address) is not",
          command: line.command)
      }
      address = encrypted
    }
    guard let given = Self.optionsOfTLS.first(where: line.has) else { return }
    guard address.usesTLS else {
      throw UsageError(
        "\(given.name) has a meaning with TLS alone, and \(address) is in plain text; "
          + "give --tls or a source such as rediss://cache.example:6379/0", command: line.command)
    }
    address.way = try Self.way(line, over: address.way)
  }

  /// Of the two sources of `copy` those that speak TLS.
  mutating func takeWayOfCopy(_ line: ParsedCommandLine) throws(UsageError) {
    guard address.usesTLS else { return }
    address.way = try Self.way(line, over: address.way)
  }

  /// Refuses what is said of TLS where neither source of `copy` speaks it.
  static func refuseWayWithoutTLS(
    _ line: ParsedCommandLine, _ target: SourceOptions, _ configuration: Configuration,
    _ environment: @escaping (String) -> String?
  ) throws(UsageError) {
    guard let given = optionsOfTLS.first(where: line.has), !target.address.usesTLS else { return }
    let place = SourcePlace(line: line, configuration: configuration, environment: environment)
    guard try !place.find().address.usesTLS else { return }
    throw UsageError(
      "\(given.name) has a meaning with TLS alone, and both sources are in plain text; "
        + "a source with TLS is for example rediss://cache.example:6379/0", command: .copy)
  }

  private static func way(
    _ line: ParsedCommandLine, over profile: SourceWay
  ) throws(UsageError) -> SourceWay {
    var way = profile
    if line.has(.cacert) || line.has(.cacertdir) {
      way.authorityFile = try text(.cacert, line)
      way.authorityFolder = try text(.cacertdir, line)
    }
    if line.has(.cert) { (way.certificateFile, way.keyFile) = (try text(.cert, line), nil) }
    if line.has(.key) { way.keyFile = try text(.key, line) }
    if way.keyFile != nil, way.certificateFile == nil {
      throw UsageError(
        "--key needs the certificate that it belongs to; for example "
          + "--cert client.crt --key client.key", command: line.command)
    }
    if line.has(.sni) { way.serverName = try text(.sni, line) }
    if line.has(.insecure) { way.isUnverified = true }
    return way
  }

  private static func text(
    _ option: CommandLineOption, _ line: ParsedCommandLine
  ) throws(UsageError) -> String? {
    guard let value = line.value(option) else { return nil }
    guard !value.isEmpty, !value.utf8.contains(0) else {
      throw UsageError(option, value, "is empty", command: line.command)
    }
    return value
  }
}
