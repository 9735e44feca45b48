/// A value taken out of its layers to be edited as text, and put back into the same layers.
///
/// What can be written back: any compression, base64, cachelib's and dogpile's envelopes, and inside
/// them text, integers, JSON, MessagePack and pickles of plain data (numbers, texts, bytes, containers,
/// dates, decimals, UUIDs). The text is the JSON that is shown, with every number as it is; an edit is
/// read back by the same rules. What holds more than that is refused beforehand, with the reason.
package struct EditableValue: Sendable, Hashable {
  /// What a person edits, JSON of a binary form on one line.
  package let text: [UInt8]
  /// Whether the text is JSON.
  package let isJSON: Bool
  /// The layers and the form, the outermost first.
  package let codecs: [String]
  let layers: [WrittenLayer]
  let form: WrittenForm

  /// Takes bytes out of their layers.
  package init(
    _ bytes: [UInt8], within budget: DecodingBudget
  ) throws(EditRefusal) {
    let decoder = ValueDecoder(budget)
    let decoding = decoder.decode(bytes)
    guard decoding.failure == nil, decoding.trailing == 0 else { throw .unread }
    var rest = bytes
    var layers: [WrittenLayer] = []
    for name in decoding.codecs.dropLast() {
      let (layer, inside) = try WrittenLayer.taken(off: rest, named: name, by: decoder)
      layers.append(layer)
      rest = inside
    }
    form = try WrittenForm(decoding)
    self.layers = layers
    codecs = decoding.codecs
    isJSON = form.isJSON
    text = try form.text(of: decoding, within: budget)
  }

  /// Whether anything is around or in it that a person could not type.
  package var isWrapped: Bool { !layers.isEmpty || form.isBinary }

  /// The text for an editor: JSON of a binary form over several lines.
  package var pages: [UInt8] {
    guard form.isBinary else { return text }
    let lines = ValueText(text, as: .json, lineLimit: .max).lines
    return Array(lines.map(\.text).joined(separator: "\n").utf8)
  }

  /// Whether an edited text is the one that was there.
  package func isSame(_ edited: [UInt8]) -> Bool {
    edited == text || form.isBinary && edited == pages
  }

  /// The bytes of an edited text, in the same layers.
  package func encoded(
    _ text: [UInt8], within budget: DecodingBudget
  ) throws(EditRefusal) -> [UInt8] {
    var bytes = try form.encoded(text, within: budget)
    for layer in layers.reversed() { bytes = try layer.put(around: bytes) }
    return bytes
  }
}
