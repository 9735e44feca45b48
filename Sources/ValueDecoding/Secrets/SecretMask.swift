/// Puts something else in the place of secrets: the first two and the last two characters of those of
/// at least twelve, and of shorter ones nothing.
package enum SecretMask {
  /// What stands for the characters that are left out.
  package static let dots = "••••••"

  /// What is shown of one secret.
  static func text(of secret: ArraySlice<UInt8>) -> String {
    // Half an escape would be worse than none.
    guard secret.count >= 12, !secret.contains(UInt8(ascii: "\\")) else { return dots }
    let (head, tail) = (secret.prefix(16), secret.suffix(16))
    guard let beginning = String(validating: ValueForm.wholeCharacters(Array(head)), as: UTF8.self),
      let end = String(validating: tail.drop { $0 & 0xC0 == 0x80 }, as: UTF8.self),
      secret.count > 48 || String(decoding: secret, as: UTF8.self).count >= 12
    else { return dots }
    let text = String(beginning.prefix(2)) + dots + String(end.suffix(2))
    return text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\"" } ? text : dots
  }

  /// The bytes with each secret masked.
  package static func masked(_ bytes: [UInt8], _ secrets: [FoundSecret]) -> [UInt8] {
    guard !secrets.isEmpty else { return bytes }
    var result: [UInt8] = []
    var place = 0
    for secret in secrets where secret.range.lowerBound >= place {
      result += bytes[place..<secret.range.lowerBound]
      result += text(of: bytes[secret.range]).utf8
      place = secret.range.upperBound
    }
    return result + bytes[place...]
  }

  /// The bytes of a value with its secrets masked; the same when there are none.
  package static func masked(_ bytes: [UInt8], named name: [UInt8]? = nil) -> [UInt8] {
    masked(bytes, SecretScan.secrets(in: bytes, named: name))
  }

  /// The name of a key, masked.
  package static func maskedName(_ name: [UInt8]) -> [UInt8] {
    masked(name, SecretScan.secrets(inName: name))
  }

  /// JSON that stays JSON: a number that is a secret becomes a string.
  package static func maskedJSON(_ json: [UInt8], named name: [UInt8]? = nil) -> [UInt8] {
    var secrets = SecretScan.secrets(in: json)
    if secrets.isEmpty, let name, let whole = wholeString(json, under: name) { secrets = [whole] }
    guard !secrets.isEmpty else { return json }
    var result: [UInt8] = []
    var place = 0
    var rest = secrets[...]
    var reader = JSONReader(json)
    while let event = try? reader.next() {
      let (range, isString): (Range<Int>, Bool)
      switch event {
      case .string(let span), .key(let span): (range, isString) = (span, true)
      case .number(let span), .literal(let span): (range, isString) = (span, false)
      default: continue
      }
      while let secret = rest.first, secret.range.lowerBound < range.upperBound {
        rest.removeFirst()
        let start = max(secret.range.lowerBound, range.lowerBound + (isString ? 1 : 0), place)
        let end = min(secret.range.upperBound, range.upperBound - (isString ? 1 : 0))
        guard start < end else { continue }
        result += json[place..<start]
        result += (isString ? text(of: json[start..<end]) : "\"\(dots)\"").utf8
        place = end
      }
    }
    return result + json[place...]
  }

  /// A JSON string that is a secret by the name that it stands under.
  private static func wholeString(_ json: [UInt8], under name: [UInt8]) -> FoundSecret? {
    guard json.count > 2, json.first == UInt8(ascii: "\""), json.last == UInt8(ascii: "\"") else {
      return SecretScan.secrets(in: json, named: name).first { $0.range == json.indices }
    }
    let inside = Array(json.dropFirst().dropLast())
    guard let secret = SecretScan.secrets(in: inside, named: name).first else { return nil }
    return FoundSecret(
      range: secret.range.lowerBound + 1..<secret.range.upperBound + 1, kind: secret.kind)
  }
}
