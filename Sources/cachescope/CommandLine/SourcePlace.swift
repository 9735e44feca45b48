import CacheModel
import Configuration

/// Finds the address that a command line means, and the profile when it names one.
struct SourcePlace {
  typealias Found = (address: SourceAddress, profile: Profile?)

  let line: ParsedCommandLine
  let configuration: Configuration
  let environment: (String) -> String?

  func find() throws(UsageError) -> Found {
    let named = line.value(.source) ?? (takesSource ? line.arguments.first : nil)
    let hasPlace = line.has(.host) || line.has(.port) || line.has(.socket)
    if let named {
      guard !hasPlace else {
        throw UsageError("give either a source or -h, -p and -s", command: line.command)
      }
      return try source(named, origin: "")
    }
    if line.has(.socket) {
      guard !line.has(.host), !line.has(.port) else {
        throw UsageError("give either -s or -h and -p", command: line.command)
      }
      return (SourceAddress(.unix(path: try nonEmpty(.socket))), nil)
    }
    if hasPlace {
      let host = line.has(.host) ? try nonEmpty(.host) : "127.0.0.1"
      return (SourceAddress(.tcp(host: host, port: try port(), usesTLS: false)), nil)
    }
    guard let named = environment("CACHESCOPE_URL"), !named.isEmpty else { return (.engine, nil) }
    return try source(named, origin: "CACHESCOPE_URL: ")
  }

  /// Whether the first argument is the source.
  private var takesSource: Bool { line.command == nil || line.command == .copy }

  /// A URL, or the name of a profile, which has no colon.
  func source(_ text: String, origin: String) throws(UsageError) -> Found {
    if let profile = configuration.profile(named: text) { return (profile.address, profile) }
    do throws(SourceAddressError) {
      return (try SourceAddress(parsing: text), nil)
    } catch .noScheme(let shown) where !text.contains(":") {
      throw UsageError(origin + unknown(text, shown: shown), command: line.command)
    } catch {
      throw UsageError(origin + error.sentence, command: line.command)
    }
  }

  /// A word that is neither a URL nor a profile, and perhaps a mistyped command.
  private func unknown(_ word: String, shown: String) -> String {
    let names = configuration.profiles.map(\.name)
    let profiles =
      names.isEmpty
      ? "there are no profiles" : "the profiles are \(names.prefix(20).joined(separator: ", "))"
    var sentence = "\"\(shown.prefix(60))\" is neither a source nor a profile; \(profiles)"
    if line.command == nil, !line.has(.source) {
      let commands = Subcommand.allCases.map(\.rawValue)
      let near = NearestName.to(word, among: names + commands)
      sentence += near.map { "; is \($0) meant?" } ?? "; --help lists the commands"
    } else if let near = NearestName.to(word, among: names) {
      sentence += "; is \(near) meant?"
    }
    return sentence + "; a source is for example redis://127.0.0.1:6379/0"
  }

  private func nonEmpty(_ option: CommandLineOption) throws(UsageError) -> String {
    let value = line.value(option) ?? ""
    guard !value.isEmpty, !value.utf8.contains(0) else {
      throw UsageError(option, value, "is empty", command: line.command)
    }
    return value
  }

  private func port() throws(UsageError) -> UInt16 {
    guard line.has(.port) else { return SourceAddress.defaultPort }
    return UInt16(try line.number(.port, in: 1...65_535))
  }
}
