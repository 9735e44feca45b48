/// The completion for fish.
enum FishCompletion {
  static var text: String {
    """
    # Completion of cachescope for fish: put it as "cachescope.fish" into
    # ~/.config/fish/completions/.

    function __cachescope_command
      set -l words (commandline -opc)
      set -e words[1]
      while set -q words[1]
        switch $words[1]
          case \(valued)
            set -e words[1]
          case '-*'
          case '*'
            echo $words[1]
            return
        end
        set -e words[1]
      end
    end

    function __cachescope_is
      test "$(__cachescope_command)" = "$argv[1]"
    end

    complete -c cachescope -f
    complete -c cachescope -n '__cachescope_is ""' -a '(cachescope __print profiles 2>/dev/null)'
    \(commands)\(options)
    """
  }

  private static var valued: String {
    let options = CommandLineOption.allCases.filter { $0.takesValue && !$0.row.isLater }
    return options.flatMap(\.row.names).joined(separator: " ")
  }

  private static var commands: String {
    Subcommand.present.map { command in
      "complete -c cachescope -n '__cachescope_is \"\"' -a \(command.rawValue) "
        + "-d \(quoted(command.row.summary))\n"
    }.joined()
  }

  private static var options: String {
    ([nil] + Subcommand.present.map(Optional.some)).map { command in
      Subcommand.presentOptions(of: command).map { line($0, command) }.joined()
    }.joined()
  }

  private static func line(_ option: CommandLineOption, _ command: Subcommand?) -> String {
    let row = option.row
    let names = row.names.map {
      $0.hasPrefix("--") ? "-l \($0.dropFirst(2))" : "-s \($0.dropFirst())"
    }
    let values = row.value == nil ? "" : " " + reply(option.values(for: command))
    return "complete -c cachescope -n '__cachescope_is \"\(command?.rawValue ?? "")\"' "
      + "\(names.joined(separator: " "))\(values) -d \(quoted(row.help))\n"
  }

  private static func reply(_ values: CommandLineOption.Values) -> String {
    switch values {
    case .anything: "-x"
    case .file: "-r -F"
    case .source: "-x -a '(cachescope __print profiles 2>/dev/null) engine:'"
    case .words(let words): "-x -a '\(words.joined(separator: " "))'"
    }
  }

  /// Within single quotes of fish.
  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }
}
