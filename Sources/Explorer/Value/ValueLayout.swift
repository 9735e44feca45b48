package import ValueDecoding

/// The bytes of a string as lines that fit a pane: long lines are broken, and a hex dump has as many
/// bytes a line as there is room for. Linear in the bytes of the page.
package struct ValueLayout: Sendable, Equatable {
  /// What the bytes were taken for.
  package let form: ValueForm
  package internal(set) var lines: [ValueLine]
  /// Whether the page has more than the lines show.
  package let isCut: Bool

  /// Lines that are laid out at most.
  static let lineLimit = 100_000

  /// What in it is secret, masked or not.
  package let secrets: [SecretKind]

  /// What can be folded, by the line that opens it, and what is.
  let folds: [Int: ValueText.Fold]
  var folded: Set<Int> = []
  /// The lines in pieces that fit, and of each row in view the number of its line; none where nothing
  /// can be folded.
  let pieces: [Piece]
  var lineNumbers: [Int] = []

  struct Piece: Sendable, Equatable {
    var line: Int
    var text: ValueLine
  }

  private init(_ text: ValueText, isCut: Bool? = nil, secrets: [SecretKind], width: Int) {
    form = text.form
    self.isCut = isCut ?? text.isCut
    self.secrets = secrets
    folds = text.folds
    guard folds.isEmpty else {
      pieces = text.lines.enumerated().flatMap { number, line in
        line.broken(at: width).map { Piece(line: number, text: $0) }
      }
      lines = []
      arrange()
      return
    }
    pieces = []
    let isProse = text.form == .text
    lines =
      text.form == .binary
      ? text.lines : text.lines.flatMap { $0.broken(at: width, betweenWords: isProse) }
  }

  /// A page of a string. `form` nil lets the bytes decide; `offset` is the place of the first byte in
  /// the value.
  init(
    page bytes: [UInt8], as form: ValueForm?, width: Int, offset: Int, isEnd: Bool,
    masksSecrets: Bool
  ) {
    // A page may begin within a character, whose rest is at most three bytes.
    let rest = offset > 0 ? bytes.prefix(3).prefix { $0 & 0xC0 == 0x80 }.count : 0
    let found = ValueForm.of(Array(bytes.dropFirst(rest)), isComplete: isEnd)
    let isHex = form == .binary || form == nil && found == .binary
    let shown = isHex ? bytes : Array(bytes.dropFirst(rest))
    let secrets =
      isHex ? SecretScan.secrets(in: bytes, isStart: offset == 0, isEnd: isEnd) : []
    let text = ValueText(
      shown, as: form, isComplete: isEnd, lineLimit: Self.lineLimit,
      hex: Self.hex(width: width, offset: offset, hidden: masksSecrets ? secrets : []))
    let masked = isHex ? (text, secrets) : text.masked(isStart: offset == 0, isEnd: isEnd)
    self.init(
      masksSecrets ? masked.0 : text, isCut: text.isCut && isEnd, secrets: masked.1.map(\.kind),
      width: width)
  }

  /// What was read, for a pane of so many columns.
  init(_ reading: ValueReading, width: Int, masksSecrets: Bool) {
    let kinds = reading.secrets.map(\.kind)
    switch masksSecrets ? reading.masked ?? reading.shown : reading.shown {
    case .bytes(let bytes, let form):
      let hidden = masksSecrets && form == .binary ? reading.secrets : []
      let text = ValueText(
        bytes, as: form, lineLimit: Self.lineLimit,
        hex: Self.hex(width: width, offset: 0, hidden: hidden))
      self.init(text, secrets: kinds, width: width)
    case .text(let text): self.init(text, secrets: kinds, width: width)
    }
  }

  private static func hex(width: Int, offset: Int, hidden: [FoundSecret]) -> HexLayout {
    HexLayout(
      offset: offset, bytesPerLine: width >= 78 ? 16 : width >= 45 ? 8 : 4,
      hidden: hidden.map(\.range))
  }
}

extension ValueLine {
  /// The line in pieces of at most so many columns. Wide characters count for two, as terminals
  /// have them; a mark may count for one too many. `betweenWords` breaks after a blank where the
  /// line is at least half full by then.
  func broken(at width: Int, betweenWords: Bool = false) -> [ValueLine] {
    let width = max(width, 4)
    guard tokens.reduce(0, { $0 + $1.text.utf8.count }) > width else { return [self] }
    var lines: [ValueLine] = []
    var line: [ValueToken] = []
    var used = 0
    for token in tokens {
      var piece = String.UnicodeScalarView()
      for scalar in token.text.unicodeScalars {
        let columns = Self.columns(of: scalar)
        if used + columns > width {
          let rest = betweenWords ? Self.takeWord(&piece, atMost: width / 2 - 1) : []
          line.append(ValueToken(token.role, String(piece)))
          lines.append(ValueLine(line))
          line = []
          piece = String.UnicodeScalarView(rest)
          used = rest.reduce(0) { $0 + Self.columns(of: $1) }
        }
        piece.append(scalar)
        used += columns
      }
      line.append(ValueToken(token.role, String(piece)))
    }
    return lines + [ValueLine(line)]
  }

  /// Takes the last word off, if it is no longer than that.
  private static func takeWord(
    _ piece: inout String.UnicodeScalarView, atMost limit: Int
  ) -> [Unicode.Scalar] {
    let word = piece.reversed().prefix(limit + 1).prefix { $0 != " " }
    guard word.count <= limit, word.count < piece.count else { return [] }
    piece.removeLast(word.count)
    return word.reversed()
  }

  private static func columns(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x1100: 1
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F000...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}
