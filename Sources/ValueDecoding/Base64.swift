/// Base64 with the standard alphabet (RFC 4648, section 4).
package enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// With padding. Linear.
  package static func text(of bytes: [UInt8]) -> String {
    let alphabet = alphabet
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let second = index + 1 < bytes.count ? bytes[index + 1] : 0
      let third = index + 2 < bytes.count ? bytes[index + 2] : 0
      let bits = Int(bytes[index]) << 16 | Int(second) << 8 | Int(third)
      for shift in stride(from: 18, through: 0, by: -6) {
        result.append(alphabet[bits >> shift & 63])
      }
      index += 3
    }
    let padding = (3 - bytes.count % 3) % 3
    result.removeLast(padding)
    result += repeatElement(UInt8(ascii: "="), count: padding)
    return String(decoding: result, as: UTF8.self)
  }

  /// The bytes of base64 with all of its padding and nothing else; nil for anything else.
  static func strictBytes(of text: [UInt8]) -> [UInt8]? {
    guard text.count.isMultiple(of: 4),
      !text.contains(UInt8(ascii: "-")), !text.contains(UInt8(ascii: "_"))
    else { return nil }
    return bytes(of: String(decoding: text, as: UTF8.self))
  }

  /// The bytes, or nil when the text is not base64. Padding may be left out; `-` and `_` count as
  /// `+` and `/`.
  package static func bytes(of text: String) -> [UInt8]? {
    let symbols = Array(text.utf8)
    let body = symbols.prefix { $0 != UInt8(ascii: "=") }
    let padding = symbols[body.endIndex...]
    guard padding.allSatisfy({ $0 == UInt8(ascii: "=") }), body.count % 4 != 1,
      padding.isEmpty || (body.count + padding.count) % 4 == 0 && padding.count < 3
    else { return nil }
    var result: [UInt8] = []
    var bits: UInt32 = 0
    var count: UInt32 = 0
    for symbol in body {
      guard let value = value(of: symbol) else { return nil }
      bits = (bits << 6 | value) & 0xFFFF
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      result.append(UInt8(truncatingIfNeeded: bits >> count))
    }
    return result
  }

  private static func value(of symbol: UInt8) -> UInt32? {
    switch symbol {
    case 0x41...0x5A: UInt32(symbol) - 0x41
    case 0x61...0x7A: UInt32(symbol) - 0x61 + 26
    case 0x30...0x39: UInt32(symbol) - 0x30 + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
