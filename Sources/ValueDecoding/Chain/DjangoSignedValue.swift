/// A value that Django signed (`django.core.signing.dumps`): its parts by their form alone. The
/// signature cannot be checked without the secret, and needs not be to read it.
struct DjangoSignedValue {
  var content: [UInt8]
  var isCompressed: Bool
  private var timestamp: Int64
  private var signature: String

  var envelope: ValueEnvelope { .signed(timestamp: timestamp, signature: signature) }

  /// `[.]A-Za-z0-9_-…:6 or 7 of A-Za-z0-9:27 to 43 of A-Za-z0-9_-`; nil for anything else.
  init?(_ bytes: [UInt8]) {
    guard bytes.suffix(52).contains(UInt8(ascii: ":")) else { return nil }
    let parts = bytes.split(
      separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 3, let first = parts[0].first else { return nil }
    isCompressed = first == UInt8(ascii: ".")
    let encoded = isCompressed ? parts[0].dropFirst() : parts[0]
    guard !encoded.isEmpty, encoded.allSatisfy(Self.isURLSafe),
      (6...7).contains(parts[1].count), (27...43).contains(parts[2].count),
      parts[2].allSatisfy(Self.isURLSafe), let time = Self.base62(parts[1]),
      let content = Base64.bytes(of: String(decoding: encoded, as: UTF8.self))
    else { return nil }
    self.content = content
    timestamp = time
    signature = String(decoding: parts[2], as: UTF8.self)
  }

  private static func isURLSafe(_ byte: UInt8) -> Bool {
    digit(byte) != nil || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  /// Seven digits of base 62 fit easily.
  private static func base62(_ digits: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for byte in digits {
      guard let digit = digit(byte) else { return nil }
      value = value * 62 + Int64(digit)
    }
    return value
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x5A: byte - 0x41 + 10
    case 0x61...0x7A: byte - 0x61 + 36
    default: nil
    }
  }
}
