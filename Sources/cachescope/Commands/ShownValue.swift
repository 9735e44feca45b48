import TerminalCanvas
import ValueDecoding

/// A decoded value as a person reads it on standard output.
enum ShownValue {
  /// Text goes to a pipe as it is, with a line's end; everything else is laid out. What cannot be
  /// decoded is shown as the bytes that it is, with a remark. `masksSecrets` leaves out on a terminal
  /// what is secret; `name` is the key.
  static func write(
    _ decoding: Decoding, of bytes: [UInt8], named name: [UInt8]?, masksSecrets: Bool,
    _ output: CommandOutput
  ) {
    if !decoding.suspicious.isEmpty {
      output.note(
        "names what could do harm, and was not run: \(decoding.suspicious.joined(separator: ", "))")
    }
    if let failure = decoding.failure {
      let layers = decoding.codecs.joined(separator: ", ")
      output.note("\(layers): \(failure.rawValue); these are the bytes as they are")
    }
    let content = content(decoding, bytes)
    var text = ValueText(content.bytes, as: content.form, lineLimit: .max)
    if masksSecrets, output.isTerminal {
      text = masked(text, content.bytes, named: name, output)
    }
    if !output.isTerminal, text.form == .text || text.form == .integer {
      return output.bytes(content.bytes + (content.bytes.last == 0x0A ? [] : [0x0A]))
    }
    for line in text.lines {
      output.line(output.isTerminal ? TextSanitizer.valueText(line.text) : line.text)
    }
  }

  private static func masked(
    _ text: ValueText, _ bytes: [UInt8], named name: [UInt8]?, _ output: CommandOutput
  ) -> ValueText {
    var (masked, secrets) = text.masked(named: name)
    if text.form == .binary {
      secrets = SecretScan.secrets(in: bytes, named: name)
      masked = ValueText(
        bytes, as: .binary, lineLimit: .max, hex: HexLayout(hidden: secrets.map(\.range)))
    }
    if !secrets.isEmpty { output.note(note(secrets.map(\.kind.noun))) }
    return masked
  }

  /// What is said where something was masked.
  static func note(_ nouns: [String]) -> String {
    "masked: \(Set(nouns).sorted().joined(separator: ", ")); --unmask shows it"
  }

  /// The bytes to lay out, and as what: those of the value where it has any, otherwise its JSON.
  private static func content(
    _ decoding: Decoding, _ bytes: [UInt8]
  ) -> (bytes: [UInt8], form: ValueForm?) {
    let isBare = decoding.codecs.count == 1 && !decoding.ends(in: .pickle)
    guard decoding.failure == nil, !isBare || decoding.ends(in: .msgpack) else {
      return (bytes, decoding.failure == nil && decoding.ends(in: .text) ? .text : nil)
    }
    switch decoding.value[decoding.value.root] {
    case .text(let span): return (Array(decoding.value.bytes(of: span)), .text)
    case .bytes(let span) where decoding.ends(in: .binary):
      return (Array(decoding.value.bytes(of: span)), .binary)
    default: return (decoding.json, nil)
    }
  }
}
