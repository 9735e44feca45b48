/// Writes one JSON value on one line, piece by piece, with the commas in the right places.
///
/// Strings are written so that they may go to a terminal (`JSONText.quoted`). What JSON cannot hold
/// has the forms that a reader of the output expects: integers beyond 2^53 - 1, which most readers
/// would round, are `{"$int":"digits"}`, and `NaN` and its kin `{"$float":"nan"}`.
package struct JSONWriter: Sendable {
  /// What has been written, in UTF-8.
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false
  private let style: Style

  /// For whom it is written.
  package enum Style: Sendable {
    /// Readers in programs, of which most round large integers and know no `NaN`.
    case portable
    /// People: every number stands there as it is, a real one with its point, as Python writes them.
    case exact
  }

  package init(_ style: Style = .portable) {
    self.style = style
  }

  /// What has been written. Linear.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  package mutating func beginObject() { open("{") }
  package mutating func endObject() { close("}") }
  package mutating func beginArray() { open("[") }
  package mutating func endArray() { close("]") }

  package mutating func key(_ name: String) { key(utf8: Array(name.utf8)[...]) }
  package mutating func string(_ value: String) { string(utf8: Array(value.utf8)[...]) }

  /// A name given as UTF-8.
  package mutating func key(utf8 name: ArraySlice<UInt8>) {
    separate()
    JSONText.appendQuoted(name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// A string given as UTF-8.
  package mutating func string(utf8 value: ArraySlice<UInt8>) {
    separate()
    JSONText.appendQuoted(value, to: &bytes)
    needsComma = true
  }

  package mutating func integer(_ value: Int64) { number(String(value)) }
  package mutating func boolean(_ value: Bool) { scalar(value ? "true" : "false") }
  package mutating func null() { scalar("null") }

  /// A finite number in as few digits as read back the same; any other is a `$float`.
  package mutating func double(_ value: Double) {
    if style == .exact { return scalar(Self.exact(value)) }
    guard value.isFinite else {
      return special("$float", value.isNaN ? "nan" : value > 0 ? "inf" : "-inf")
    }
    let text = value.description
    scalar(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
  }

  /// A number as it was written elsewhere, kept digit by digit.
  package mutating func number(_ written: String) {
    if style == .exact { return scalar(written) }
    switch written {
    case "NaN": special("$float", "nan")
    case "Infinity": special("$float", "inf")
    case "-Infinity": special("$float", "-inf")
    default:
      if Self.isRoundedByReaders(written) { special("$int", written) } else { scalar(written) }
    }
  }

  private static func exact(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    return value.isFinite ? value.description : value > 0 ? "Infinity" : "-Infinity"
  }

  private static func isRoundedByReaders(_ written: String) -> Bool {
    let digits = written.utf8.first == UInt8(ascii: "-") ? written.dropFirst() : written[...]
    guard digits.utf8.count >= 16, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
      return false
    }
    guard let value = Int64(digits) else { return true }
    return value > 9_007_199_254_740_991
  }

  private mutating func special(_ name: String, _ value: String) {
    beginObject()
    key(name)
    string(value)
    endObject()
  }

  private mutating func scalar(_ written: String) {
    separate()
    bytes += written.utf8
    needsComma = true
  }

  private mutating func open(_ bracket: String) {
    separate()
    bytes += bracket.utf8
    needsComma = false
  }

  private mutating func close(_ bracket: String) {
    bytes += bracket.utf8
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }
}

extension JSONWriter {
  /// One value that has been written by another writer.
  package mutating func value(written: [UInt8]) {
    separate()
    bytes += written
    needsComma = true
  }

  /// Copies a JSON text that has been read from elsewhere: order and duplicates of keys stay.
  /// Answers whether it was JSON; if not, nothing is written.
  package mutating func copy(_ json: [UInt8]) -> Bool {
    var attempt = self
    var reader = JSONReader(json)
    do throws(JSONSyntaxError) {
      while let event = try reader.next() { attempt.write(event, of: json) }
    } catch {
      return false
    }
    self = attempt
    return true
  }

  private mutating func write(_ event: JSONEvent, of json: [UInt8]) {
    switch event {
    case .beginObject: beginObject()
    case .endObject: endObject()
    case .beginArray: beginArray()
    case .endArray: endArray()
    case .key(let range): key(JSONText.unquoted(json[range]))
    case .string(let range): string(JSONText.unquoted(json[range]))
    case .number(let range): number(String(decoding: json[range], as: UTF8.self))
    case .literal(let range): scalar(String(decoding: json[range], as: UTF8.self))
    }
  }
}
