/// What `--help` prints, drawn from the tables of commands and options.
enum HelpText {
  /// Help for the program or for one command. Lines of at most 80 columns where the tables allow.
  static func text(for command: Subcommand?) -> String {
    guard let command else { return program }
    let row = command.row
    guard !row.isLater else { return "\(command.rawValue) comes in a later version\n" }
    let arguments = row.arguments.isEmpty ? "" : " " + row.arguments
    var text = "cachescope \(command.rawValue) [options]\(arguments): \(row.summary)\n"
    if !row.notes.isEmpty { text += "\n\(row.notes)\n" }
    text += "\nOptions:\n" + options(Subcommand.presentOptions(of: command))
    return text + "\nFor example: \(row.example)\n"
  }

  private static var program: String {
    """
    cachescope [options] [SOURCE]: look into a cache, live
    cachescope COMMAND [options] [arguments]: the same for scripts

    SOURCE is redis://[user:password@]host[:6379][/db], rediss://… with TLS, unix:///path[?db=N],
    engine:[NAME] for the built-in engine, or the name of a profile in
    ~/.config/cachescope/config.json5; without one CACHESCOPE_URL, else the built-in engine.

    Commands (cachescope COMMAND --help tells more):
    \(commands)
    Options:
    \(options(Subcommand.presentOptions(of: nil)))
    Options may stand anywhere before --. Exit status: 0 done, 1 failed, 2 wrong usage, 3 refused,
    4 no connection, 130 interrupted.

    For example: cachescope --demo
                 cachescope redis://127.0.0.1:6379/0
                 cachescope keys -u redis://127.0.0.1:6379/0 --match 'session:*'

    """
  }

  private static var commands: String {
    Subcommand.present.map { command in
      let row = command.row
      let left = command.rawValue + (row.arguments.isEmpty ? "" : " " + row.arguments)
      return line(left, row.summary, width: 18)
    }.joined()
  }

  private static func options(_ options: [CommandLineOption]) -> String {
    options.map { option in
      let row = option.row
      let names = row.names.joined(separator: ", ")
      return line(names + (row.value.map { " " + $0 } ?? ""), row.help, width: 24)
    }.joined()
  }

  private static func line(_ left: String, _ right: String, width: Int) -> String {
    let padding = String(repeating: " ", count: max(2, width - left.count))
    return "  \(left)\(padding)\(right)\n"
  }
}
