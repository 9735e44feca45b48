import CursesTerminal
import Explorer
import SystemIO
import TerminalCanvas

/// A terminal without a screen: it presses keys from a list, each when the frame before it has come
/// to rest, and keeps the last frame. Then it waits as long as it was told and ends.
final class ScriptedDevice: TerminalDevice {
  let size: ScreenSize
  /// The theme of the source that is open.
  private(set) var theme: Theme?
  var isColourless: Bool { theme?.isColourless == true }
  var isKeyOpen: Bool { false }
  private(set) var frame: Frame
  private var keys: ArraySlice<Key>
  private let finalWait: Int64
  private var isSettled = false
  private var lastKey: Int64
  private var restingSince: Int64?
  private var clock: Int64 { SystemClock.monotonicMilliseconds }

  /// Milliseconds after which the next key comes although something is still under way.
  private static let patience: Int64 = 5_000

  init(size: ScreenSize, keys: [Key], finalWait: Int64, theme: Theme?) {
    self.size = size
    self.theme = theme
    self.keys = keys[...]
    self.finalWait = finalWait
    frame = Frame(size: size)
    lastKey = SystemClock.monotonicMilliseconds
  }

  func nextEvent(timeoutMilliseconds: Int?, wakeDescriptor: Int32?) -> TerminalEvent? {
    if let event = nextStep() { return event }
    guard let timeout = timeoutMilliseconds, timeout > 0, let wakeDescriptor else { return nil }
    return WakeDescriptor.wait(on: wakeDescriptor, milliseconds: min(timeout, 20)) ? .woken : nil
  }

  private func nextStep() -> TerminalEvent? {
    guard isSettled || clock - lastKey > Self.patience else { return nil }
    if let key = keys.popFirst() {
      isSettled = false
      lastKey = clock
      return .key(key)
    }
    let since = restingSince ?? clock
    restingSince = since
    return clock - since >= finalWait ? .inputEnded : nil
  }

  func show(_ frame: Frame, isSettled: Bool) {
    self.frame = frame
    self.isSettled = isSettled
  }

  func wear(_ theme: Theme?) { self.theme = theme }

  func repaint() {}
  func suspend() {}

  func copy(_ bytes: [UInt8]) -> CopyOutcome { .unavailable("there is no terminal") }

  func runInterruption<Result>(_ body: () -> Result) -> Result {
    body()
  }
}
