/// A write that was sent, as a log tells it: never a value.
package struct SentCommand: Sendable, Equatable {
  package var at: WallTime
  /// In upper case, with its subcommand where it has one: `UNLINK`, `CONFIG SET`.
  package var verb: String
  /// The first key that it names; of a change of settings the first setting. Nil also where no key is
  /// to be noted.
  package var key: [UInt8]?
  /// How many keys it names.
  package var keyCount: Int
  /// Bytes of all that is no key.
  package var size: Int
  /// It stayed here after all, since the connection was away.
  package var wasHeldBack = false

  package init(at: WallTime, verb: String, key: [UInt8]?, keyCount: Int, size: Int) {
    self.at = at
    self.verb = verb
    self.key = key
    self.keyCount = keyCount
    self.size = size
  }

  /// The same without the name of any key.
  package var withoutKey: SentCommand {
    var command = self
    command.key = nil
    return command
  }
}
