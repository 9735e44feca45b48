extension InputDecoder {
  /// More parameters than any key has; an answer may have them and is swallowed all the same.
  private static let parameterBytes = 64

  mutating func takeControl(_ byte: UInt8) {
    switch byte {
    case 0x5B where pending.isEmpty: pending.append(byte)  // ESC [ [ A: F1 of the Linux console
    case 0x20...0x3F:
      if pending.count < Self.parameterBytes { pending.append(byte) }
    case 0x40...0x7E: finishControl(byte)
    case 0x1B:
      leave()
      enter(.escape)
    default: leave()
    }
  }

  private mutating func finishControl(_ final: UInt8) {
    let (parameters, alt) = (pending, isAlt)
    leave()
    if final == 0x7E, parameters == Array("200".utf8) { return beginPaste() }
    if final == 0x4D, parameters.isEmpty { return enter(.oldMouse(left: 3)) }
    if parameters.first == 0x3C {
      emitMouse(Self.numbers(parameters.dropFirst()), isRelease: final == 0x6D, final)
    } else if let key = Self.controlSequence(parameters, final) {
      emit(alt ? .with(.alt, key) : key)
    }
  }

  mutating func takeSingle(_ byte: UInt8) {
    switch byte {
    case 0x30...0x3B: return  // modifiers as old xterms write them
    case 0x1B:
      leave()
      enter(.escape)
    default:
      let alt = isAlt
      leave()
      if let key = Self.letterKey(byte) ?? (byte == 0x4D ? .enter : nil) {
        emit(alt ? .with(.alt, key) : key)
      }
    }
  }

  /// The key of `ESC [ parameters final`; nil for answers and all that is unknown.
  static func controlSequence(_ parameters: [UInt8], _ final: UInt8) -> Key? {
    if parameters == [0x5B] {
      return (0x41...0x45).contains(final) ? .function(Int(final) - 0x40) : nil
    }
    guard let numbers = numbers(parameters[...]) else { return nil }
    let modifiers = modifiers(numbers.count > 1 ? numbers[1] : 1)
    switch final {
    case 0x5A: return .backTab
    case 0x52 where !parameters.isEmpty: return nil  // the cursor's place, not F3
    case 0x7E: return numberKey(numbers.first ?? 0).map { .with(modifiers, $0) }
    default: return letterKey(final).map { .with(modifiers, $0) }
    }
  }

  private static func letterKey(_ letter: UInt8) -> Key? {
    switch letter {
    case 0x41: .up
    case 0x42: .down
    case 0x43: .right
    case 0x44: .left
    case 0x46: .end
    case 0x48: .home
    case 0x50...0x53: .function(Int(letter) - 0x4F)
    default: nil
    }
  }

  private static func numberKey(_ number: Int) -> Key? {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23...26: .function(number - 12)
    case 28, 29: .function(number - 13)
    case 31...34: .function(number - 14)
    default: nil
    }
  }

  /// xterm writes modifiers as one more than the sum of 1 shift, 2 alt, 4 control (8 meta).
  private static func modifiers(_ number: Int) -> Key.Modifiers {
    Key.Modifiers(rawValue: UInt8((max(number, 1) - 1) & 7))
  }

  /// The numbers between `;`, an empty one as 0; nil when something else stands there. Only six
  /// digits of a number count.
  static func numbers(_ parameters: ArraySlice<UInt8>) -> [Int]? {
    guard !parameters.isEmpty else { return [] }
    var numbers = [0]
    for byte in parameters {
      switch byte {
      case 0x30...0x39:
        let last = numbers[numbers.count - 1]
        if last < 100_000 { numbers[numbers.count - 1] = last * 10 + Int(byte - 0x30) }
      case 0x3B: numbers.append(0)
      default: return nil
      }
    }
    return numbers
  }
}
