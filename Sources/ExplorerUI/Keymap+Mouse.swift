import CacheModel
import Explorer
import TerminalCanvas

extension Keymap {
  /// What the mouse means: the part of the frame that was painted last wins.
  func mouse(_ event: MouseEvent, in state: ExplorerState, over regions: [Region]) -> Event? {
    let here = regions.last { $0.area.contains(event.position) }
    switch event.kind {
    case .wheelUp: return wheel(rows: -3, at: event.position, over: regions)
    case .wheelDown: return wheel(rows: 3, at: event.position, over: regions)
    case .drag:
      guard state.split.isHeld,
        case .split(let columns)? = regions.lazy.map(\.target).first(where: Self.isSplit)
      else { return nil }
      return .moveSplit(column: event.position.column + 1, of: columns)
    case .release: return state.split.isHeld ? .holdSplit(false) : nil
    case .press, .doubleClick:
      guard event.button == .left, let here else { return nil }
      return press(here, at: event.position, isDouble: event.kind == .doubleClick, in: state)
    }
  }

  private static func isSplit(_ target: Region.Target) -> Bool {
    if case .split = target { true } else { false }
  }

  private func wheel(rows: Int, at position: Position, over regions: [Region]) -> Event {
    for region in regions.reversed() where region.area.contains(position) {
      if case .pane(let pane) = region.target { return .scrollPane(pane, rows: rows) }
    }
    return .scroll(rows: rows)
  }

  private func press(
    _ region: Region, at position: Position, isDouble: Bool, in state: ExplorerState
  ) -> Event? {
    switch region.target {
    case .row(let row): .chooseRow(row, open: isDouble)
    case .marker(let row): isDouble ? nil : .chooseRow(row, open: true)
    case .column(let field): .sort(by: field)
    case .overlayRow(let row): .chooseOverlayRow(row, open: isDouble)
    case .valueRow(let row): .chooseValueRow(row, open: isDouble)
    case .action(let action): .action(action)
    case .timeline(let panel, let start, let step):
      .chooseTime(
        start.advanced(by: step * Int64(position.column - region.area.column + 1)), in: panel)
    case .panel(let panel): .choosePanel(panel)
    case .commandColumn(let field): .sortCommands(by: field)
    case .answer(let letter): .answer(letter)
    case .pane(let pane): .choosePane(pane)
    case .split: .holdSplit(true)
    case .text(let field, let start):
      .point(
        field: field,
        at: Self.place(
          in: text(of: field, in: state), from: start, columns: position.column - region.area.column
        ))
    case .choice(let field, let place): .point(field: field, at: place)
    case .nothing: nil
    }
  }

  private func text(of field: Int, in state: ExplorerState) -> [Character] {
    guard let prompt = state.prompt else { return state.overlay?.field?.characters ?? [] }
    return prompt.fields.indices.contains(field) ? prompt.fields[field].text?.characters ?? [] : []
  }

  /// The character that stands so many columns to the right of the one at `start`.
  private static func place(in text: [Character], from start: Int, columns: Int) -> Int {
    var left = columns
    var place = start
    while place < text.count {
      left -= DisplayWidth.of(String(text[place]))
      guard left >= 0 else { break }
      place += 1
    }
    return place
  }
}
