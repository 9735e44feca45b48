extension InputDecoder {
  /// One byte in the state that holds.
  mutating func take(_ byte: UInt8) {
    switch state {
    case .ground: takeGround(byte)
    case .character(let length): takeCharacter(byte, length: length)
    case .escape: takeEscape(byte)
    case .control: takeControl(byte)
    case .single: takeSingle(byte)
    case .answer(let bytes, let afterEscape): takeAnswer(byte, bytes, afterEscape)
    case .oldMouse(let left):
      if left > 1 { state = .oldMouse(left: left - 1) } else { leave() }
    case .paste: takePaste(byte)
    }
  }

  private mutating func takeGround(_ byte: UInt8) {
    switch byte {
    case 0x1B: enter(.escape)
    case 0x00..<0x20, 0x7F: emitPlain(Self.controlKey(byte))
    case 0x20..<0x7F: emitCharacter(Unicode.Scalar(byte))
    case 0xC2...0xDF: begin(byte, length: 2)
    case 0xE0...0xEF: begin(byte, length: 3)
    case 0xF0...0xF4: begin(byte, length: 4)
    default: leave()  // not UTF-8: nothing that was typed
    }
  }

  private mutating func begin(_ byte: UInt8, length: Int) {
    pending = [byte]
    enter(.character(length: length))
  }

  private mutating func takeCharacter(_ byte: UInt8, length: Int) {
    guard byte & 0xC0 == 0x80 else {
      leave()
      return take(byte)
    }
    pending.append(byte)
    guard pending.count == length else { return }
    let text = String(validating: pending, as: UTF8.self)
    if let scalar = text?.unicodeScalars.first, !(0x80..<0xA0).contains(scalar.value) {
      emitCharacter(scalar)
    }
    leave()
  }

  private mutating func emitCharacter(_ scalar: Unicode.Scalar) {
    emit(isAlt ? .alt(Character(scalar)) : .character(Character(scalar)))
    isAlt = false
  }

  private mutating func emitPlain(_ key: Key) {
    emit(.with(isAlt ? .alt : [], key))
    isAlt = false
  }

  static func controlKey(_ byte: UInt8) -> Key {
    switch byte {
    case 0x00: .control(" ")
    case 0x08, 0x7F: .backspace
    case 0x09: .tab
    case 0x0D: .enter
    case 0x1B: .escape
    case 0x1C...0x1F: .control(Character(Unicode.Scalar(byte + 0x40)))
    default: .control(Character(Unicode.Scalar(byte + 0x60)))
    }
  }

  private mutating func takeEscape(_ byte: UInt8) {
    if byte == 0x1B {
      if pending.count < 2 { pending.append(byte) } else { emit(.escape) }
      return
    }
    let hadEscape = !pending.isEmpty
    let opens = Self.introducers.contains(byte)
    for _ in pending.dropFirst(opens ? 1 : 0) { emit(.escape) }
    let wasLate = isLate
    leave()
    isAlt = opens ? hadEscape : true
    isLate = opens && wasLate
    switch byte {
    case 0x5B: enter(.control)
    case 0x4F: enter(.single)
    case _ where opens:
      pending = [byte]
      enter(.answer(bytes: 0, afterEscape: false))
    default: takeGround(byte)
    }
  }

  /// `[`, `O`, and what opens a string: `]` (OSC), `P` (DCS), `X` (SOS), `^` (PM), `_` (APC).
  private static let introducers: [UInt8] = [0x5B, 0x4F, 0x5D, 0x50, 0x58, 0x5E, 0x5F]

  /// An answer ends with BEL or ESC \; CAN and SUB break it off. ESC with anything else begins
  /// a new sequence.
  private mutating func takeAnswer(_ byte: UInt8, _ bytes: Int, _ afterEscape: Bool) {
    if afterEscape, byte != 0x5C {
      leave()
      enter(.escape)
      return take(byte)
    }
    if isLate, bytes == 0, !(0x30...0x39).contains(byte) {
      emitOpener()
      leave()
      return take(byte)
    }
    switch byte {
    case 0x07: finishAnswer()
    case 0x5C where afterEscape: finishAnswer()
    case 0x18, 0x1A: leave()
    default:
      if pending.count < Self.keptAnswerBytes, byte != 0x1B { pending.append(byte) }
      state = .answer(bytes: bytes + 1, afterEscape: byte == 0x1B)
    }
  }

  /// More than any answer that is understood has.
  private static let keptAnswerBytes = 64

  private mutating func finishAnswer() {
    if let answer = TerminalAnswer(pending) { answers.append(answer) }
    leave()
  }
}
