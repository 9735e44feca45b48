/// What can be said of bytes in a few words, besides what they are: that they are an image of so many
/// pixels, that a number is a time.
package enum ValueRemark {
  /// Nil where there is nothing to say. Bounded: only the head is looked at.
  package static func of(_ decoding: Decoding) -> String? {
    guard decoding.failure == nil else { return nil }
    let bytes = decoding.innermost
    if decoding.ends(in: .integer) { return time(bytes) }
    if decoding.ends(in: .text) { return uuid(bytes) }
    return decoding.ends(in: .binary) ? media(bytes) : nil
  }

  // MARK: Times

  /// Numbers from 2001 to 2099, in seconds, milliseconds or microseconds since 1970.
  private static func time(_ digits: [UInt8]) -> String? {
    guard (9...16).contains(digits.count),
      let number = Int64(String(decoding: digits, as: UTF8.self))
    else { return nil }
    let units: [(String, Int64, Int64)] = [
      ("seconds", 1000, 1), ("milliseconds", 1, 1), ("microseconds", 1, 1000),
    ]
    for (unit, factor, divisor) in units {
      let (milliseconds, isTooLarge) = (number / divisor).multipliedReportingOverflow(by: factor)
      guard !isTooLarge, (978_307_200_000..<4_102_444_800_000).contains(milliseconds) else {
        continue
      }
      return "\(CivilDate.text(milliseconds: milliseconds)) UTC, if it is a time in \(unit)"
    }
    return nil
  }

  // MARK: UUIDs

  private static func uuid(_ text: [UInt8]) -> String? {
    guard text.count == 36,
      [8, 13, 18, 23].allSatisfy({ text[$0] == UInt8(ascii: "-") })
    else { return nil }
    let digits = text.filter { $0 != UInt8(ascii: "-") }
    let values = digits.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard values.count == 32 else { return nil }
    let version = values[12]
    switch version {
    case 4: return "a UUID, random (version 4)"
    case 7:
      let milliseconds = values[..<12].reduce(Int64(0)) { $0 << 4 | Int64($1) }
      return "a UUID of \(CivilDate.text(milliseconds: milliseconds)) UTC (version 7)"
    case 1:
      // Steps of 100 ns since the Gregorian calendar began (RFC 9562, section 5.1).
      let fields = Array(values[13..<16]) + Array(values[8..<12]) + Array(values[..<8])
      let steps = fields.reduce(Int64(0)) { $0 << 4 | Int64($1) }
      let milliseconds = steps / 10_000 - 12_219_292_800_000
      return "a UUID of \(CivilDate.text(milliseconds: milliseconds)) UTC (version 1)"
    case 0...8: return "a UUID (version \(version))"
    default: return nil
    }
  }

  // MARK: Images and files

  private static func media(_ bytes: [UInt8]) -> String? {
    if let (name, size) = image(bytes) {
      return size.map { "\(name) image, \($0.width) x \($0.height) pixels" } ?? "\(name) image"
    }
    let files: [(String, [UInt8])] = [
      ("a PDF file", Array("%PDF-".utf8)), ("a zip file", [0x50, 0x4B, 3, 4]),
      ("an Ogg file", Array("OggS".utf8)), ("a SQLite database", Array("SQLite format 3\0".utf8)),
      ("a WebAssembly module", [0, 0x61, 0x73, 0x6D]), ("an ELF file", [0x7F, 0x45, 0x4C, 0x46]),
      ("a WOFF font", Array("wOFF".utf8)), ("a WOFF2 font", Array("wOF2".utf8)),
      ("an Avro file", [0x4F, 0x62, 0x6A, 1]), ("a Parquet file", Array("PAR1".utf8)),
    ]
    return files.first { bytes.starts(with: $0.1) }?.0
  }

  private typealias Size = (width: Int, height: Int)

  private static func image(_ bytes: [UInt8]) -> (String, Size?)? {
    func big(_ place: Int, _ count: Int) -> Int {
      (place..<place + count).reduce(0) { $0 << 8 | Int(bytes.element(at: $1) ?? 0) }
    }
    func little(_ place: Int, _ count: Int) -> Int {
      (place..<place + count).reversed().reduce(0) { $0 << 8 | Int(bytes.element(at: $1) ?? 0) }
    }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      return ("PNG", bytes.count >= 24 ? (big(16, 4), big(20, 4)) : nil)
    }
    if bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8) {
      return ("GIF", bytes.count >= 10 ? (little(6, 2), little(8, 2)) : nil)
    }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return ("JPEG", jpegSize(bytes)) }
    if bytes.starts(with: "BM".utf8), bytes.count >= 26, little(2, 4) == bytes.count {
      return ("BMP", (little(18, 4), abs(Int(Int32(truncatingIfNeeded: little(22, 4))))))
    }
    if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
      return ("WebP", webPSize(bytes, little))
    }
    if bytes.dropFirst(4).starts(with: "ftypavif".utf8) { return ("AVIF", nil) }
    return nil
  }

  /// The first frame header of the segments (ITU-T T.81, B.2.2).
  private static func jpegSize(_ bytes: [UInt8]) -> Size? {
    var place = 2
    for _ in 0..<256 {
      guard place + 9 < bytes.count, bytes[place] == 0xFF else { return nil }
      let marker = bytes[place + 1]
      if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
        let height = Int(bytes[place + 5]) << 8 | Int(bytes[place + 6])
        return (Int(bytes[place + 7]) << 8 | Int(bytes[place + 8]), height)
      }
      place += 2 + (Int(bytes[place + 2]) << 8 | Int(bytes[place + 3]))
    }
    return nil
  }

  /// By the kind of the first chunk (RFC 9649).
  private static func webPSize(_ bytes: [UInt8], _ little: (Int, Int) -> Int) -> Size? {
    let kind = bytes.dropFirst(12).prefix(4)
    guard bytes.count >= 30 else { return nil }
    if kind.elementsEqual("VP8X".utf8) { return (little(24, 3) + 1, little(27, 3) + 1) }
    if kind.elementsEqual("VP8 ".utf8) { return (little(26, 2) & 0x3FFF, little(28, 2) & 0x3FFF) }
    guard kind.elementsEqual("VP8L".utf8) else { return nil }
    let bits = little(21, 4)
    return (bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
  }
}
