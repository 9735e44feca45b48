import Configuration
import SystemIO

/// Texts that are made from the tables of commands, options and keys: what `Resources/` holds for
/// shells, for `man` and as an example. `cachescope __print NAME` prints one; a test holds the files
/// equal to them.
enum GeneratedText: String, CaseIterable {
  case bash, zsh, fish, man, config
  /// The names of the profiles, for a shell's completion.
  case profiles

  /// The word that stands in the place of a command and is no command.
  static let word = "__print"

  static func print(_ names: some Sequence<String>, _ output: CommandOutput) -> Int32 {
    for name in names {
      guard let text = GeneratedText(rawValue: name) else {
        output.tell(CommandFailure(.usage, "\(word) knows no \(name.prefix(40))"))
        return output.exitStatus
      }
      output.bytes(Array(text.text.utf8))
    }
    output.flush()
    return output.exitStatus
  }

  private var text: String {
    switch self {
    case .bash: BashCompletion.text
    case .zsh: ZshCompletion.text
    case .fish: FishCompletion.text
    case .man: ManualPage.text
    case .config: SampleConfiguration.text
    case .profiles: Self.profileNames
    }
  }

  /// One a line; nothing when the configuration cannot be used.
  private static var profileNames: String {
    let line = ParsedCommandLine(command: nil, arguments: [], values: [:])
    let configuration = try? ConfigurationFile.read(
      line, environment: EnvironmentVariable.value(of:))
    return (configuration?.profiles ?? []).map { $0.name + "\n" }.joined()
  }
}

extension String {
  /// The text within single quotes of a POSIX shell.
  var shellQuoted: String { "'" + replacing("'", with: "'\\''") + "'" }
}
