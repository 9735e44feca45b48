/// A value as lines that a person reads, each cut into tokens that a screen may colour.
///
/// JSON is laid out anew, but every number, string, key and escape stands there exactly as it was
/// written, with the order and the duplicates of its keys. Text keeps its lines. Everything else is
/// a hex dump with a text column. Tokens hold what the value holds, control characters included:
/// whoever shows them makes them safe. Linear in the bytes that were given, and bounded in lines.
package struct ValueText: Sendable, Equatable {
  package var form: ValueForm
  package var lines: [ValueLine]
  /// Whether there is more of the value than the lines show.
  package var isCut: Bool

  package init(form: ValueForm, lines: [ValueLine], isCut: Bool) {
    self.form = form
    self.lines = lines
    self.isCut = isCut
  }

  package static let standardLines = 2000

  /// Lays bytes out. `form` nil finds the form out; a form that does not fit (JSON of what is none)
  /// falls back to text or binary. `isComplete` as for `ValueForm.of`.
  package init(
    _ bytes: [UInt8], as form: ValueForm? = nil, isComplete: Bool = true,
    lineLimit: Int = standardLines, hex: HexLayout = HexLayout()
  ) {
    let found = ValueForm.of(bytes, isComplete: isComplete)
    switch form ?? found {
    case .json where found == .json:
      self = .laidOutJSON(bytes, isComplete: isComplete, lineLimit: lineLimit)
    case .binary: self = .hexDump(bytes, isComplete: isComplete, lineLimit: lineLimit, layout: hex)
    case .integer where found == .integer:
      let line = ValueLine([ValueToken(.number, String(decoding: bytes, as: UTF8.self))])
      self.init(form: .integer, lines: [line], isCut: false)
    default: self = .plainText(bytes, isComplete: isComplete, lineLimit: lineLimit)
    }
  }

  private static func plainText(
    _ bytes: [UInt8], isComplete: Bool, lineLimit: Int
  ) -> ValueText {
    let whole = isComplete ? bytes[...] : ValueForm.wholeCharacters(bytes)
    let pieces = whole.split(
      separator: 0x0A, maxSplits: max(1, lineLimit), omittingEmptySubsequences: false)
    let lines = pieces.prefix(lineLimit).map { piece in
      let line = piece.last == 0x0D ? piece.dropLast() : piece
      return ValueLine([ValueToken(.plain, String(decoding: line, as: UTF8.self))])
    }
    return ValueText(form: .text, lines: lines, isCut: !isComplete || pieces.count > lineLimit)
  }
}

/// How a hex dump is laid out.
package struct HexLayout: Sendable, Hashable {
  /// The place of the first byte in the value.
  package var offset: Int
  package var bytesPerLine: Int
  /// The bytes that are shown as stars, counted from the first that is laid out; rising.
  package var hidden: [Range<Int>]

  package init(offset: Int = 0, bytesPerLine: Int = 16, hidden: [Range<Int>] = []) {
    self.hidden = hidden
    self.offset = max(0, offset)
    self.bytesPerLine = max(1, min(bytesPerLine, 64))
  }
}

/// One line of a value.
package struct ValueLine: Sendable, Equatable {
  package var tokens: [ValueToken]

  package init(_ tokens: [ValueToken]) {
    self.tokens = tokens
  }

  /// The whole line.
  package var text: String {
    tokens.map(\.text).joined()
  }
}

/// A piece of a line and what it is.
package struct ValueToken: Sendable, Equatable {
  package enum Role: Sendable, Hashable, CaseIterable {
    case key, string, number
    /// `true`, `false`, `null`.
    case literal
    case punctuation
    /// The position column of a hex dump.
    case offset
    case plain
    /// What stands for a secret.
    case masked
  }

  package var role: Role
  package var text: String

  package init(_ role: Role, _ text: String) {
    self.role = role
    self.text = text
  }
}
