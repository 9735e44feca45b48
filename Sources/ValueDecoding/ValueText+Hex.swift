extension ValueText {
  /// Some bytes a line, sixteen by default: position, bytes in two groups, and their ASCII
  /// characters with a dot for every other byte. The layout is that of `hexdump -C`.
  static func hexDump(
    _ bytes: [UInt8], isComplete: Bool, lineLimit: Int, layout: HexLayout
  ) -> ValueText {
    let step = layout.bytesPerLine
    let shown = bytes.prefix(max(0, min(lineLimit, bytes.count / step + 1)) * step)
    let lines = stride(from: 0, to: shown.count, by: step).map { start in
      hexLine(bytes[start..<min(start + step, shown.count)], at: start, layout)
    }
    return ValueText(form: .binary, lines: lines, isCut: !isComplete || shown.count < bytes.count)
  }

  private static func hexLine(
    _ bytes: ArraySlice<UInt8>, at start: Int, _ layout: HexLayout
  ) -> ValueLine {
    var columns = ""
    for place in 0..<layout.bytesPerLine {
      if place > 0, place == layout.bytesPerLine / 2 { columns += " " }
      let byte = bytes.dropFirst(place).first
      columns += byte.map { padded(String($0, radix: 16), to: 2) + " " } ?? "   "
    }
    let characters = String(
      decoding: bytes.map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
    return ValueLine([
      ValueToken(.offset, padded(String(layout.offset + start, radix: 16), to: 8) + "  "),
      ValueToken(.number, columns + " "),
      ValueToken(.punctuation, "|"),
      ValueToken(.string, characters),
      ValueToken(.punctuation, "|"),
    ])
  }

  private static func padded(_ digits: String, to width: Int) -> String {
    String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
