extension InputDecoder {
  /// A report as mode 1006 of xterm writes it: button and modifiers, column, row (from 1).
  mutating func emitMouse(_ numbers: [Int]?, isRelease: Bool, _ final: UInt8) {
    guard let numbers, numbers.count == 3, final == 0x4D || final == 0x6D, numbers[1] > 0,
      numbers[2] > 0
    else { return }
    let code = numbers[0]
    let position = Position(row: numbers[2] - 1, column: numbers[1] - 1)
    guard let (kind, button) = Self.mouseKind(code, isRelease: isRelease) else { return }
    var event = MouseEvent(kind, button: button, at: position, modifiers: Self.modifiers(of: code))
    if kind == .press, button == .left, isSecondPress(at: position) { event.kind = .doubleClick }
    emit(.mouse(event))
  }

  private static func mouseKind(
    _ code: Int, isRelease: Bool
  ) -> (MouseEvent.Kind, MouseEvent.Button)? {
    let buttons: [MouseEvent.Button] = [.left, .middle, .right, .none]
    let button = buttons[code & 3]
    if code & 64 != 0 {
      guard code & 3 < 2, !isRelease else { return nil }  // 2 and 3 scroll sideways
      return (code & 1 == 0 ? .wheelUp : .wheelDown, .none)
    }
    guard code < 128 else { return nil }
    if code & 32 != 0 { return button == .none ? nil : (.drag, button) }
    return isRelease ? (.release, .none) : (.press, button)
  }

  private static func modifiers(of code: Int) -> Key.Modifiers {
    var modifiers: Key.Modifiers = []
    if code & 4 != 0 { modifiers.insert(.shift) }
    if code & 8 != 0 { modifiers.insert(.alt) }
    if code & 16 != 0 { modifiers.insert(.control) }
    return modifiers
  }

  private mutating func isSecondPress(at position: Position) -> Bool {
    if let last = lastPress, last.position == position, now - last.at < limits.doubleClick {
      lastPress = nil
      return true
    }
    lastPress = (now, position)
    return false
  }
}
