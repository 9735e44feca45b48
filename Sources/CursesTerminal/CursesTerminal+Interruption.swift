import CNCurses
import TerminalCanvas

extension CursesTerminal {
  /// Stops the program as Ctrl-Z does in a shell, and comes back when it is continued; the next
  /// event is `.resumed`. Where nobody could continue it, it comes back at once.
  package func suspend() {
    interrupt { cn_stop() }
  }

  /// Gives the terminal back while `body` runs, for a program such as an editor that needs it. An
  /// interrupt typed meanwhile is that program's. The next event is `.resumed`; what was typed
  /// and not read by the other program arrives after it.
  package func runInterruption<Result>(_ body: () -> Result) -> Result {
    interrupt(body)
  }

  private func interrupt<Result>(_ body: () -> Result) -> Result {
    awaitAnswer()
    cn_yield_signals(1)
    cn_leave()
    cn_release_errors()
    let result = body()
    cn_capture_errors()
    finishInterruption()
    cn_yield_signals(0)
    return result
  }
}
