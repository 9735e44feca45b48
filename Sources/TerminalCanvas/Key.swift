/// What a person does at a terminal: a key, a click, a paste. Each has a spelling (`Key+Spelling`)
/// that the keymap, the help and scripted key presses share.
package enum Key: Sendable, Hashable {
  /// Text. A scalar at a time: a combining mark is a key of its own.
  case character(Character)
  /// Ctrl with a lower-case letter or one of `space \ ] ^ _`.
  case control(Character)
  /// Alt with a character.
  case alt(Character)
  case enter
  case escape
  case tab
  case backTab
  case backspace
  case delete
  case insert
  case up
  case down
  case left
  case right
  case home
  case end
  case pageUp
  case pageDown
  /// F1 is 1.
  case function(Int)
  /// One of the named keys above with modifiers.
  indirect case modified(Modifiers, Key)
  case mouse(MouseEvent)
  /// A bracketed paste, whole.
  case paste(Paste)

  /// Modifiers of a named key.
  package struct Modifiers: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    package static let shift = Modifiers(rawValue: 1)
    package static let alt = Modifiers(rawValue: 2)
    package static let control = Modifiers(rawValue: 4)
  }

  /// A named key with modifiers; without any, the key itself. Shift-tab is `backTab`.
  package static func with(_ modifiers: Modifiers, _ key: Key) -> Key {
    if modifiers.isEmpty { return key }
    return key == .tab && modifiers == .shift ? .backTab : .modified(modifiers, key)
  }
}

/// Something that the mouse did, at a cell.
package struct MouseEvent: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case press
    case release
    case drag
    case wheelUp
    case wheelDown
    /// The second press within 400 ms on the same cell; comes instead of that `press`.
    case doubleClick
  }

  package enum Button: Sendable, Hashable {
    case left
    case middle
    case right
    /// A release or a wheel, where no button counts.
    case none
  }

  package var kind: Kind
  package var button: Button
  package var position: Position
  package var modifiers: Key.Modifiers

  package init(
    _ kind: Kind, button: Button = .left, at position: Position, modifiers: Key.Modifiers = []
  ) {
    self.kind = kind
    self.button = button
    self.position = position
    self.modifiers = modifiers
  }
}

/// What was pasted: exact bytes, up to a bound.
package struct Paste: Sendable, Hashable {
  package var bytes: [UInt8]
  /// Whether more was pasted than the bound allows, and dropped.
  package var isTruncated: Bool

  package init(_ bytes: [UInt8], isTruncated: Bool = false) {
    self.bytes = bytes
    self.isTruncated = isTruncated
  }

  /// As text, repaired; line ends, which terminals send as CR, are `\n`.
  package var text: String {
    var lines: [UInt8] = []
    lines.reserveCapacity(bytes.count)
    var afterReturn = false
    for byte in bytes {
      if byte == 0x0D || !(byte == 0x0A && afterReturn) {
        lines.append(byte == 0x0D ? 0x0A : byte)
      }
      afterReturn = byte == 0x0D
    }
    return String(decoding: lines, as: UTF8.self)
  }
}
