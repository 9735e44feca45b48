extension ValueText {
  /// Some bytes a line, sixteen by default: position, bytes in two groups, and their ASCII
  /// characters with a dot for every other byte. The layout is that of `hexdump -C`.
  static func hexDump(
    _ bytes: [UInt8], isComplete: Bool, lineLimit: Int, layout: HexLayout
  ) -> ValueText {
    let step = layout.bytesPerLine
    let shown = bytes.prefix(max(0, min(lineLimit, bytes.count / step + 1)) * step)
    var hidden = layout.hidden[...]
    let lines = stride(from: 0, to: shown.count, by: step).map { start in
      let line = start..<min(start + step, shown.count)
      while let first = hidden.first, first.upperBound <= start { hidden.removeFirst() }
      return hexLine(bytes[line], hidden.prefix { $0.lowerBound < line.upperBound }, layout)
    }
    return ValueText(form: .binary, lines: lines, isCut: !isComplete || shown.count < bytes.count)
  }

  private static func hexLine(
    _ bytes: ArraySlice<UInt8>, _ hidden: ArraySlice<Range<Int>>, _ layout: HexLayout
  ) -> ValueLine {
    let start = bytes.startIndex
    func isHidden(_ place: Int) -> Bool { hidden.contains { $0.contains(place) } }
    var columns = ""
    for place in 0..<layout.bytesPerLine {
      if place > 0, place == layout.bytesPerLine / 2 { columns += " " }
      let byte = bytes.dropFirst(place).first
      columns +=
        isHidden(start + place)
        ? "** " : byte.map { padded(String($0, radix: 16), to: 2) + " " } ?? "   "
    }
    let characters = String(
      decoding: bytes.indices.map { place in
        if isHidden(place) { return UInt8(ascii: "*") }
        return bytes[place] >= 0x20 && bytes[place] < 0x7F ? bytes[place] : UInt8(ascii: ".")
      }, as: UTF8.self)
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
