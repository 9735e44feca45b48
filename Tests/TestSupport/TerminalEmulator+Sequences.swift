import TerminalCanvas

extension TerminalEmulator {
  /// Takes one character or sequence off the front; false when it is not complete.
  mutating func takeOne(_ first: UInt8, _ rest: inout ArraySlice<UInt8>) -> Bool {
    switch first {
    case 0x1B: return takeEscape(&rest)
    case 0..<0x20, 0x7F:
      rest.removeFirst()
      control(first)
      return true
    default: return takeScalar(first, &rest)
    }
  }

  private mutating func takeScalar(_ first: UInt8, _ rest: inout ArraySlice<UInt8>) -> Bool {
    let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard rest.count >= length else { return false }
    let text = String(decoding: rest.prefix(length), as: UTF8.self)
    rest.removeFirst(length)
    for scalar in text.unicodeScalars {
      if scalar == "\u{FFFD}", first != 0xEF { failures.append("bytes that are not UTF-8") }
      if (0x80..<0xA0).contains(scalar.value) { failures.append("C1 control") }
      print(scalar)
    }
    return true
  }

  private mutating func control(_ byte: UInt8) {
    switch byte {
    case 0x08: move(row: cursor.row, column: cursor.column - 1)
    case 0x09: move(row: cursor.row, column: (cursor.column / 8 + 1) * 8)
    case 0x0A: lineFeed()
    case 0x0D: move(row: cursor.row, column: 0)
    case 0x0E, 0x0F: break  // character sets, which UTF-8 does not need
    default: failures.append("control \(byte)")
    }
  }

  private mutating func takeEscape(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let kind = rest.dropFirst().first else { return false }
    switch kind {
    case 0x5B: return takeControlSequence(&rest)
    case 0x5D: return takeCommand(&rest)
    case 0x28, 0x29:
      guard rest.count >= 3 else { return false }
      rest.removeFirst(3)
      return true
    case 0x37: savedCursor = (cursor, pen)
    case 0x38:
      move(row: savedCursor.0.row, column: savedCursor.0.column)
      pen = savedCursor.1
    case 0x4D: reverseLineFeed()
    case 0x3D, 0x3E: break  // keypad modes
    default: failures.append("ESC \(Character(Unicode.Scalar(kind)))")
    }
    rest.removeFirst(2)
    return true
  }

  /// An operating system command, which ends with BEL.
  private mutating func takeCommand(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let end = rest.firstIndex(of: 0x07) else { return false }
    commands.append(String(decoding: rest[(rest.startIndex + 2)..<end], as: UTF8.self))
    rest = rest[(end + 1)...]
    return true
  }

  private mutating func takeControlSequence(_ rest: inout ArraySlice<UInt8>) -> Bool {
    let body = rest.dropFirst(2)
    guard let end = body.firstIndex(where: { $0 >= 0x40 }) else { return false }
    let parameters = String(decoding: body[..<end], as: UTF8.self)
    let final = Character(Unicode.Scalar(body[end]))
    rest = rest[(end + 1)...]
    if let marker = parameters.first, "?>!".contains(marker) {
      privateSequence(marker, Self.numbers(parameters.dropFirst()), final)
    } else if parameters.allSatisfy({ $0.isNumber || $0 == ";" }) {
      perform(Self.numbers(parameters[...]), final)
    } else {
      failures.append("CSI \(parameters)\(final)")
    }
    return true
  }

  private static func numbers(_ text: Substring) -> [Int] {
    text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
  }

  private mutating func privateSequence(_ marker: Character, _ numbers: [Int], _ final: Character) {
    if marker == "?", final == "c" { return }  // the Linux console's shape of the cursor
    guard marker == "?", final == "h" || final == "l" else {
      return failures.append("CSI \(marker)\(numbers)\(final)")
    }
    for mode in numbers {
      switch mode {
      case 25: cursorIsVisible = final == "h"
      case 1049: switchScreen(toAlternate: final == "h")
      case 1, 7, 12, 1000, 1002, 1006, 2004: break
      default: failures.append("private mode \(mode)")
      }
      guard mode != 25, mode != 7, mode != 12 else { continue }
      if final == "h" { privateModes.insert(mode) } else { privateModes.remove(mode) }
    }
  }

  private mutating func perform(_ numbers: [Int], _ final: Character) {
    let first = numbers.first ?? 0
    let count = max(first, 1)
    let second = numbers.count > 1 ? numbers[1] : 0
    switch final {
    case "A": move(row: cursor.row - count, column: cursor.column)
    case "B": move(row: cursor.row + count, column: cursor.column)
    case "C": move(row: cursor.row, column: cursor.column + count)
    case "D": move(row: cursor.row, column: cursor.column - count)
    case "G": move(row: cursor.row, column: count - 1)
    case "d": move(row: count - 1, column: cursor.column)
    case "H", "f": move(row: count - 1, column: max(second, 1) - 1)
    case "b": for _ in 0..<min(count, columns) { print(lastPrinted) }
    case "r": setRegion(first, second)
    case "m": setGraphics(numbers.isEmpty ? [0] : numbers)
    case "t", "l", "h": break  // the window's title stack, insert mode off
    default:
      if !edit(final, first, count) { failures.append("CSI \(numbers)\(final)") }
    }
  }
}
