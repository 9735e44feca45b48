/// What can be said to a terminal beyond drawing, judged by its type (`TERM`) and by the variables
/// that programs around ours set.
///
/// Operating system commands (OSC: colours, the clipboard) are known to everything of xterm's kind.
/// A console, or a terminal that was made before them, would print them; such types get none.
package struct TerminalDialect: Sendable, Hashable {
  /// A program between ours and the terminal.
  package enum Multiplexer: Sendable, Hashable {
    case tmux
    case screen
  }

  package let type: String
  package let multiplexer: Multiplexer?

  /// `variable` gives the value of a variable of the environment.
  package init(type: String, variable: (String) -> String?) {
    self.type = type
    func isSet(_ name: String) -> Bool { variable(name).map { !$0.isEmpty } ?? false }
    multiplexer =
      if isSet("TMUX") || type.hasPrefix("tmux") {
        .tmux
      } else if isSet("STY") {
        .screen
      } else {
        nil
      }
  }

  private static let withoutCommands = [
    "linux", "vt", "dumb", "ansi", "pcansi", "cons", "sun", "wy", "hurd", "eterm", "unknown",
  ]

  /// Whether commands may be sent at all.
  package var takesCommands: Bool {
    !type.isEmpty && !Self.withoutCommands.contains(where: type.hasPrefix)
  }

  /// Asks for the colour of the background (OSC 11); the answer comes some time, or never.
  package static let backgroundQuestion = Array("\u{1B}]11;?\u{7}".utf8)
}

/// The terminal's own clipboard, by xterm's OSC 52: the only one that is reached through ssh.
///
/// Terminals do not say whether they took it: some must be told to allow it, others know nothing of
/// it and ignore it. Through tmux the command is sent twice, once for tmux itself, which takes it
/// with `set-clipboard on`, and once wrapped, which it hands on with `allow-passthrough on`; screen
/// hands on what is wrapped, in pieces as small as its buffer.
package struct ClipboardCommand: Sendable {
  /// More bytes are refused: several terminals stop at 100,000 characters of base64.
  package static let limit = 74_994

  private let dialect: TerminalDialect

  /// Nil for a terminal that has no clipboard.
  package init?(_ dialect: TerminalDialect) {
    guard dialect.takesCommands else { return nil }
    self.dialect = dialect
  }

  /// What to send for bytes given as base64, within the limit.
  package func bytes(base64: String) -> [UInt8] {
    let body = "\u{1B}]52;c;\(base64)"
    switch dialect.multiplexer {
    case nil: return Array("\(body)\u{7}".utf8)
    case .tmux: return Array("\(body)\u{7}\u{1B}Ptmux;\u{1B}\(body)\u{7}\u{1B}\\".utf8)
    case .screen: return Self.inPieces(Array("\(body)\u{7}".utf8))
    }
  }

  /// screen takes strings of at most 256 bytes between ESC P and ESC \.
  private static func inPieces(_ bytes: [UInt8]) -> [UInt8] {
    var pieces: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 240) {
      pieces += [0x1B, 0x50] + bytes[start..<min(start + 240, bytes.count)] + [0x1B, 0x5C]
    }
    return pieces
  }

  /// What the person must have allowed for it to work; nil when nothing stands between.
  package var condition: String? {
    switch dialect.multiplexer {
    case nil: nil
    case .tmux: "tmux has \u{201C}set -g set-clipboard on\u{201D}"
    case .screen: "screen hands it on to the terminal"
    }
  }
}
