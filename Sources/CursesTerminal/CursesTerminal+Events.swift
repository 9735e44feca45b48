import CNCurses
import TerminalCanvas

extension CursesTerminal {
  /// Waits for something to happen, at most so long (nil: for ever, 0: only looks). Returns nil when
  /// nothing did. `wakeDescriptor` is looked at too, so that another thread can end the wait; keys
  /// that were read already come first.
  ///
  /// To draw once for all that has come: call with 0 until nil.
  package func nextEvent(
    timeoutMilliseconds: Int?, wakeDescriptor: Int32? = nil
  ) -> TerminalEvent? {
    let end = timeoutMilliseconds.map { ContinuousClock.now + .milliseconds(max($0, 0)) }
    while queue.isEmpty {
      let pause = milliseconds(until: earlier(end, decoder.deadline))
      let ready = Int(cn_wait(wakeDescriptor ?? -1, inputHasEnded ? 0 : 1, pause))
      if ready & CN_SIGNAL != 0 { takeSignals() }
      if ready & CN_INPUT != 0 { takeInput() }
      if ready & CN_WAKE != 0 { queue.append(.woken) }
      if ready & CN_INPUT == 0 { takeKeys(decoder.elapse(now: .now)) }
      if queue.isEmpty, let end, ContinuousClock.now >= end { return nil }
    }
    return queue.removeFirst()
  }

  func takeInput() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = cn_read(&buffer, buffer.count)
    guard count > 0 else {
      inputHasEnded = true
      return queue.append(.inputEnded)
    }
    takeKeys(decoder.feed(buffer.prefix(count), now: .now))
    takeAnswers()
  }

  private func takeKeys(_ keys: [Key]) {
    queue += keys.map(TerminalEvent.key)
  }

  private func takeSignals() {
    var isResized = false
    while case let signal = cn_next_signal(), signal != 0 {
      switch signal {
      case cn_signal_resized: isResized = true
      case cn_signal_stop: queue.append(.stop)
      case cn_signal_continued: comeBack()
      default: queue.append(.terminate(signal: signal))
      }
    }
    if isResized { followSize() }
  }

  private func followSize() {
    cn_follow_size()
    shown = nil
    queue.append(.resized(size))
  }

  /// Somebody stopped the program without asking, and the terminal is in whatever state the shell
  /// left it.
  private func comeBack() {
    cn_leave()
    finishInterruption()
  }

  func finishInterruption() {
    let result = Int(cn_return())
    pairs.forget()
    shown = nil
    queue.append(result == CN_OK ? .resumed(size) : .inputEnded)
  }

  private func earlier(
    _ one: ContinuousClock.Instant?, _ other: ContinuousClock.Instant?
  ) -> ContinuousClock.Instant? {
    guard let one, let other else { return one ?? other }
    return min(one, other)
  }

  /// Rounded up, so that what waits for an instant finds it over; -1 is for ever.
  private func milliseconds(until instant: ContinuousClock.Instant?) -> Int32 {
    guard let instant else { return -1 }
    let (seconds, attoseconds) = (instant - .now).components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let whole = min(seconds, 1_000_000) * 1000
    return Int32(whole + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
