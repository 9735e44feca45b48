import CursesTerminal
import Explorer
import SystemIO
import TerminalCanvas
import ValueDecoding

/// The real terminal, with the theme in which frames are shown.
///
/// Without a theme that the person chose, the first frame has the one that the environment suggests,
/// at once, and the terminal's own answer changes it when it comes.
final class CursesDevice: TerminalDevice {
  private let terminal: CursesTerminal
  private let dialect: TerminalDialect
  private var theme: Theme
  private let followsBackground: Bool

  /// Opens the screen. `theme` is the person's choice, nil to let the background choose; `depth` the
  /// most colours to use, nil for all that the terminal has.
  init(
    theme: Theme?, depth: ColorDepth?, usesMouse: Bool
  ) throws(TerminalError) {
    let type = EnvironmentVariable.value(of: "TERM") ?? ""
    dialect = TerminalDialect(type: type, variable: EnvironmentVariable.value(of:))
    followsBackground = theme == nil && depth != ColorDepth.none
    self.theme = theme ?? .suiting(colourVariable: EnvironmentVariable.value(of: "COLORFGBG"))
    terminal = try CursesTerminal(
      type: type,
      options: CursesTerminal.Options(
        depth: depth, usesMouse: usesMouse,
        asksBackground: followsBackground && dialect.takesCommands))
  }

  /// Gives the terminal back.
  func close() {
    terminal.close()
  }

  var size: ScreenSize { terminal.size }

  func nextEvent(timeoutMilliseconds: Int?, wakeDescriptor: Int32?) -> TerminalEvent? {
    let event = terminal.nextEvent(
      timeoutMilliseconds: timeoutMilliseconds, wakeDescriptor: wakeDescriptor)
    if case .background(let colour) = event, followsBackground {
      theme = .suiting(background: colour)
    }
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
