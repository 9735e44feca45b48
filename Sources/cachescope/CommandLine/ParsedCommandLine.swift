import CacheModel

/// A command line cut into command, options and arguments, each known to be allowed there.
struct ParsedCommandLine: Sendable, Equatable {
  /// Nil for the explorer.
  var command: Subcommand?
  var arguments: [String]
  private var values: [CommandLineOption: String]

  init(
    command: Subcommand?, arguments: [String], values: [CommandLineOption: String]
  ) {
    self.command = command
    self.arguments = arguments
    self.values = values
  }

  func has(_ option: CommandLineOption) -> Bool { values[option] != nil }

  func value(_ option: CommandLineOption) -> String? { values[option] }

  var options: Set<CommandLineOption> { Set(values.keys) }
}

extension ParsedCommandLine {
  /// Cuts the arguments that follow the program's name. Options may stand anywhere before `--`;
  /// the first word that is none is the command, or else the explorer's source.
  static func parse(_ words: [String]) throws(UsageError) -> ParsedCommandLine {
    var splitter = WordSplitter(words)
    try splitter.run()
    var line = ParsedCommandLine(
      command: splitter.command, arguments: splitter.arguments, values: splitter.values)
    guard !line.has(.help), !line.has(.version) else { return line }
    try line.checkCommand()
    try line.checkOptions()
    try line.checkArguments()
    return line
  }

  private func checkCommand() throws(UsageError) {
    guard let command, command.row.isLater else { return }
    throw UsageError("\(command.rawValue) comes in a later version; --help lists the commands")
  }

  private func checkOptions() throws(UsageError) {
    let allowed = command?.row.options ?? Subcommand.explorerOptions
    for option in CommandLineOption.allCases where has(option) {
      let isKnown = allowed.contains(option) || Subcommand.laterConnection.contains(option)
      guard isKnown else {
        let whose = command.map { "\($0.rawValue) has no option" } ?? "the explorer has no option"
        throw UsageError("\(whose) \(option.name)", command: command)
      }
      guard !option.row.isLater else {
        throw UsageError("\(option.name) is not in this version yet", command: command)
      }
    }
  }

  private mutating func checkArguments() throws(UsageError) {
    guard let command else { return try checkExplorerArguments() }
    let row = command.row
    if arguments.count > row.count.upperBound {
      let extra = arguments[row.count.upperBound]
      throw UsageError(
        "\(command.rawValue) takes \(row.arguments.isEmpty ? "no arguments" : row.arguments), and "
          + "\"\(extra.prefix(60))\" is one too many; for example \(row.example)",
        command: command)
    }
    let isComplete = arguments.count >= row.count.lowerBound
    guard isComplete else {
      throw UsageError(
        "\(command.rawValue) needs \(row.arguments); for example \(row.example)", command: command)
    }
  }

  private func checkExplorerArguments() throws(UsageError) {
    if arguments.count > 1 {
      let word = arguments[0]
      let near = NearestName.to(word, among: Subcommand.allCases.map(\.rawValue))
      throw UsageError(
        "\"\(word.prefix(60))\" is not a command"
          + (near.map { "; is \($0) meant?" }
            ?? ", and a source stands alone; for example cachescope redis://127.0.0.1:6379/0"))
    }
    if arguments.count == 1, has(.source) {
      throw UsageError("the source is given twice, as an argument and by -u")
    }
  }
}
