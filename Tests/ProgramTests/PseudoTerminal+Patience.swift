import Glibc
import TestSupport

extension PseudoTerminal {
  /// Presses a key, again after a while as long as it has not led to a text on the screen: a key
  /// that comes before its frame was painted is refused, as it should be.
  func press(_ key: String, until text: String) throws {
    readRestOfFrame()
    for _ in 0..<9 {
      try press(key)
      if (try? wait(for: text, timeout: .seconds(2))) != nil { return }
    }
    try press(key)
    try wait(for: text)
  }

  /// A question ignores keys until it could be read.
  func waitUntilRead() {
    usleep(400_000)
  }
}
