/// The completion for zsh, on its own `_arguments`.
enum ZshCompletion {
  static var text: String {
    """
    #compdef cachescope
    # Completion of cachescope for zsh: put it as "_cachescope" into a folder of $fpath.

    _cachescope_commands() {
      local -a commands
      commands=(
    \(commands)  )
      _describe -t commands command commands
      _cachescope_sources
    }

    _cachescope_sources() {
      local -a sources
      sources=(${(f)"$(cachescope __print profiles 2>/dev/null)"} engine:)
      compadd -a sources
    }

    _cachescope() {
      local command=
      integer i
      for ((i = 2; i < CURRENT; i++)); do
        case $words[i] in
          --) return ;;
          \(valued)) ((i++)) ;;
          -*) ;;
          *) [[ -n $command ]] || command=$words[i] ;;
        esac
      done
      case $command in
    \(cases)    *) _arguments -s : \\
    \(specifications(of: nil))      '1:command or source:_cachescope_commands' ;;
      esac
    }

    _cachescope "$@"

    """
  }

  private static var commands: String {
    Subcommand.present.map { command in
      let summary = command.row.summary.replacing(":", with: "\\:")
      return "    \("\(command.rawValue):\(summary)".shellQuoted)\n"
    }.joined()
  }

  private static var valued: String {
    let options = CommandLineOption.allCases.filter { $0.takesValue && !$0.row.isLater }
    return options.flatMap(\.row.names).joined(separator: " | ")
  }

  private static var cases: String {
    Subcommand.present.map { command in
      "    \(command.rawValue)) _arguments -s : \\\n" + specifications(of: command)
        + "      '*: :' ;;\n"
    }.joined()
  }

  private static func specifications(of command: Subcommand?) -> String {
    Subcommand.presentOptions(of: command).map { option in
      let row = option.row
      let help = row.help.replacing("[", with: "(").replacing("]", with: ")")
        .replacing(":", with: "\\:")
      let value = row.value.map { ":\($0):" + action(option.values(for: command)) } ?? ""
      let names = row.names.map { takesSign($0, option) }
      let others = row.names.joined(separator: " ")
      return names.map { name in
        "      " + "(\(others))\(name)[\(help)]\(value)".shellQuoted + " \\\n"
      }.joined()
    }.joined()
  }

  /// A long option's value may stand behind `=`.
  private static func takesSign(_ name: String, _ option: CommandLineOption) -> String {
    option.takesValue && name.hasPrefix("--") ? name + "=" : name
  }

  private static func action(_ values: CommandLineOption.Values) -> String {
    switch values {
    case .anything: " "
    case .file: "_files"
    case .source: "_cachescope_sources"
    case .words(let words): "(\(words.joined(separator: " ")))"
    }
  }
}
