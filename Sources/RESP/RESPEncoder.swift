/// The version of the protocol that a connection speaks.
package enum RESPVersion: Int, Sendable, Hashable {
  case two = 2
  case three = 3
}

/// Writes commands and values as bytes.
///
/// For version 2 a value is downgraded as Redis does it: maps become flat arrays, sets and pushes
/// arrays, doubles, big numbers and verbatim texts bulk strings, booleans 1 and 0, null `$-1`.
/// Line breaks in statuses and errors, which would forge a reply, become blanks. Linear.
package enum RESPEncoder {
  /// Appends a command as an array of bulk strings.
  package static func append(_ command: RESPCommand, to bytes: inout [UInt8]) {
    appendHead("*", command.arguments.count, to: &bytes)
    for argument in command.arguments { appendBulk("$", argument, to: &bytes) }
  }

  /// The commands of a batch, one behind the other.
  package static func bytes(of batch: [RESPCommand]) -> [UInt8] {
    var bytes: [UInt8] = []
    for command in batch { append(command, to: &bytes) }
    return bytes
  }

  /// Appends a value as a server of that version would send it.
  package static func append(
    _ value: RESPValue, version: RESPVersion, to bytes: inout [UInt8]
  ) {
    switch value {
    case .simple(let text): appendLine("+", text, to: &bytes)
    case .error(let error): appendLine("-", error.message, to: &bytes)
    case .integer(let number): appendLine(":", Array(String(number).utf8), to: &bytes)
    case .bulk(let text): appendBulk("$", text, to: &bytes)
    case .array(let values): appendAggregate("*", values, version, to: &bytes)
    case .set, .push, .map: appendRESP3Aggregate(value, version, to: &bytes)
    case .null, .double, .boolean, .bigNumber, .verbatim:
      appendRESP3Scalar(value, version, to: &bytes)
    }
  }

  package static func bytes(of value: RESPValue, version: RESPVersion) -> [UInt8] {
    var bytes: [UInt8] = []
    append(value, version: version, to: &bytes)
    return bytes
  }

  private static func appendRESP3Aggregate(
    _ value: RESPValue, _ version: RESPVersion, to bytes: inout [UInt8]
  ) {
    let elements = value.elements ?? []
    switch value {
    case .map(let pairs) where version == .three:
      appendHead("%", pairs.count, to: &bytes)
      for element in elements { append(element, version: version, to: &bytes) }
    case .set where version == .three: appendAggregate("~", elements, version, to: &bytes)
    case .push where version == .three: appendAggregate(">", elements, version, to: &bytes)
    default: appendAggregate("*", elements, version, to: &bytes)
    }
  }

  private static func appendRESP3Scalar(
    _ value: RESPValue, _ version: RESPVersion, to bytes: inout [UInt8]
  ) {
    let isThree = version == .three
    switch value {
    case .double(let number):
      let text = Array(RESPNumber.text(of: number).utf8)
      isThree ? appendLine(",", text, to: &bytes) : appendBulk("$", text, to: &bytes)
    case .boolean(let flag):
      bytes.append(
        contentsOf: (isThree ? (flag ? "#t\r\n" : "#f\r\n") : flag ? ":1\r\n" : ":0\r\n").utf8)
    case .bigNumber(let digits):
      isThree ? appendLine("(", digits, to: &bytes) : appendBulk("$", digits, to: &bytes)
    case .verbatim(let format, let text) where isThree:
      let name = (format + [0x20, 0x20, 0x20]).prefix(3)
      appendBulk("=", name + [UInt8(ascii: ":")] + text, to: &bytes)
    case .verbatim(_, let text): appendBulk("$", text, to: &bytes)
    default: bytes.append(contentsOf: (isThree ? "_\r\n" : "$-1\r\n").utf8)
    }
  }

  private static func appendAggregate(
    _ type: Unicode.Scalar, _ values: [RESPValue], _ version: RESPVersion, to bytes: inout [UInt8]
  ) {
    appendHead(type, values.count, to: &bytes)
    for value in values { append(value, version: version, to: &bytes) }
  }

  private static func appendHead(_ type: Unicode.Scalar, _ count: Int, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: type))
    bytes.append(contentsOf: String(count).utf8)
    bytes.append(0x0D)
    bytes.append(0x0A)
  }

  private static func appendBulk(
    _ type: Unicode.Scalar, _ text: [UInt8], to bytes: inout [UInt8]
  ) {
    appendHead(type, text.count, to: &bytes)
    bytes.append(contentsOf: text)
    bytes.append(0x0D)
    bytes.append(0x0A)
  }

  private static func appendLine(
    _ type: Unicode.Scalar, _ text: [UInt8], to bytes: inout [UInt8]
  ) {
    bytes.append(UInt8(ascii: type))
    for byte in text { bytes.append(byte == 0x0D || byte == 0x0A ? 0x20 : byte) }
    bytes.append(0x0D)
    bytes.append(0x0A)
  }
}
