import CacheModel
import Configuration
import CursesTerminal
import ExplorerUI
import SystemIO
import TerminalCanvas

/// What the explorer is opened with.
struct ExplorerOptions: Sendable {
  /// The source; not asked of anybody when `demo` is set.
  var source: SourceOptions
  /// What the command line and the configuration say of the look.
  private(set) var look: ConfiguredLook
  private let givenLook: ConfiguredLook
  var keymap: Keymap
  var readOnly: Bool
  /// Whether no source may be changed, whatever its profile says.
  var isReadOnlyForced: Bool
  /// The profiles that can be turned to.
  var configuration: Configuration
  /// What to ask for before the screen opens.
  var questions: PasswordQuestions
  var match: [UInt8]?
  var noColor: Bool
  var noMouse: Bool
  var demo: Bool
  /// The seed of the demo; nil for a new one each time.
  var seed: UInt64?

  init(_ line: ParsedCommandLine) throws(UsageError) {
    let environment = EnvironmentVariable.value(of:)
    let configuration = try ConfigurationFile.read(line, environment: environment)
    source = try SourceOptions(line, configuration, environment: environment)
    givenLook = try Self.givenLook(line)
    look = Self.look(of: source, givenLook, configuration)
    keymap = configuration.keymap
    readOnly = source.readOnly
    isReadOnlyForced = line.has(.readOnly)
    self.configuration = configuration
    questions = PasswordQuestions(line)
    match = line.value(.match).map { Array($0.utf8) }
    noColor = line.has(.noColor)
    noMouse = line.has(.noMouse)
    demo = line.has(.demo)
    seed = try line.optionalNumber(.seed, in: 0...999_999_999_999_999_999).map { UInt64($0) }
    try check(line)
  }

  /// Nil when the terminal's background is to choose.
  var theme: Theme? { look.theme }

  /// Another source with the look that its profile gives it.
  mutating func turn(to next: SourceOptions) {
    source = next
    look = Self.look(of: next, givenLook, configuration)
    demo = false
    readOnly = isReadOnlyForced || next.readOnly
  }

  /// The command line stands over the profile, and that over the general part.
  private static func look(
    of source: SourceOptions, _ given: ConfiguredLook, _ configuration: Configuration
  ) -> ConfiguredLook {
    let configured = source.profile?.look.over(configuration.look) ?? configuration.look
    return given.over(configured)
  }

  private static func givenLook(
    _ line: ParsedCommandLine
  ) throws(UsageError) -> ConfiguredLook {
    var look = ConfiguredLook()
    look.separators = try separators(line)
    look.theme = try theme(line)
    look.memory = try memory(line)
    return look
  }

  /// Options that mean nothing when the explorer brings its own source.
  private static let sourceOptions: [CommandLineOption] = [
    .source, .host, .port, .socket, .database, .user, .password, .askpass,
    .tls, .sentinelUser, .sentinelPassword, .sentinelAskpass,
  ]

  private static func separators(_ line: ParsedCommandLine) throws(UsageError) -> [UInt8]? {
    guard let text = line.value(.separator) else { return nil }
    guard let separators = KeySeparatorText.bytes(text) else {
      throw UsageError(.separator, text, KeySeparatorText.rule, command: line.command)
    }
    return separators
  }

  private static func memory(_ line: ParsedCommandLine) throws(UsageError) -> Int? {
    guard let bytes = try line.bytes(.memory) else { return nil }
    guard ConfiguredLook.memories.contains(bytes) else {
      throw UsageError(
        .memory, line.value(.memory) ?? "", "is not a size from 16mb to 1tb", command: line.command)
    }
    return bytes
  }

  private static func theme(_ line: ParsedCommandLine) throws(UsageError) -> Theme? {
    guard let name = line.value(.theme) else { return nil }
    guard let theme = Theme.named(name) else {
      let names = Theme.names.joined(separator: ", ")
      throw UsageError(.theme, name, "is not one of \(names)", command: line.command)
    }
    return theme
  }

  private func check(_ line: ParsedCommandLine) throws(UsageError) {
    let isSourceNamed =
      (Self.sourceOptions + SourceOptions.optionsOfTLS).contains(where: line.has)
      || !line.arguments.isEmpty
    if demo, isSourceNamed {
      throw UsageError("--demo brings its own source: leave the other out", command: line.command)
    }
    if seed != nil, !demo {
      throw UsageError("--seed needs --demo; for example --demo --seed 7", command: line.command)
    }
  }
}

/// Opens the explorer on the terminal; answers the exit status.
func runExplorer(_ options: ExplorerOptions) -> Int32 {
  let output = CommandOutput(isJSON: false)
  var options = options
  do throws(CommandFailure) {
    options.source.address = try options.questions.answered(for: options.source.address)
    let depth: ColorDepth? = options.noColor || isColorUnwanted ? ColorDepth.none : nil
    let terminal = try openTerminal(options, depth)
    defer { terminal.close() }
    EditFolder.sweepLeftovers()
    let session = try ExplorerSession(options)
    return session.run(on: terminal)
  } catch {
    output.tell(error)
    return output.exitStatus
  }
}

/// The convention of NO_COLOR: set to anything but the empty string.
private var isColorUnwanted: Bool {
  EnvironmentVariable.value(of: "NO_COLOR").map { !$0.isEmpty } ?? false
}

private func openTerminal(
  _ options: ExplorerOptions, _ depth: ColorDepth?
) throws(CommandFailure) -> CursesDevice {
  do throws(TerminalError) {
    return try CursesDevice(
      theme: options.theme, depth: depth, usesMouse: !options.noMouse)
  } catch {
    throw CommandFailure(.usage, error.sentence)
  }
}
