import SystemIO

/// How the person's editor is called, so that it keeps no copy of what it shows.
///
/// Editors leave copies in places of their own choice: swap, backup and undo files, registers and
/// histories, recovery folders. And some obey what is written in the text itself ("modelines"), which
/// here comes from a stranger. For those that are known, by the name of the program that runs in
/// the end, arguments switch this off after the person's own settings were read; the others have at
/// least a folder that is wiped. The person's command stays as it is, with its arguments.
struct EditorCommand {
  /// For messages: the command as the person gave it.
  let name: String
  /// For the shell, with the file as `$0`.
  let shellCommand: String
  let environment: [(name: String, value: String)]

  /// The editor of `$VISUAL`, `$EDITOR` or else vi. `folder` is where the file lies, which is also
  /// good for files that an editor cannot do without.
  init(folder: String) {
    let chosen = ["VISUAL", "EDITOR"].lazy.compactMap(EnvironmentVariable.value(of:))
      .first { $0.contains { $0 != " " } }
    name = chosen ?? "vi"
    let habits = EditorHabits.of(Self.program(of: name))
    shellCommand = ([name] + habits.arguments + ["\"$0\""]).joined(separator: " ")
    environment =
      Self.withoutSecrets(EnvironmentVariable.all) + habits.variables(folder, Self.variable)
  }

  private static func variable(_ name: String) -> String {
    EnvironmentVariable.value(of: name) ?? ""
  }

  /// The base name of the program behind a command: `vim.basic` for `vi -R` on many systems.
  private static func program(of command: String) -> String {
    var words = command.split(separator: " ")[...]
    while let word = words.first, word.contains("=") || ["env", "exec", "command"].contains(word) {
      words.removeFirst()
    }
    let first = String(words.first ?? "").filter { $0 != "\"" && $0 != "'" }
    let file = ProgramLookup.file(of: first, path: EnvironmentVariable.value(of: "PATH")) ?? first
    return String(file.split(separator: "/").last ?? "")
  }

  /// The environment less what the editor, its plug-ins and what they start have no use for.
  private static func withoutSecrets(
    _ variables: [(name: String, value: String)]
  ) -> [(name: String, value: String)] {
    variables.filter { variable in
      let name = variable.name.uppercased()
      return !named.contains(name) && !tellingParts.contains(where: name.contains)
        && !holdsLogin(variable.value)
    }
  }

  private static let named = ["REDISCLI_AUTH", "CACHESCOPE_URL", "REDIS_URL", "NEXINIT"]
  private static let tellingParts = [
    "PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "API_KEY", "APIKEY",
    "PRIVATE_KEY", "ACCESS_KEY",
  ]

  /// `scheme://user:password@host`.
  private static func holdsLogin(_ value: String) -> Bool {
    guard let start = value.firstRange(of: "://")?.upperBound else { return false }
    let authority = value[start...].prefix { $0 != "/" && $0 != "?" && $0 != " " }
    return authority.prefix { $0 != "@" }.contains(":") && authority.contains("@")
  }

  /// Why there is no result, from the status with which the shell ended.
  func failure(status: Int32) -> String {
    switch status {
    case 126: "\(name) cannot be run; set $VISUAL or $EDITOR to your editor"
    case 127: "\(name) was not found; set $VISUAL or $EDITOR to your editor"
    case 129...: "\(name) was ended by signal \(status - 128)"
    default: "\(name) ended with status \(status)"
    }
  }
}

/// What a kind of editor must be told.
private struct EditorHabits: Sendable {
  var arguments: [String] = []
  /// Variables to add, given the folder and the environment.
  var variables: @Sendable (String, (String) -> String) -> [(name: String, value: String)] = {
    _, _ in []
  }

  static func of(_ program: String) -> EditorHabits {
    let kind = program.prefix { $0.isLetter }
    return table[String(kind)] ?? EditorHabits()
  }

  private static let table: [String: EditorHabits] = [
    "vim": vim, "vimx": vim, "gvim": vim, "nvim": vim, "view": vim, "nvi": nvi, "bsdvi": nvi,
    "emacs": emacs, "nano": EditorHabits(arguments: ["-R"]),
    "joe": EditorHabits(arguments: ["-nobackups"]),
    "jmacs": EditorHabits(arguments: ["-nobackups"]),
    "jstar": EditorHabits(arguments: ["-nobackups"]),
    "micro": EditorHabits(
      arguments: ["-backup false", "-savehistory false", "-savecursor false", "-saveundo false"]),
  ]

  /// Modelines are read with the file, after the person's settings: so an event between the two
  /// switches them off, in a group of its own that those settings do not clear.
  private static let vim = EditorHabits(arguments: [
    "-n", "-i NONE", "--cmd 'augroup cachescope'",
    "--cmd 'autocmd BufReadPre * setlocal nomodeline modelines=0'", "--cmd 'augroup END'",
    "-c 'silent! set nobackup nowritebackup noundofile noswapfile viminfo= shada='",
  ])

  /// It copies the file for recovery as soon as it opens it: into our folder then. What the person
  /// has set for it in a variable or a file still holds.
  private static let nvi = EditorHabits { folder, variable in
    let own = ["NEXINIT", "EXINIT"].map(variable).first { !$0.isEmpty }
    let file = "\(variable("HOME"))/.nexrc"
    let settings = own ?? (ProgramLookup.isReadable(file) ? "source \(file)" : nil)
    let ours = "set recdir=\(folder)|set directory=\(folder)"
    return [("NEXINIT", [settings, ours].compactMap { $0 }.joined(separator: "|"))]
  }

  private static let emacs = EditorHabits(arguments: [
    "--eval '(setq make-backup-files nil auto-save-default nil create-lockfiles nil "
      + "auto-save-list-file-prefix nil enable-local-variables nil enable-local-eval nil "
      + "enable-dir-local-variables nil)'"
  ])
}
