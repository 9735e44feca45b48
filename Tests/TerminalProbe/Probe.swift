import CursesTerminal
import Glibc
import TerminalCanvas

/// A small program on `CursesTerminal` for the tests: shows what happened last, and ends or crashes
/// on a key. `q` quits, `c` crashes, `z` stops, `e` runs another program that needs the terminal, `f`
/// one that fails and leaves it in disorder, `w` writes to standard error, `r` paints anew.
enum Probe {
  static func run(_ arguments: [String]) -> Int32 {
    let depth: ColorDepth? = arguments.contains("--no-color") ? ColorDepth.none : nil
    let theme = arguments.compactMap(Theme.named).first ?? .dark
    do throws(TerminalError) {
      let type = getenv("TERM").map { String(cString: $0) } ?? ""
      let terminal = try CursesTerminal(
        type: type,
        options: .init(
          depth: depth, usesMouse: !arguments.contains("--no-mouse"),
          asksBackground: arguments.contains("--ask")))
      let status = loop(terminal, theme)
      terminal.close()
      print("bye \(status)")
      return status
    } catch {
      print(error.sentence)
      return 2
    }
  }

  private static func loop(_ terminal: CursesTerminal, _ theme: Theme) -> Int32 {
    var said = "READY"
    var count = 0
    while true {
      terminal.present(
        ProbePicture.frame(terminal.size, said: said, depth: terminal.depth), theme: theme)
      guard let event = terminal.nextEvent(timeoutMilliseconds: nil) else { continue }
      if event == .stop {
        terminal.suspend()
        continue
      }
      count += 1
      switch event {
      case .key(.character("q")): return 0
      case .terminate(let signal): return 128 + signal
      case .inputEnded: return 9
      case .key(let key):
        act(on: key, terminal)
        said = "\(count) key \(key)"
      case .resized(let size): said = "\(count) size \(size)"
      case .resumed: said = "\(count) resumed"
      case .background(let colour): said = "\(count) background \(String(colour, radix: 16))"
      case .woken: said = "\(count) woken"
      case .stop: break
      }
    }
  }

  private static func act(on key: Key, _ terminal: CursesTerminal) {
    switch key {
    case .character("c"): fatalError("the probe was asked to crash")
    case .character("z"), .control("z"): terminal.suspend()
    case .character("e"): terminal.runInterruption { run(waiting) }
    case .character("f"): terminal.runInterruption { run("stty raw -echo; kill -KILL $$") }
    case .character("w"): writeError("written \u{1B}[31mmeanwhile\n")
    case .character("r"): terminal.repaint()
    default: break
    }
  }

  /// Another program with the terminal's ordinary modes, which waits for a line.
  private static let waiting =
    "stty -a | grep -o '.icanon'; echo OTHER; read line; echo got $line"

  private static func run(_ script: String) {
    var process = pid_t()
    var arguments: [UnsafeMutablePointer<CChar>?] = []
    for word in ["/bin/sh", "-c", script] { arguments.append(strdup(word)) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    guard posix_spawn(&process, "/bin/sh", nil, nil, &arguments, environ) == 0 else { return }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
  }

  private static func writeError(_ text: String) {
    let bytes = Array(text.utf8)
    write(2, bytes, bytes.count)
  }
}
