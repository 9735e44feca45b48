extension Decoding {
  /// The bytes inside of all layers, as they are; those of a pickle or a MessagePack are its own.
  package var innermost: [UInt8] { value.source }

  /// The form at the end of the chain, when that is one of those that bytes have by themselves.
  package var form: ValueForm? {
    codecs.last.flatMap(ValueForm.init(rawValue:))
  }

  /// The bytes of a value that is nothing but a text; nil for any other.
  package var text: [UInt8]? {
    guard case .text(let span) = value[value.root] else { return nil }
    return Array(value.bytes(of: span))
  }
}

extension ValueEnvelope {
  /// When the value was written, in seconds since 1970, where the layer says so.
  package var writtenAt: Double? {
    switch self {
    case .signed(let timestamp, _): return Double(timestamp)
    case .dogpile(let json):
      guard let tree = try? JSONTreeReader.read(json, within: DecodingBudget()),
        let time = tree.member("ct")
      else { return nil }
      return switch tree[time] {
      case .integer(let seconds): Double(seconds)
      case .double(let seconds): seconds
      case .written(let span): Double(String(decoding: tree.bytes(of: span), as: UTF8.self))
      default: nil
      }
    default: return nil
    }
  }
}

extension ValueDecoder {
  /// The largest value of which every codec is tried.
  private static let triedBound = 1 << 20

  /// What else bytes can be taken for, beside what they were found to be. Base64 counts only with
  /// something in it that is more than bytes, as most short words are base64.
  package func alternatives(to decoding: Decoding, of bytes: [UInt8]) -> [ValueCodec] {
    guard bytes.count <= Self.triedBound, !bytes.isEmpty else { return [] }
    let found = decoding.codecs.first.flatMap(ValueCodec.named)
    return [ValueCodec.msgpack, .pickle, .base64, .djangoSigned].filter { codec in
      guard codec != found, !budget.isExpired() else { return false }
      let other = decode(bytes, as: [codec])
      return other.failure == nil && other.trailing == 0
        && (codec != .base64 || !other.ends(in: .binary))
    } + seconds(decoding, bytes)
  }

  /// The formats beyond those of a chain; where nothing is known of bytes they can be bits, too.
  private func seconds(_ decoding: Decoding, _ bytes: [UInt8]) -> [ValueCodec] {
    guard decoding.codecs == [ValueCodec.binary.rawValue] else { return [] }
    return [ValueCodec.php, .cbor, .bson, .protobuf, .bits].filter { codec in
      !budget.isExpired() && decode(bytes, as: [codec]).failure == nil
    }
  }

  /// Whether a value that begins so has to be read whole to be shown: it is compressed, a pickle, in an
  /// envelope, or no text.
  package static func needsWhole(beginning head: [UInt8]) -> Bool {
    needsWhole(beginning: head, within: 4)
  }

  /// `envelopes`: those around it that are looked into.
  private static func needsWhole(beginning head: [UInt8], within envelopes: Int) -> Bool {
    if hasModernPickleHead(head) || CompressionFormat.announced(by: head) != nil { return true }
    if head.first == UInt8(ascii: "!"), head.element(at: 1) == 0x80 { return true }
    if cashewsParts(head) != nil { return true }
    if head.first == UInt8(ascii: "{"), let parts = try? ValueDecoder().dogpileParts(head) {
      return envelopes == 0 || ValueForm.of(parts.content, isComplete: false) == .binary
        || needsWhole(beginning: parts.content, within: envelopes - 1)
    }
    return ValueForm.of(head, isComplete: false) == .binary
  }
}
