import CNCurses
import TerminalCanvas

/// Sequences past ncurses: what the terminal is asked, and what is handed to it that is not drawn.
extension CursesTerminal {
  /// Sends bytes that do not touch the screen. Blocks while the terminal does not read.
  package func send(_ bytes: [UInt8]) {
    cn_send(bytes, bytes.count)
  }

  func askBackground() {
    send(TerminalDialect.backgroundQuestion)
    askedAt = .now
    decoder.expectsAnswer = true
  }

  func takeAnswers() {
    for answer in decoder.takeAnswers() {
      askedAt = nil
      decoder.expectsAnswer = false
      switch answer {
      case .background(let colour): queue.append(.background(colour))
      }
    }
  }

  /// Before the terminal is given away: an answer that is still under way would be typed into the
  /// program that has it next. Waits for it for a moment; a terminal that has been silent for a
  /// second will not answer.
  func awaitAnswer() {
    guard let askedAt, ContinuousClock.now - askedAt < .seconds(1) else { return }
    let end = ContinuousClock.now + .milliseconds(100)
    while self.askedAt != nil, !inputHasEnded, case let left = end - .now, left > .zero {
      let milliseconds = Int32(left.components.attoseconds / 1_000_000_000_000_000) + 1
      if Int(cn_wait(-1, 1, milliseconds)) & CN_INPUT != 0 { takeInput() }
    }
  }
}
