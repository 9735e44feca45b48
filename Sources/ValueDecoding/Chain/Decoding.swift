/// What bytes turned out to be: the chain of layers and the form at its end, the value as a tree and
/// as JSON, or why it is none.
package struct Decoding: Sendable {
  /// The outermost layer first: `["dogpile", "zlib", "pickle:4"]`.
  package var codecs: [String] = []
  /// Nil when all went well.
  package var failure: DecodingFailure?
  package var value: DecodedValue
  /// The JSON of anything but text and bytes, which are written only when they are asked for.
  var rendered: [UInt8]?
  package var envelopes: [ValueEnvelope] = []
  /// Names in a pickle that would be dangerous if they were called. They were not.
  package var suspicious: [String] = []
  /// Bytes behind the end of a pickle.
  package var trailing = 0
  /// Whether the bytes are not what their memcached flags say.
  package var hasMismatchedFlags = false
  /// Whether the memcached flags are none that a known client writes.
  package var hasUnknownFlags = false
  /// Layers of compression that were opened.
  var openedLayers = 0

  init() {
    value = DecodedValue(source: [])
  }

  /// The value as JSON in UTF-8; for a failure an object with its code under `$error`.
  package var json: [UInt8] {
    if let failure { return Array("{\"$error\":\"\(failure.rawValue)\"}".utf8) }
    return rendered ?? (try? ValueRenderer.json(value, within: DecodingBudget())) ?? []
  }

  /// `ok`, or the code of the failure.
  package var outcome: String { failure?.rawValue ?? "ok" }

  /// Whether the chain ends in a form.
  package func ends(in codec: ValueCodec) -> Bool {
    codecs.last.flatMap(ValueCodec.named) == codec
  }
}
