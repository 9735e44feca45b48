package import ValueDecoding

/// Bytes that are to be made readable.
package struct ReadingTask: Sendable, Equatable {
  package var bytes: [UInt8]
  /// The key that they are the whole value of; nil for a part of one.
  package var key: [UInt8]?
  package var way: ValueWay

  package init(bytes: [UInt8], key: [UInt8]?, way: ValueWay) {
    self.bytes = bytes
    self.key = key
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
  /// Whether a view leaves something out.
  package let isAbridged: Bool
  package let shown: Shown
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
    isAbridged = human != nil
    view = task.way == .found ? human?.kind : nil
    alternatives = decoder.alternatives(to: decoding, of: task.bytes)
    shown =
      if let form = task.way.form {
        .bytes(task.bytes, form)
      } else if let human, task.way == .found {
        .text(human.text)
      } else {
        Self.shown(decoding, of: task.bytes, by: decoder)
      }
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
