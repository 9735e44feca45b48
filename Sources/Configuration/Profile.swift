package import CacheModel
package import Explorer
package import TerminalCanvas

/// A source under a name, and how it is to be opened.
package struct Profile: Sendable, Equatable {
  package var name: String
  package var address: SourceAddress
  package var passwordCommand: PasswordCommand?
  /// Nothing is ever sent that changes anything; no key lifts it.
  package var isReadOnly = false
  /// Changes need the name of what they concern.
  package var isProduction = false
  /// What marks it in the header.
  package var colour: SourceColour?
  /// What is kept of changes, to take them back, as far as it differs from the general part.
  package var journal = ConfiguredJournal()
  /// What differs from the general part.
  package var look = ConfiguredLook()

  package init(name: String, address: SourceAddress) {
    self.name = name
    self.address = address
  }
}

/// What a journal keeps of the changes of a source.
package enum JournalDetail: String, Sendable, Hashable, CaseIterable {
  /// Old values too: changes can be taken back, by later runs as well.
  case values
  /// Names and times alone: what was done is listed and cannot be taken back.
  case keys
  /// Nothing on the disk: changes can be taken back as long as the program runs.
  case off
}

/// A shell command whose first line of output is the password, run afresh for every connection.
package struct PasswordCommand: Sendable, Hashable {
  package var command: String
  package var limitSeconds: Int

  package static let standardSeconds = 10

  package init(command: String, limitSeconds: Int = PasswordCommand.standardSeconds) {
    self.command = command
    self.limitSeconds = limitSeconds
  }
}

/// What the general part and a profile may both say. Nil is not said.
package struct ConfiguredLook: Sendable, Equatable {
  package enum View: String, Sendable, Hashable, CaseIterable {
    case tree, list
  }

  package var theme: Theme?
  package var view: View?
  /// The bytes that part a key into levels; none when keys are not to be parted.
  package var separators: [UInt8]?
  /// The most bytes of a value that are fetched unasked.
  package var valueBytes: Int?
  /// The most elements of one.
  package var elements: Int?
  /// Bytes that the loaded keys may take.
  package var memory: Int?

  /// What may be said for that: 16 MiB to 1 TiB.
  package static let memories = 16 << 20...1 << 40

  package init() {}

  /// This, and where it says nothing, the other.
  package func over(_ general: ConfiguredLook) -> ConfiguredLook {
    var look = self
    look.theme = theme ?? general.theme
    look.view = view ?? general.view
    look.separators = separators ?? general.separators
    look.valueBytes = valueBytes ?? general.valueBytes
    look.elements = elements ?? general.elements
    look.memory = memory ?? general.memory
    return look
  }
}
