import CacheModel
import TerminalCanvas
import ValueDecoding

extension ParsedCommandLine {
  /// Arguments that name keys, as text or, with `--key-b64`, as base64.
  func keys(_ names: some Sequence<String>) throws(UsageError) -> [CacheKey] {
    var keys: [CacheKey] = []
    for name in names {
      guard has(.keyBase64) else {
        keys.append(CacheKey(name))
        continue
      }
      guard let bytes = Base64.bytes(of: name) else {
        throw UsageError(
          "\"\(name.prefix(60))\" is not base64, which --key-b64 promises; "
            + "for example --key-b64 c2Vzc2lvbjox", command: command)
      }
      keys.append(CacheKey(bytes))
    }
    return keys
  }
}

extension CacheKey {
  /// The key on one line; what cannot be shown is spelled out.
  var shown: String { TextSanitizer.valueText(bytes) }
}

extension JSONWriter {
  /// `key`, or `key_b64` for a key that is not UTF-8.
  mutating func write(_ cacheKey: CacheKey) {
    if let text = cacheKey.text {
      key("key")
      string(text)
    } else {
      key("key_b64")
      string(Base64.text(of: cacheKey.bytes))
    }
  }

  /// `ttl_ms`; null for a key without a TTL.
  mutating func write(_ lifetime: Lifetime) {
    key("ttl_ms")
    if let ttl = lifetime.ttl { integer(ttl.milliseconds) } else { null() }
  }

  /// A field that is left out when its figure is not told.
  mutating func write(_ name: String, _ figure: Int64?) {
    guard let figure else { return }
    key(name)
    integer(figure)
  }
}
