import CacheEngine
import DumpPayload

/// A stream in the RDB format: for each node its first number and a listpack of entries, then what
/// the stream remembers, then its consumer groups, of which the engine writes and reads none.
/// Source: t_stream.c and rdb.c of Redis 7.0.
enum StreamPayload {
  /// Throws for a stream with consumer groups too: it could not be kept whole.
  static func read(_ value: OpaqueValue) throws(PayloadReader.Malformed) -> StreamValue {
    guard value.type == .stream2 else { throw PayloadReader.Malformed() }
    var reader = PayloadReader(value.bytes)
    let stream = try read(&reader)
    guard reader.remaining == 0 else { throw PayloadReader.Malformed() }
    return stream
  }

  private static func read(
    _ reader: inout PayloadReader
  ) throws(PayloadReader.Malformed) -> StreamValue {
    var stream = StreamValue()
    for _ in 0..<(try reader.count()) {
      let name = try reader.string()
      guard name.count == 16 else { throw PayloadReader.Malformed() }
      let base = StreamID(big(name[..<8]), big(name[8...]))
      try readNode(try reader.listpackString(), base, into: &stream)
    }
    let count = try reader.wideNumber()
    let last = StreamID(try reader.wideNumber(), try reader.wideNumber())
    _ = (try reader.wideNumber(), try reader.wideNumber())  // the first number
    let removed = StreamID(try reader.wideNumber(), try reader.wideNumber())
    let additions = try reader.wideNumber()
    guard count == UInt64(stream.count), last >= stream.lastID, try reader.wideNumber() == 0
    else { throw PayloadReader.Malformed() }
    stream.remember(last: last, removed: removed, additions: additions)
    return stream
  }

  private static func big(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The elements of a node: the number of entries, of removed ones and of the common fields, these
  /// fields, a zero, and the entries.
  private static func readNode(
    _ elements: [[UInt8]], _ base: StreamID, into stream: inout StreamValue
  ) throws(PayloadReader.Malformed) {
    var elements = ElementReader(elements)
    let entries = try elements.number() + elements.number()
    let common = try elements.next(try elements.number())
    _ = try elements.next(1)
    for _ in 0..<entries {
      let flags = try elements.number()
      let milliseconds = base.milliseconds &+ UInt64(bitPattern: try elements.integer())
      let sequence = base.sequence &+ UInt64(bitPattern: try elements.integer())
      var fields: [[UInt8]] = []
      if flags & 2 != 0 {
        for field in common { fields += [field] + (try elements.next(1)) }
      } else {
        fields = try elements.next(2 * (try elements.number()))
      }
      _ = try elements.next(1)  // the length, to walk backwards
      guard flags & 1 == 0 else { continue }
      guard stream.append(StreamID(milliseconds, sequence), PackedElements(fields)) else {
        throw PayloadReader.Malformed()
      }
    }
    guard elements.isAtEnd else { throw PayloadReader.Malformed() }
  }
}

/// Takes elements in turn, of which there may be too few.
private struct ElementReader {
  private var rest: ArraySlice<[UInt8]>

  init(_ elements: [[UInt8]]) {
    rest = elements[...]
  }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func next(_ count: Int) throws(PayloadReader.Malformed) -> [[UInt8]] {
    guard count >= 0, count <= rest.count else { throw PayloadReader.Malformed() }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func integer() throws(PayloadReader.Malformed) -> Int64 {
    guard let value = DecimalInteger.parse(try next(1)[0]) else { throw PayloadReader.Malformed() }
    return value
  }

  /// A number of things that are yet to come.
  mutating func number() throws(PayloadReader.Malformed) -> Int {
    let value = try integer()
    guard value >= 0, value <= 1 << 32 else { throw PayloadReader.Malformed() }
    return Int(value)
  }
}

extension PayloadWriter {
  /// Every entry names its own fields; none is common to a node.
  mutating func append(_ stream: StreamValue) {
    begin(.stream2, stream.chunks.count)
    for chunk in stream.chunks {
      let base = chunk.first?.id ?? .least
      append(Self.big(base.milliseconds) + Self.big(base.sequence))
      append(Self.node(chunk, base))
    }
    appendWide(UInt64(stream.count))
    for id in [stream.lastID, stream.firstID, stream.greatestRemovedID] {
      appendWide(id.milliseconds)
      appendWide(id.sequence)
    }
    appendWide(stream.additions)
    appendLength(0)
  }

  private static func node(_ chunk: [StreamValue.Entry], _ base: StreamID) -> PackedElements {
    var node = PackedElements()
    func append(_ number: Int64) { node.append(DecimalInteger.bytes(number)) }
    for number in [Int64(chunk.count), 0, 0, 0] { append(number) }
    for entry in chunk {
      append(0)
      append(Int64(bitPattern: entry.id.milliseconds &- base.milliseconds))
      append(Int64(bitPattern: entry.id.sequence &- base.sequence))
      append(Int64(entry.fields.count / 2))
      for element in entry.fields.elements { node.append(element) }
      append(Int64(entry.fields.count + 4))
    }
    return node
  }

  private static func big(_ value: UInt64) -> [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt64($0)) }
  }
}
