/// One cell of the grid, 16 bytes: a first scalar, up to three zero-width scalars on it, a style,
/// and its width. A wide character takes two cells: the head (width 2) and a continuation (0).
package struct Cell: Sendable, Hashable {
  /// Three scalars of 21 bits each, the first in the lowest bits; 0 is none.
  private var packedMarks: UInt64 = 0
  private var firstValue: UInt32
  package var style: Style
  /// 1, 2, or 0 for the right half of a wide character.
  package private(set) var width: UInt8

  /// How many zero-width scalars a cell can hold; ncurses takes five scalars in all.
  package static let markLimit = 3

  package init(_ scalar: Unicode.Scalar, width: Int = 1, style: Style = .text) {
    firstValue = scalar.value
    self.width = width == 2 ? 2 : 1
    self.style = style
  }

  private init(continuationWith style: Style) {
    firstValue = 0x20
    width = 0
    self.style = style
  }

  /// An empty cell.
  package static func blank(_ style: Style = .text) -> Cell { Cell(" ", style: style) }

  /// The right half of a wide character.
  package static func continuation(_ style: Style) -> Cell { Cell(continuationWith: style) }

  package var isContinuation: Bool { width == 0 }
  package var isWide: Bool { width == 2 }

  /// Whether nothing but the background would show.
  package var isBlank: Bool { firstValue == 0x20 && packedMarks == 0 }

  package var scalar: Unicode.Scalar { Unicode.Scalar(firstValue) ?? "\u{FFFD}" }

  /// Adds a zero-width scalar; what exceeds the limit is dropped.
  package mutating func attach(_ mark: Unicode.Scalar) {
    for slot in 0..<Cell.markLimit where (packedMarks >> UInt64(slot * 21)) & 0x1F_FFFF == 0 {
      packedMarks |= UInt64(mark.value) << UInt64(slot * 21)
      return
    }
  }

  /// The zero-width scalars on the first, in order.
  package var marks: [Unicode.Scalar] {
    guard packedMarks != 0 else { return [] }
    return (0..<Cell.markLimit).compactMap { slot in
      let value = UInt32((packedMarks >> UInt64(slot * 21)) & 0x1F_FFFF)
      return value == 0 ? nil : Unicode.Scalar(value)
    }
  }

  /// Writes the cell's text to the end of `text`; a continuation has none.
  package func append(to text: inout String) {
    guard !isContinuation else { return }
    text.unicodeScalars.append(scalar)
    if packedMarks != 0 { text.unicodeScalars.append(contentsOf: marks) }
  }
}
