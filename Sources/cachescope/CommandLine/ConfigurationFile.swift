import Configuration
import SystemIO

/// Finds and reads the configuration: the file of `--config`, or else
/// `$XDG_CONFIG_HOME/cachescope/config.json5`, which need not exist.
enum ConfigurationFile {
  static func read(
    _ line: ParsedCommandLine, environment: (String) -> String?
  ) throws(UsageError) -> Configuration {
    let given = line.value(.config)
    if given == "" { throw UsageError(.config, "", "is empty", command: line.command) }
    guard let path = given ?? standardPath(environment) else { return Configuration() }
    if let bytes = try bytes(path, line) { return try configuration(bytes, path, line) }
    guard given == nil else {
      throw UsageError("--config: there is no file \(path)", command: line.command)
    }
    return Configuration()
  }

  private static func bytes(
    _ path: String, _ line: ParsedCommandLine
  ) throws(UsageError) -> [UInt8]? {
    do throws(TrustedFileError) {
      return try TrustedFile.read(path: path, limit: Configuration.sizeLimit)
    } catch {
      throw UsageError("configuration: \(error.sentence)", command: line.command)
    }
  }

  /// Where it is without `--config`; nil when the environment names no home.
  static func standardPath(_ environment: (String) -> String?) -> String? {
    if let folder = environment("XDG_CONFIG_HOME"), folder.hasPrefix("/") {
      return "\(folder)/cachescope/config.json5"
    }
    guard let home = environment("HOME"), home.hasPrefix("/") else { return nil }
    return "\(home)/.config/cachescope/config.json5"
  }

  private static func configuration(
    _ bytes: [UInt8], _ path: String, _ line: ParsedCommandLine
  ) throws(UsageError) -> Configuration {
    do throws(ConfigurationError) {
      return try Configuration(bytes, file: path)
    } catch {
      throw UsageError(error.sentence, command: line.command)
    }
  }
}
