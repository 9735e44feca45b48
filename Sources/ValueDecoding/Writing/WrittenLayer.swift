/// A layer that can be put on again, with what of it is kept as it was.
enum WrittenLayer: Sendable, Hashable {
  case compressed(CompressionFormat, level: Int)
  /// Everything up to and including the bar, unchanged: `ct` says when the application computed it.
  case dogpile(head: [UInt8])
  case cachelib
  case base64

  /// Takes one layer off and answers what is inside.
  static func taken(
    off bytes: [UInt8], named name: String, by decoder: ValueDecoder
  ) throws(EditRefusal) -> (WrittenLayer, [UInt8]) {
    guard let codec = ValueCodec.named(name) else { throw .form(name) }
    var decoding = Decoding()
    let inside: [UInt8]?
    do throws(DecodingFailure) {
      inside = try decoder.open(bytes, as: codec, &decoding)
    } catch {
      throw .unread
    }
    guard let inside else { throw .form(name) }
    if let format = codec.compression { return (.compressed(format, level: level(bytes)), inside) }
    switch codec {
    case .dogpile: return (.dogpile(head: Array(bytes.dropLast(inside.count))), inside)
    case .cachelib: return (.cachelib, inside)
    case .base64: return (.base64, inside)
    case .djangoSigned, .cashewsSignature: throw .signed(layer: name)
    default: throw .form(name)
    }
  }

  func put(around bytes: [UInt8]) throws(EditRefusal) -> [UInt8] {
    switch self {
    case .compressed(let format, let level):
      guard let compressed = format.compressed(bytes, level: level) else { throw .compression }
      return compressed
    case .dogpile(let head): return head + bytes
    case .cachelib: return [UInt8(ascii: "!")] + bytes
    case .base64: return Array(Base64.text(of: bytes).utf8)
    }
  }

  /// How hard zlib tried, by the second byte of its stream (RFC 1950, FLEVEL); 6 elsewhere.
  private static func level(_ bytes: [UInt8]) -> Int {
    guard bytes.first == 0x78 else { return 6 }
    switch bytes.element(at: 1) {
    case 0x01: return 1
    case 0x5E: return 5
    case 0xDA: return 9
    default: return 6
    }
  }
}
