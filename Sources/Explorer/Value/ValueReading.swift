package import ValueDecoding

/// Bytes that are to be made readable.
package struct ReadingTask: Sendable, Equatable {
  package var bytes: [UInt8]
  /// The key that they are the whole value of; nil for a part of one.
  package var key: [UInt8]?
  /// What they are called where they are a part: the field.
  package var name: [UInt8]?
  package var way: ValueWay

  package init(bytes: [UInt8], key: [UInt8]?, name: [UInt8]? = nil, way: ValueWay) {
    self.bytes = bytes
    self.key = key
    self.name = name
    self.way = way
  }
}

/// What was made of the bytes of a string or of a part: the layers around it, who wrote it, and the
/// text that a person reads.
///
/// Made off the thread that draws, as it may take as long as its budget allows. Nothing of what the
/// bytes describe is run.
package struct ValueReading: Sendable, Equatable {
  package enum Shown: Sendable, Equatable {
    /// To be laid out as this form.
    case bytes([UInt8], ValueForm)
    /// Laid out already, but for the width.
    case text(ValueText)
  }

  package let task: ReadingTask
  package let identity: EntryIdentity
  /// The layers and the form at their end, the outermost first.
  package let codecs: [String]
  /// Why the bytes are shown as they are.
  package let failure: DecodingFailure?
  /// Names in a pickle that could do harm if they were called. They were not.
  package let suspicious: [String]
  /// When the library wrote it, in seconds since 1970, where it says so.
  package let writtenAt: Double?
  /// The second view, when that is what is shown.
  package let view: HumanKind?
  /// What the text or the bytes are besides, when that is what is shown.
  package let recognised: ValueCodec?
  /// What there is to say of the bytes in a few words: the size of an image, the date of a number.
  package let remark: String?
  /// Whether a view leaves something out.
  package let isAbridged: Bool
  package let shown: Shown
  /// What in it is secret, and the text without that; nil where it is no text or there is nothing.
  package let secrets: [FoundSecret]
  package let masked: Shown?
  /// What else the bytes can be taken for.
  package let alternatives: [ValueCodec]

  /// Reads bytes. Takes as long as the budget allows at most.
  package init(_ task: ReadingTask, within budget: DecodingBudget) {
    self.task = task
    let decoder = ValueDecoder(budget)
    let entry: DecodedEntry
    if case .codec(let codec) = task.way {
      entry = decoder.identified(decoder.decode(task.bytes, as: [codec]), task.key)
    } else {
      entry = decoder.entry(task.bytes, key: task.key)
    }
    let decoding = entry.decoding
    let human = decoder.humanView(of: decoding)
    (identity, codecs, failure) = (entry.identity, decoding.codecs, decoding.failure)
    suspicious = decoding.suspicious
    writtenAt = decoding.envelopes.lazy.compactMap(\.writtenAt).first
    let second = decoder.recognised(decoding)
    isAbridged = human != nil || second != nil
    let isFound = task.way == .found
    view = isFound ? human?.kind : nil
    recognised = isFound ? second?.codecs.first.flatMap(ValueCodec.named) : nil
    remark = second == nil ? ValueRemark.of(decoding) : nil
    alternatives = decoder.alternatives(to: decoding, of: task.bytes)
    shown =
      if let form = task.way.form {
        .bytes(task.bytes, form)
      } else if let human, isFound {
        .text(human.text)
      } else if let second, isFound {
        .bytes(decoder.exactJSON(of: second), .json)
      } else {
        Self.shown(decoding, of: task.bytes, by: decoder)
      }
    (secrets, masked) = Self.masked(shown, under: task.name ?? task.key)
  }

  private static func masked(
    _ shown: Shown, under name: [UInt8]?
  ) -> (secrets: [FoundSecret], masked: Shown?) {
    let text: ValueText
    switch shown {
    case .text(let found): text = found
    case .bytes(let bytes, let form):
      let secrets = SecretScan.secrets(in: bytes, named: name)
      guard !secrets.isEmpty, form != .binary else { return (secrets, nil) }
      text = ValueText(bytes, as: form, lineLimit: ValueLayout.lineLimit)
      if text.form == .binary { return (secrets, nil) }
    }
    let masked = text.masked(named: name)
    return (masked.secrets, masked.secrets.isEmpty ? nil : .text(masked.text))
  }

  private static func shown(
    _ decoding: Decoding, of bytes: [UInt8], by decoder: ValueDecoder
  ) -> Shown {
    guard decoding.failure == nil else { return .bytes(bytes, ValueForm.of(bytes)) }
    switch decoding.form {
    case .text: return .bytes(decoding.innermost, .text)
    case .integer: return .bytes(decoding.innermost, .integer)
    case .binary: return .bytes(decoding.innermost, .binary)
    case .json: return .bytes(decoding.innermost, .json)
    case nil: break
    }
    if let text = decoding.text { return .bytes(text, .text) }
    return .bytes(decoder.exactJSON(of: decoding), .json)
  }
}
