/// A command as it goes over the wire: a verb and its arguments, all bytes.
package struct RESPCommand: Sendable, Hashable {
  /// The verb first; never empty.
  package var arguments: [[UInt8]]

  package init(_ verb: String, _ arguments: [[UInt8]] = []) {
    self.arguments = []
    self.arguments.reserveCapacity(arguments.count + 1)
    self.arguments.append(Array(verb.utf8))
    self.arguments += arguments
  }

  /// A command whose arguments are all text, such as `RESPCommand("SET", "key", "value")`.
  package init(_ verb: String, _ arguments: String...) {
    self.arguments = [Array(verb.utf8)] + arguments.map { Array($0.utf8) }
  }

  package init(arguments: [[UInt8]]) {
    self.arguments = arguments
  }

  /// The verb in upper case, as command tables spell it.
  package var verb: String {
    guard let word = arguments.first else { return "" }
    // Without an array between, since it is asked for several times for each command that is sent.
    return String(unsafeUninitializedCapacity: word.count) { buffer in
      for (place, byte) in word.enumerated() { buffer[place] = asciiUppercased(byte) }
      return word.count
    }
  }
}

/// ASCII letters in upper case, all other bytes as they are.
package func asciiUppercased(_ byte: UInt8) -> UInt8 {
  byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte
}
