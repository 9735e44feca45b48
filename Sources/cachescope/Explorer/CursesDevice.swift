import CursesTerminal
import Explorer
import TerminalCanvas

/// The real terminal, with the theme in which frames are shown.
struct CursesDevice: TerminalDevice {
  let terminal: CursesTerminal
  let theme: Theme

  var size: ScreenSize { terminal.size }

  func nextEvent(timeoutMilliseconds: Int?, wakeDescriptor: Int32?) -> TerminalEvent? {
    terminal.nextEvent(timeoutMilliseconds: timeoutMilliseconds, wakeDescriptor: wakeDescriptor)
  }

  func show(_ frame: Frame, isSettled: Bool) {
    terminal.present(frame, theme: theme)
  }

  func repaint() {
    terminal.repaint()
  }

  func copy(_ bytes: [UInt8]) -> CopyOutcome {
    .unavailable("this terminal takes no copies")
  }

  func suspend() {
    terminal.suspend()
  }

  func runInterruption<Result>(_ body: () -> Result) -> Result {
    terminal.runInterruption(body)
  }
}
