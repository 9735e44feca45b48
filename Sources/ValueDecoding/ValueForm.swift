/// What the bytes of a value are, judged by the bytes alone.
package enum ValueForm: String, Sendable, Hashable, CaseIterable {
  case json
  /// UTF-8 without control characters other than tab, line breaks and escape.
  case text
  /// A decimal integer and nothing else.
  case integer = "int"
  case binary

  /// The first form that fits: an integer in full; JSON that is an object, an array or a string;
  /// text; otherwise binary. `isComplete` false says that the bytes are the beginning of a longer
  /// value: then JSON and a last character that break off at the end still count. Linear.
  package static func of(_ bytes: [UInt8], isComplete: Bool = true) -> ValueForm {
    if bytes.isEmpty { return .text }
    if isComplete, isInteger(bytes) { return .integer }
    let text = isComplete ? bytes[...] : wholeCharacters(bytes)
    guard String(validating: text, as: UTF8.self) != nil else { return .binary }
    if isJSON(bytes, isComplete: isComplete) { return .json }
    return text.allSatisfy(isTextual) ? .text : .binary
  }

  static func isInteger(_ bytes: [UInt8]) -> Bool {
    let digits = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes[...]
    guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return false }
    return digits.first != 0x30 || digits.count == 1
  }

  private static func isJSON(_ bytes: [UInt8], isComplete: Bool) -> Bool {
    switch bytes.first {
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""): break
    default: return false
    }
    var reader = JSONReader(bytes)
    do throws(JSONSyntaxError) {
      while try reader.next() != nil {}
      return true
    } catch {
      return !isComplete && error.problem == .unexpectedEnd
    }
  }

  static func isTextual(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != 0x7F || (0x09...0x0D).contains(byte) && byte != 0x0C || byte == 0x1B
  }

  /// The bytes without a last UTF-8 character that breaks off.
  static func wholeCharacters(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    for back in 1...3 {
      guard let byte = bytes.element(at: bytes.count - back) else { break }
      if byte < 0x80 { break }
      guard byte >= 0xC0 else { continue }
      guard (0xC2...0xF4).contains(byte) else { break }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
      return back < length ? bytes.dropLast(back) : bytes[...]
    }
    return bytes[...]
  }
}
