extension RESPParser {
  /// One scalar or the head of one aggregate; nil when it has not arrived in full.
  mutating func nextToken() throws(RESPProtocolError) -> RESPToken? {
    if let pendingBulk { return try takeBulk(pendingBulk) }
    guard let line = queue.takeLine(strictly: true) else {
      guard queue.count <= limits.lineBytes else { throw .lineTooLong(limit: limits.lineBytes) }
      return nil
    }
    try charge(line.count + 2)
    guard line.count <= limits.lineBytes else { throw .lineTooLong(limit: limits.lineBytes) }
    guard let type = line.first else { throw .unknownType(0x0D) }
    let rest = line.dropFirst()
    if let scalar = try scalar(type, rest) { return .value(scalar) }
    if let kind = bulkKind(type) { return try beginBulk(kind, rest) }
    guard let kind = aggregateKind(type) else { throw .unknownType(type) }
    return try beginAggregate(kind, rest)
  }

  /// Values that are one line; nil for the types that are not.
  private func scalar(
    _ type: UInt8, _ text: ArraySlice<UInt8>
  ) throws(RESPProtocolError) -> RESPValue? {
    switch type {
    case UInt8(ascii: "+"): return .simple(Array(text))
    case UInt8(ascii: "-"): return .error(RESPError(message: Array(text)))
    case UInt8(ascii: ":"):
      guard let value = RESPNumber.integer(text) else { throw .malformed("integer") }
      return .integer(value)
    case UInt8(ascii: ","):
      guard let value = RESPNumber.double(text) else { throw .malformed("double") }
      return .double(value)
    case UInt8(ascii: "("):
      guard RESPNumber.isBigNumber(text) else { throw .malformed("big number") }
      return .bigNumber(Array(text))
    case UInt8(ascii: "_"):
      guard text.isEmpty else { throw .malformed("null") }
      return .null
    case UInt8(ascii: "#"):
      guard text.count == 1, let letter = text.first, letter == 0x74 || letter == 0x66 else {
        throw .malformed("boolean")
      }
      return .boolean(letter == 0x74)
    default: return nil
    }
  }

  private func bulkKind(_ type: UInt8) -> PendingBulk.Kind? {
    switch type {
    case UInt8(ascii: "$"): .bulk
    case UInt8(ascii: "!"): .error
    case UInt8(ascii: "="): .verbatim
    default: nil
    }
  }

  private func aggregateKind(_ type: UInt8) -> OpenAggregate.Kind? {
    switch type {
    case UInt8(ascii: "*"): .array
    case UInt8(ascii: "~"): .set
    case UInt8(ascii: ">"): .push
    case UInt8(ascii: "%"): .map
    case UInt8(ascii: "|"): .attribute
    default: nil
    }
  }

  private mutating func beginBulk(
    _ kind: PendingBulk.Kind, _ text: ArraySlice<UInt8>
  ) throws(RESPProtocolError) -> RESPToken? {
    guard let length = try length(text, "bulk length") else {
      guard kind == .bulk else { throw .malformed("bulk length") }
      return .value(.null)
    }
    guard length <= limits.bulkBytes else { throw .bulkTooLong(limit: limits.bulkBytes) }
    let bulk = PendingBulk(kind: kind, length: length)
    pendingBulk = bulk
    try charge(length + 2)
    return try takeBulk(bulk)
  }

  private mutating func takeBulk(_ bulk: PendingBulk) throws(RESPProtocolError) -> RESPToken? {
    guard queue.count >= bulk.length + 2 else { return nil }
    let text = queue.take(bulk.length)
    let end = queue.take(2)
    guard end.first == 0x0D, end.last == 0x0A else { throw .missingLineEnd }
    pendingBulk = nil
    switch bulk.kind {
    case .bulk: return .value(.bulk(Array(text)))
    case .error: return .value(.error(RESPError(message: Array(text))))
    case .verbatim:
      guard text.count >= 4, text[text.startIndex + 3] == UInt8(ascii: ":") else {
        throw .malformed("verbatim string")
      }
      return .value(.verbatim(format: Array(text.prefix(3)), text: Array(text.dropFirst(4))))
    }
  }

  private func beginAggregate(
    _ kind: OpenAggregate.Kind, _ text: ArraySlice<UInt8>
  ) throws(RESPProtocolError) -> RESPToken {
    guard let count = try length(text, "aggregate length") else {
      guard kind == .array else { throw .malformed("aggregate length") }
      return .value(.null)
    }
    guard count <= limits.elements else { throw .tooManyElements(limit: limits.elements) }
    let isPairs = kind == .map || kind == .attribute
    return .aggregate(kind, count: isPairs ? count * 2 : count)
  }

  /// A length, or nil for RESP2's -1.
  private func length(
    _ text: ArraySlice<UInt8>, _ what: String
  ) throws(RESPProtocolError) -> Int? {
    if text.elementsEqual([UInt8(ascii: "?")]) { throw .streamedAggregate }
    guard let number = RESPNumber.integer(text), let length = Int(exactly: number), length >= -1
    else { throw .malformed(what) }
    return length == -1 ? nil : length
  }

  private mutating func charge(_ bytes: Int) throws(RESPProtocolError) {
    replyBytes += bytes
    guard replyBytes <= limits.replyBytes else { throw .replyTooBig(limit: limits.replyBytes) }
  }
}
