package import Explorer
package import TerminalCanvas

/// One painted frame: its cells, what it showed of what matters to the next key, and where it
/// answers to clicks.
package struct Rendering: Sendable {
  package var frame: Frame
  package var presentation = Presentation()
  package var regions: [Region] = []
  /// There are no colours to tell things apart by: signs stand in for those that warn.
  var isColourless = false

  /// Smaller windows get a sentence instead of a screen.
  package static let minimumSize = ScreenSize(columns: 60, rows: 15)
}

/// Paints the state. A pure function: the same state and size give the same frame.
/// `isColourless`: the frame will be shown without colours.
package func render(
  _ state: ExplorerState, size: ScreenSize, keymap: Keymap = .standard, isColourless: Bool = false
) -> Rendering {
  var rendering = Rendering(frame: Frame(size: size))
  rendering.isColourless = isColourless
  rendering.presentation.listHeight = state.keys.height
  rendering.presentation.previewHeight = state.preview.height
  guard size.columns >= Rendering.minimumSize.columns, size.rows >= Rendering.minimumSize.rows
  else {
    rendering.paintTooSmall(size)
    return rendering
  }
  var area = rendering.frame.area
  rendering.paintHeader(state, in: area.takeTop(1))
  rendering.paintTabs(state, in: area.takeTop(1))
  let newsLines = rendering.newsLines(state, columns: area.columns)
  var hints = area.takeBottom(max(2, newsLines))
  let news = hints.takeBottom(newsLines)
  switch state.screen {
  case .keys: rendering.paintKeys(state, keymap, in: area)
  case .stats: rendering.paintStats(state, in: area)
  case .expiry: rendering.paintExpiry(state, in: area)
  }
  if state.source.isOutOfReach { rendering.grey(area) }
  if hints.rows > 0 { rendering.paintHints(state, keymap, in: hints) }
  rendering.paintNews(state, in: news)
  if let overlay = state.overlay { rendering.paint(overlay, state, keymap, in: area) }
  if let prompt = state.prompt { rendering.paint(prompt, state, in: area, line: news) }
  return rendering
}

extension SourceState {
  /// What was seen of it stays on the screen, but may be so no longer.
  fileprivate var isOutOfReach: Bool {
    guard description != nil else { return false }
    return switch connection {
    case .waiting, .refused: true
    case .connecting, .connected, .busy: false
    }
  }
}

extension Rendering {
  /// Takes the colours off what may be out of date; frames and the cursor's row stay.
  fileprivate mutating func grey(_ area: Area) {
    frame.restyle(area) { style in
      if style.role == .border || style.role == .focus { return }
      style.role = .muted
      style.attributes.remove(.bold)
    }
  }

  fileprivate mutating func paintTooSmall(_ size: ScreenSize) {
    let row = size.rows / 2
    frame.putCentered(
      "window too small: \(size)", row: max(0, row - 1), column: 0, columns: size.columns,
      style: Style(.warn))
    frame.putCentered(
      "\(Self.minimumSize) at least", row: row, column: 0, columns: size.columns, style: .muted)
  }
}
