import Explorer
import ExplorerUI

/// The manual page, in the macros of man(7).
enum ManualPage {
  static var text: String {
    """
    .\\" Made from the program's own tables.
    .TH CACHESCOPE 1 "" "cachescope \(Program.version)" "User Commands"
    .ad l
    .nh
    .SH NAME
    cachescope \\- look into a cache, watch it live, invalidate what is stale
    .SH SYNOPSIS
    .B cachescope
    .RI [ options ]
    .RI [ SOURCE ]
    .br
    .B cachescope
    .I COMMAND
    .RI [ options ]
    .RI [ arguments ]
    .SH DESCRIPTION
    \(escaped(description))
    .PP
    \(escaped(source))
    .SH OPTIONS
    Options may stand anywhere before
    .BR \\-\\- .
    \(options(of: nil)).SH COMMANDS
    \(Subcommand.present.map(section).joined()).SH TTL
    \(escaped(lifetimes))
    .SH KEYS
    \(keys).SH EXIT STATUS
    .TP
    .B 0
    done
    .TP
    .B 1
    failed: the server said no, there is no such key, or a part of the work failed
    .TP
    .B 2
    wrong usage, or a configuration that cannot be used
    .TP
    .B 3
    refused: read\\-only, or a confirmation was needed and not given
    .TP
    .B 4
    no usable connection
    .TP
    .B 130
    interrupted
    .SH ENVIRONMENT
    .TP
    .B CACHESCOPE_URL
    the source when none is given
    .TP
    .B REDISCLI_AUTH
    the password of a server when no other is given
    .TP
    .B VISUAL\\fR, \\fBEDITOR
    the editor for values
    .TP
    .B NO_COLOR
    no colours when it is set to anything
    .SH FILES
    .TP
    .I $XDG_CONFIG_HOME/cachescope/config.json5
    profiles, keys and colours; JSON with comments. Refused when others may write it.
    .TP
    .I $XDG_RUNTIME_DIR/cachescope/
    the sockets of the built\\-in engine
    .SH EXAMPLES
    \(examples)
    """
  }

  private static let description = """
    Opens the built-in cache engine or a Redis server in a full-screen explorer: keys and their TTLs, \
    values, hits and misses over time. What is edited, expired or deleted can be taken back. Commands \
    do the same for scripts.
    """

  private static let source = """
    SOURCE is redis://[user:password@]host[:6379][/db], unix:///path[?db=N], engine:[NAME] for the \
    built-in engine, or the name of a profile in the configuration. Without one it is CACHESCOPE_URL, \
    else the built-in engine of this user, which is started when none runs.
    """

  private static let lifetimes = """
    A TTL is typed as 90 (seconds), 1500ms, 5m, 2h30m or 1d from now; +10m and -5m make it longer and \
    shorter; @2026-12-01T10:00 is a time; none removes it; now expires the key; 5m~10% spreads many \
    keys by up to ten per cent each.
    """

  private static func section(_ command: Subcommand) -> String {
    let row = command.row
    let arguments = row.arguments.isEmpty ? "" : " \\fI\(escaped(row.arguments))\\fR"
    var text = ".SS \"\(command.rawValue)\(arguments)\"\n" + escaped(row.summary) + ".\n"
    if !row.notes.isEmpty { text += ".PP\n\(escaped(row.notes))\n" }
    return text + options(of: command)
      + ".PP\nFor example:\n.PP\n.RS\n\(escaped(row.example))\n.RE\n"
  }

  private static func options(of command: Subcommand?) -> String {
    Subcommand.presentOptions(of: command).map { option in
      let row = option.row
      let names = row.names.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")
      let value = row.value.map { " \\fI\(escaped($0))\\fR" } ?? ""
      return ".TP\n\(names)\(value)\n\(escaped(row.help))\n"
    }.joined()
  }

  private static var keys: String {
    Action.descriptors.map { row in
      ".TP\n\\fB\(escaped(Keymap.standard.allKeys(for: row.action)))\\fR\n\(escaped(row.help))\n"
    }.joined()
  }

  private static var examples: String {
    let examples = [
      "cachescope --demo", "cachescope redis://127.0.0.1:6379/0",
      "cachescope keys -u shop --match 'session:*' --sort ttl --limit 20",
    ]
    return examples.map { ".PP\n.RS\n\(escaped($0))\n.RE\n" }.joined()
  }

  /// Text as groff takes it: backslashes and hyphens as they are, and no line that is a request.
  private static func escaped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: true).map { line in
      let safe = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        .replacing("'", with: "\\(aq").replacing("~", with: "\\(ti").replacing("^", with: "\\(ha")
        .replacing("`", with: "\\(ga")
      return safe.hasPrefix(".") ? "\\&" + safe : safe
    }.joined(separator: "\n")
  }
}
