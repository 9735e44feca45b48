extension Frame {
  /// The frame as text with colours in SGR sequences (ECMA-48, section 8.3.117; 256 colours as
  /// xterm has them): a line for each row, each ending in the plain state, without trailing plain
  /// blanks.
  package func ansi(theme: Theme, depth: ColorDepth) -> String {
    (0..<size.rows).map { row in
      var painter = SGRPainter(theme: theme, depth: depth)
      for cell in rowWithoutTrailingBlanks(row) { painter.paint(cell) }
      return painter.finished()
    }.joined(separator: "\n")
  }

  private func rowWithoutTrailingBlanks(_ row: Int) -> ArraySlice<Cell> {
    var cells = self.row(row)
    while let last = cells.last, last.isBlank, last.style.background == .plain,
      last.style.attributes.isEmpty
    {
      cells.removeLast()
    }
    return cells
  }
}

/// Writes cells with the least SGR sequences that change one look into the next: a reset and what
/// holds now.
private struct SGRPainter {
  let theme: Theme
  let depth: ColorDepth
  private var line = ""
  private var style = Style.text
  private var look = Appearance()

  init(theme: Theme, depth: ColorDepth) {
    self.theme = theme
    self.depth = depth
  }

  mutating func paint(_ cell: Cell) {
    if cell.style != style {
      style = cell.style
      change(to: theme.resolve(style, depth: depth))
    }
    cell.append(to: &line)
  }

  mutating func finished() -> String {
    change(to: Appearance())
    return line
  }

  private mutating func change(to next: Appearance) {
    guard next != look else { return }
    look = next
    line += "\u{1B}[" + (["0"] + codes(of: next)).joined(separator: ";") + "m"
  }

  private func codes(of look: Appearance) -> [String] {
    var codes: [String] = []
    if look.attributes.contains(.bold) { codes.append("1") }
    if look.attributes.contains(.dim) { codes.append("2") }
    if look.attributes.contains(.underline) { codes.append("4") }
    if look.attributes.contains(.reverse) { codes.append("7") }
    if let colour = look.foreground { codes.append(code(of: colour, plain: 30, bright: 90)) }
    if let colour = look.background { codes.append(code(of: colour, plain: 40, bright: 100)) }
    return codes
  }

  private func code(of colour: UInt8, plain: Int, bright: Int) -> String {
    if depth == .indexed256, colour >= 16 { return "\(plain + 8);5;\(colour)" }
    return colour < 8 ? "\(plain + Int(colour))" : "\(bright + Int(colour) - 8)"
  }
}
