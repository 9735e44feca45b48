extension PickleReader {
  /// What each opcode but STOP does. One line for one opcode, in the order of Python's `pickle.py`.
  mutating func execute(_ opcode: UInt8) throws(DecodingFailure) {
    switch opcode {
    case UInt8(ascii: "("): mark()
    case UInt8(ascii: "0"): try popValueOrMark()
    case UInt8(ascii: "1"): stack.removeLast(stack.count - (try popMark()))
    case UInt8(ascii: "2"): stack.append(try top())
    case UInt8(ascii: "F"): try pushFloatLine()
    case UInt8(ascii: "I"): try pushIntegerLine()
    case UInt8(ascii: "J"): push(.integer(Int64(Int32(truncatingIfNeeded: try unsigned(4)))))
    case UInt8(ascii: "K"): push(.integer(Int64(try byte())))
    case UInt8(ascii: "L"): try pushLongLine()
    case UInt8(ascii: "M"): push(.integer(Int64(try unsigned(2))))
    case UInt8(ascii: "N"): stack.append(noneID)
    case UInt8(ascii: "P"): try pushPersistentLine()
    case UInt8(ascii: "Q"): push(.persistentID(try pop()))
    case UInt8(ascii: "R"): try reduce()
    case UInt8(ascii: "S"): try pushStringLine()
    case UInt8(ascii: "T"): pushOldString(try countedSigned())
    case UInt8(ascii: "U"): pushOldString(try counted(1))
    case UInt8(ascii: "V"): try pushUnicodeLine()
    case UInt8(ascii: "X"): try pushText(try counted(4))
    case UInt8(ascii: "a"): try appendOne()
    case UInt8(ascii: "b"): try build()
    case UInt8(ascii: "c"): try pushGlobalLines()
    case UInt8(ascii: "d"): push(.dictionary(try pairs(try markedList())))
    case UInt8(ascii: "}"): push(.dictionary(ChildList()))
    case UInt8(ascii: "e"): try append(try popMark()) { $0.appends }
    case UInt8(ascii: "g"): try recall(try indexLine())
    case UInt8(ascii: "h"): try recall(try unsigned(1))
    case UInt8(ascii: "i"): try instance()
    case UInt8(ascii: "j"): try recall(try unsigned(4))
    case UInt8(ascii: "l"): push(.list(try markedList()))
    case UInt8(ascii: "]"): push(.list(ChildList()))
    case UInt8(ascii: "o"): try object()
    case UInt8(ascii: "p"): try remember(at: try indexLine())
    case UInt8(ascii: "q"): try remember(at: try unsigned(1))
    case UInt8(ascii: "r"): try remember(at: try unsigned(4))
    case UInt8(ascii: "s"): try setOne()
    case UInt8(ascii: "t"): push(.tuple(try markedList()))
    case UInt8(ascii: ")"): push(.tuple(ChildList()))
    case UInt8(ascii: "u"): try setMany()
    case UInt8(ascii: "G"): push(.double(try bigEndianDouble()))
    default: try executeLater(opcode)
    }
  }

  /// The opcodes of protocols 2 to 5.
  private mutating func executeLater(_ opcode: UInt8) throws(DecodingFailure) {
    switch opcode {
    case 0x80: if try byte() > 5 { throw .pickleUnknownProtocol }
    case 0x81: try newObject()
    case 0x82: try pushExtension(Int64(try unsigned(1)))
    case 0x83: try pushExtension(Int64(try unsigned(2)))
    case 0x84: try pushExtension(Int64(Int32(truncatingIfNeeded: try unsigned(4))))
    case 0x85: try tuple(of: 1)
    case 0x86: try tuple(of: 2)
    case 0x87: try tuple(of: 3)
    case 0x88: stack.append(trueID)
    case 0x89: stack.append(falseID)
    case 0x8A: pushLong(try counted(1))
    case 0x8B: pushLong(try countedSigned())
    case UInt8(ascii: "B"): push(.bytes(span(try counted(4))))
    case UInt8(ascii: "C"): push(.bytes(span(try counted(1))))
    case 0x8C: try pushText(try counted(1))
    case 0x8D: try pushText(try counted(8))
    case 0x8E: push(.bytes(span(try counted(8))))
    case 0x8F: push(.set(ChildList()))
    case 0x90: try append(try popMark()) { $0.adds }
    case 0x91: push(.frozenSet(try markedList()))
    case 0x92: try newObjectWithKeywords()
    case 0x93: try pushStackGlobal()
    case 0x94: try remember(at: UInt64(memoCount))
    case 0x95: _ = try take(8)
    case 0x96: push(.byteArray(span(try counted(8))))
    case 0x97: push(.outOfBandBuffer)
    case 0x98: _ = try top()
    default: throw .pickleUnknownOpcode
    }
  }

  private mutating func popValueOrMark() throws(DecodingFailure) {
    if marks.last == stack.count {
      _ = try popMark()
    } else {
      _ = try pop()
    }
  }

  private mutating func tuple(of count: Int) throws(DecodingFailure) {
    guard stack.count - fence >= count else { throw .pickleBadOp }
    let children = list(from: stack.count - count)
    push(.tuple(children))
  }

  private mutating func pushExtension(_ code: Int64) throws(DecodingFailure) {
    guard code > 0, let code = Int32(exactly: code) else { throw .pickleBadValue }
    push(.extensionCode(code))
  }

  private mutating func bigEndianDouble() throws(DecodingFailure) -> Double {
    Double(bitPattern: try unsigned(8).byteSwapped)
  }
}
