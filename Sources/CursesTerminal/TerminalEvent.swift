package import TerminalCanvas

/// What happened at the terminal.
package enum TerminalEvent: Sendable, Hashable {
  case key(Key)
  /// The window has this size now.
  case resized(ScreenSize)
  /// A signal asks the program to end: TERM, HUP, INT or QUIT, by its number.
  case terminate(signal: Int32)
  /// A signal asks the program to stop until it is continued, as Ctrl-Z does in a shell; what it holds
  /// open can be closed before `CursesTerminal.suspend`.
  case stop
  /// The program was stopped and runs again, or comes back from another program. The size may have
  /// changed.
  case resumed(ScreenSize)
  /// The terminal has answered what colour its background has: 8 bits each for red, green and blue.
  case background(UInt32)
  /// The wake descriptor can be read; whoever owns it reads it.
  case woken
  /// Nobody can type any more: the terminal is gone. Comes once.
  case inputEnded
}

/// Why there is no screen.
package enum TerminalError: Error, Sendable, Hashable {
  /// Standard input or output is no terminal.
  case notATerminal
  /// The terminal type cannot place its cursor, such as `dumb`.
  case cannotDraw(type: String)
  /// Nothing is known of the terminal type, nor of the one tried instead.
  case unknownType(String)
  /// A screen is open already, or the system refused.
  case failed

  /// A sentence with a next step.
  package var sentence: String {
    switch self {
    case .notATerminal:
      "the screen needs a terminal on standard input and output; in a pipe or a script use "
        + "commands such as \u{201C}cachescope keys\u{201D} (see cachescope --help)"
    case .cannotDraw(let type):
      "the terminal type \(quoted(type)) (from TERM) cannot place text on a screen; try "
        + "TERM=xterm-256color, or commands such as \u{201C}cachescope keys\u{201D}"
    case .unknownType(let type):
      "nothing is known of the terminal type \(quoted(type)) (from TERM); try TERM=xterm-256color"
    case .failed: "the terminal could not be opened"
    }
  }

  private func quoted(_ type: String) -> String {
    "\u{201C}" + TextSanitizer.listText(type) + "\u{201D}"
  }
}
