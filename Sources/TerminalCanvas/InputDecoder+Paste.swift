extension InputDecoder {
  /// ESC [ 2 0 1 ~
  private static let pasteEnd: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]

  mutating func beginPaste() {
    pasteOverflowed = false
    pasteEndMatched = 0
    enter(.paste)
  }

  /// Bytes that look like the end are held back until they are, or are not. The end begins with
  /// its only ESC, so after a mismatch only that byte itself can begin it anew.
  mutating func takePaste(_ byte: UInt8) {
    if byte == Self.pasteEnd[pasteEndMatched] {
      pasteEndMatched += 1
      if pasteEndMatched == Self.pasteEnd.count {
        finishPaste(isTruncated: false)
        leave()
      }
      return
    }
    for held in Self.pasteEnd.prefix(pasteEndMatched) { keepPasted(held) }
    pasteEndMatched = byte == 0x1B ? 1 : 0
    if byte != 0x1B { keepPasted(byte) }
  }

  private mutating func keepPasted(_ byte: UInt8) {
    guard pending.count < limits.pasteBytes else {
      pasteOverflowed = true
      return
    }
    pending.append(byte)
  }

  mutating func finishPaste(isTruncated: Bool) {
    emit(.paste(Paste(pending, isTruncated: isTruncated || pasteOverflowed)))
  }
}
