extension ValueText {
  /// Sixteen bytes a line: position, bytes in two groups, and their ASCII characters with a dot for
  /// every other byte. The layout is that of `hexdump -C`.
  static func hexDump(_ bytes: [UInt8], isComplete: Bool, lineLimit: Int) -> ValueText {
    let shown = bytes.prefix(max(0, min(lineLimit, bytes.count / 16 + 1)) * 16)
    let lines = stride(from: 0, to: shown.count, by: 16).map { start in
      hexLine(at: start, bytes[start..<min(start + 16, shown.count)])
    }
    return ValueText(form: .binary, lines: lines, isCut: !isComplete || shown.count < bytes.count)
  }

  private static func hexLine(at start: Int, _ bytes: ArraySlice<UInt8>) -> ValueLine {
    var columns = ""
    for place in 0..<16 {
      if place == 8 { columns += " " }
      let byte = bytes.dropFirst(place).first
      columns += byte.map { padded(String($0, radix: 16), to: 2) + " " } ?? "   "
    }
    let characters = String(
      decoding: bytes.map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
    return ValueLine([
      ValueToken(.offset, padded(String(start, radix: 16), to: 8) + "  "),
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
