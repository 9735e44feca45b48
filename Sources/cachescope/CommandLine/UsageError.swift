/// A command line that cannot be carried out: what is wrong, where, and what would be right.
/// Nothing has been sent when it is told.
struct UsageError: Error, Sendable, Equatable {
  /// What is wrong and where, with an example.
  var message: String
  /// The command whose help to look at.
  var command: Subcommand?

  init(_ message: String, command: Subcommand? = nil) {
    self.message = message
    self.command = command
  }

  /// An option whose value is not right.
  init(
    _ option: CommandLineOption, _ value: String, _ reason: String, command: Subcommand? = nil
  ) {
    let shown = option == .password ? "its value" : "\"\(value.prefix(60))\""
    self.init(
      "\(option.name): \(shown) \(reason); for example \(option.row.example)", command: command)
  }
}
