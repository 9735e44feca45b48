import CNCurses
package import TerminalCanvas

/// The terminal: shows frames and tells what a person does. ncurses draws; keys are read here.
///
/// Guarantees: whatever ends the screen (close, a signal, a crash, another program that borrows the
/// terminal) leaves the terminal with the modes it had; what was written to standard error
/// meanwhile comes out after it; of a frame only the rows that changed are handed on, so that an
/// unchanged frame costs no bytes. Not Sendable: it lives where it was made, on the one thread that
/// draws, because ncurses belongs to one thread.
package final class CursesTerminal {
  package struct Options: Sendable {
    /// The most colours to use; nil is what the terminal has. `.none` for NO_COLOR.
    package var depth: ColorDepth?
    package var usesMouse = true
    /// Whether to ask the terminal for the colour of its background, which it may answer with
    /// `TerminalEvent.background`, at once, late, or never.
    package var asksBackground = false

    package init(depth: ColorDepth? = nil, usesMouse: Bool = true, asksBackground: Bool = false) {
      self.depth = depth
      self.usesMouse = usesMouse
      self.asksBackground = asksBackground
    }
  }

  /// The colours in use.
  package let depth: ColorDepth
  private let usesMouse: Bool
  let pairs: ColorPairs
  var shown: (frame: Frame, theme: Theme)?
  var decoder = InputDecoder(now: .now)
  var queue: [TerminalEvent] = []
  var inputHasEnded = false
  /// When the terminal was asked for something that it has not answered.
  var askedAt: ContinuousClock.Instant?
  private var isOpen = true

  /// Opens the screen for the terminal type of `TERM`. An unknown type is tried as `xterm-256color`,
  /// which is what nearly all of them follow.
  package init(type: String, options: Options = Options()) throws(TerminalError) {
    guard cn_catch_signals() != 0 else { throw .failed }
    do {
      try Self.open(type, withColors: options.depth != ColorDepth.none)
    } catch {
      cn_release_signals()
      throw error
    }
    cn_capture_errors()
    let found = ColorDepth(colors: Int(cn_colours()))
    depth = options.depth.map { Self.lesser($0, found) } ?? found
    pairs = ColorPairs(isDirect: cn_colours() >= 1 << 24, limit: Int(cn_pairs()))
    usesMouse = options.usesMouse
    if usesMouse { cn_mouse(1) }
    if options.asksBackground { askBackground() }
  }

  private static func open(_ type: String, withColors: Bool) throws(TerminalError) {
    for name in [type, "xterm-256color"] {
      switch Int(cn_open(name, withColors ? 1 : 0)) {
      case CN_OK: return
      case CN_UNKNOWN_TERMINAL: continue
      case CN_NO_CURSOR_ADDRESSING: throw .cannotDraw(type: name)
      case CN_NO_TERMINAL: throw .notATerminal
      default: throw .failed
      }
    }
    throw .unknownType(type)
  }

  private static func lesser(_ one: ColorDepth, _ other: ColorDepth) -> ColorDepth {
    ColorDepth.allCases.first { $0 == one || $0 == other } ?? .none
  }

  deinit { close() }

  /// Gives the terminal back. May be called again.
  package func close() {
    guard isOpen else { return }
    isOpen = false
    awaitAnswer()
    cn_close()
    cn_release_errors()
    cn_release_signals()
  }

  /// Whether ESC has come and it is still open if it is the key of that name: for some milliseconds.
  package var isEscapeOpen: Bool { decoder.isEscapeOpen }

  package var size: ScreenSize {
    ScreenSize(columns: Int(cn_columns()), rows: Int(cn_rows()))
  }

  /// Has the next `present` send the whole screen, for when something else wrote on it.
  package func repaint() {
    shown = nil
    cn_redraw()
  }
}
