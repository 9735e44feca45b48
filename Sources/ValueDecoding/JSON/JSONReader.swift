/// One step through a JSON text. Ranges are positions in the bytes that were read; a string's and a
/// key's range includes its quotes.
package enum JSONEvent: Sendable, Hashable {
  case beginObject, endObject, beginArray, endArray
  case key(Range<Int>)
  case string(Range<Int>)
  case number(Range<Int>)
  /// `true`, `false` or `null`.
  case literal(Range<Int>)
}

/// Why bytes are not JSON, and where.
package struct JSONSyntaxError: Error, Sendable, Hashable {
  package enum Problem: Sendable, Hashable {
    /// The bytes end too early; more of them might make it right.
    case unexpectedEnd
    case unexpectedByte
    case tooDeep
    case badNumber
    case badEscape
    case trailingBytes
  }

  package var offset: Int
  package var problem: Problem

  package init(offset: Int, problem: Problem) {
    self.offset = offset
    self.problem = problem
  }
}

/// Walks through JSON event by event and never changes a byte of it: numbers stay as they are
/// written, however long, keys keep their order and their duplicates, escapes are not undone.
///
/// The grammar is RFC 8259, and `NaN`, `Infinity` and `-Infinity` besides, which Python writes.
/// Depth is bounded, the walk costs no call stack, time is linear. That the bytes are UTF-8 is for
/// the caller to know. It ends with nil; an error ends it too.
package struct JSONReader: Sendable {
  package static let depthLimit = 512

  let bytes: [UInt8]
  private(set) var position = 0
  /// The open containers, true for an object.
  private var open: [Bool] = []
  private var expectation = Expectation.value

  private enum Expectation {
    case value, valueOrEnd, key, keyOrEnd, commaOrEnd, end
  }

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Containers that are open after the last event.
  package var depth: Int { open.count }

  /// The next event; nil when one whole value and nothing but blanks behind it has been read.
  package mutating func next() throws(JSONSyntaxError) -> JSONEvent? {
    skipBlanks()
    if expectation == .commaOrEnd, bytes.element(at: position) == UInt8(ascii: ",") {
      position += 1
      expectation = open.last == true ? .key : .value
      skipBlanks()
    }
    guard let byte = bytes.element(at: position) else {
      guard expectation == .end else { throw error(.unexpectedEnd) }
      return nil
    }
    switch expectation {
    case .end: throw error(.trailingBytes)
    case .commaOrEnd: return try close(byte)
    case .value: return try value(byte)
    case .valueOrEnd: return byte == UInt8(ascii: "]") ? try close(byte) : try value(byte)
    case .keyOrEnd: return byte == UInt8(ascii: "}") ? try close(byte) : try key(byte)
    case .key: return try key(byte)
    }
  }

  private mutating func value(_ byte: UInt8) throws(JSONSyntaxError) -> JSONEvent {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard open.count < Self.depthLimit else { throw error(.tooDeep) }
      let isObject = byte == UInt8(ascii: "{")
      open.append(isObject)
      position += 1
      expectation = isObject ? .keyOrEnd : .valueOrEnd
      return isObject ? .beginObject : .beginArray
    default:
      let scalar = try scalar(byte)
      expectation = open.isEmpty ? .end : .commaOrEnd
      return scalar
    }
  }

  private mutating func key(_ byte: UInt8) throws(JSONSyntaxError) -> JSONEvent {
    guard byte == UInt8(ascii: "\"") else { throw error(.unexpectedByte) }
    let range = try takeString()
    skipBlanks()
    guard let colon = bytes.element(at: position) else { throw error(.unexpectedEnd) }
    guard colon == UInt8(ascii: ":") else { throw error(.unexpectedByte) }
    position += 1
    expectation = .value
    return .key(range)
  }

  private mutating func close(_ byte: UInt8) throws(JSONSyntaxError) -> JSONEvent {
    let isObject = open.last == true
    guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
      throw error(.unexpectedByte)
    }
    open.removeLast()
    position += 1
    expectation = open.isEmpty ? .end : .commaOrEnd
    return isObject ? .endObject : .endArray
  }

  private mutating func skipBlanks() {
    while let byte = bytes.element(at: position), JSONReader.isBlank(byte) { position += 1 }
  }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  func error(_ problem: JSONSyntaxError.Problem) -> JSONSyntaxError {
    JSONSyntaxError(offset: position, problem: problem)
  }

  /// The error of a text that breaks off where the reader stands.
  var endedEarly: JSONSyntaxError { error(.unexpectedEnd) }

  mutating func advance(to position: Int) {
    self.position = position
  }
}

extension Array {
  /// The element, or nil outside of the array.
  func element(at index: Int) -> Element? {
    indices.contains(index) ? self[index] : nil
  }
}
