/// The completion for bash: one function that needs nothing else to be installed.
enum BashCompletion {
  static var text: String {
    """
    # Completion of cachescope for bash: source this file, or put it as "cachescope" into
    # ~/.local/share/bash-completion/completions/.

    _cachescope_words() {
      local word
      while read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$1" -- "$2")
    }

    _cachescope() {
      local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command= i
      COMPREPLY=()
      if [[ $cur == = ]]; then
        cur=
      elif [[ $prev == = && $COMP_CWORD -gt 2 ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
      fi
      for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
          --) return ;;
          \(valued))
            [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
            ((i++))
            ;;
          -*) ;;
          *)
            [[ -n $command ]] || command=${COMP_WORDS[i]}
            ;;
        esac
      done
      case $command:$prev in
    \(values)  esac
      if [[ $cur != -* ]]; then
        [[ -n $command ]] || _cachescope_words "\(commands) $(cachescope __print profiles 2>/dev/null)" "$cur"
        return
      fi
      case $command in
    \(options)  esac
    }

    complete -F _cachescope cachescope

    """
  }

  private static var commands: String {
    Subcommand.present.map(\.rawValue).joined(separator: " ")
  }

  /// The options that are followed by a value.
  private static var valued: String {
    let options = CommandLineOption.allCases.filter { $0.takesValue && !$0.row.isLater }
    return options.flatMap(\.row.names).joined(separator: " | ")
  }

  /// What stands behind an option; several commands may have other values for the same.
  private static var values: String {
    var text = ""
    for command in Subcommand.present.map(Optional.some) + [nil] {
      for option in Subcommand.presentOptions(of: command) where option.takesValue {
        let pattern = option.row.names.map { "\(command?.rawValue ?? ""):\($0)" }
        text +=
          "    \(pattern.joined(separator: " | "))) \(reply(option.values(for: command))) ;;\n"
      }
    }
    return text
  }

  private static func reply(_ values: CommandLineOption.Values) -> String {
    switch values {
    case .anything: "return"
    case .file:
      "compopt -o filenames 2>/dev/null; while read -r i; do COMPREPLY+=(\"$i\"); "
        + "done < <(compgen -f -- \"$cur\"); return"
    case .source:
      "_cachescope_words \"engine: $(cachescope __print profiles 2>/dev/null)\" \"$cur\"; return"
    case .words(let words):
      "_cachescope_words \(words.joined(separator: " ").shellQuoted) \"$cur\"; return"
    }
  }

  private static var options: String {
    (Subcommand.present.map(Optional.some) + [nil]).map { command in
      let names = Subcommand.presentOptions(of: command).flatMap(\.row.names)
      let pattern = command?.rawValue ?? "''"
      return "    \(pattern)) _cachescope_words '\(names.joined(separator: " "))' \"$cur\" ;;\n"
    }.joined()
  }
}
