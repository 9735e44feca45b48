import CursesTerminal
import Explorer
import SystemIO
import TerminalCanvas
import ValueDecoding

/// The real terminal, with the theme in which frames are shown.
///
/// The terminal is asked for its background, and the first frame does not wait for the answer: it has
/// what the environment suggests, and is painted anew when the answer says something else. Without a
/// theme that the person chose, the background chooses it; one that was chosen gets a ground of its
/// own where the terminal's does not suit it.
final class CursesDevice: TerminalDevice {
  private let terminal: CursesTerminal
  private let dialect: TerminalDialect
  private var chosen: Theme?
  private var theme: Theme
  /// The background, as far as it is known.
  private var background: UInt32?

  /// Opens the screen. `theme` is the person's choice, nil to let the background choose; `depth` the
  /// most colours to use, nil for all that the terminal has.
  init(
    theme: Theme?, depth: ColorDepth?, usesMouse: Bool
  ) throws(TerminalError) {
    let type = EnvironmentVariable.value(of: "TERM") ?? ""
    dialect = TerminalDialect(type: type, variable: EnvironmentVariable.value(of:))
    chosen = theme
    self.theme = Self.shown(theme, on: nil)
    terminal = try CursesTerminal(
      type: type,
      options: CursesTerminal.Options(
        depth: depth, usesMouse: usesMouse,
        asksBackground: depth != ColorDepth.none && dialect.takesCommands))
    let variable = EnvironmentVariable.value(of: "COLORFGBG")
    dialect.assumedBackground(colourVariable: variable).map(follow)
  }

  private func follow(background: UInt32) {
    self.background = background
    theme = Self.shown(chosen, on: background)
  }

  func wear(_ theme: Theme?) {
    chosen = theme
    self.theme = Self.shown(theme, on: background)
  }

  /// A terminal that does not tell its background may have any.
  private static func shown(_ chosen: Theme?, on background: UInt32?) -> Theme {
    guard let background else { return chosen?.onOwnPaper ?? .dark }
    return chosen?.shown(onBackground: background) ?? .suiting(background: background)
  }

  /// Gives the terminal back.
  func close() {
    terminal.close()
  }

  var size: ScreenSize { terminal.size }
  var isColourless: Bool { terminal.depth == .none || theme.isColourless }
  var isKeyOpen: Bool { terminal.isEscapeOpen }

  func nextEvent(timeoutMilliseconds: Int?, wakeDescriptor: Int32?) -> TerminalEvent? {
    let event = terminal.nextEvent(
      timeoutMilliseconds: timeoutMilliseconds, wakeDescriptor: wakeDescriptor)
    if case .background(let colour) = event { follow(background: colour) }
    return event
  }

  func show(_ frame: Frame, isSettled: Bool) {
    terminal.present(frame, theme: theme)
  }

  func repaint() {
    terminal.repaint()
  }

  func copy(_ bytes: [UInt8]) -> CopyOutcome {
    guard let clipboard = ClipboardCommand(dialect) else {
      return .unavailable("the terminal type \(dialect.type) has no clipboard")
    }
    guard bytes.count <= ClipboardCommand.limit else {
      return .tooLarge(limit: ClipboardCommand.limit)
    }
    terminal.send(clipboard.bytes(base64: Base64.text(of: bytes)))
    return clipboard.condition.map { .sentThrough(condition: $0) } ?? .sent
  }

  func suspend() {
    terminal.suspend()
  }

  func runInterruption<Result>(_ body: () -> Result) -> Result {
    terminal.runInterruption(body)
  }
}
