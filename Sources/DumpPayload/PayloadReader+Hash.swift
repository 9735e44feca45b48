import CacheModel

// Hashes, with fields that expire and without.
extension PayloadReader {
  mutating func hash() throws(Malformed) -> [HashField] {
    var fields: [HashField] = []
    for _ in 0..<(try count()) {
      fields.append(HashField(field: try string(), value: try string()))
    }
    return fields
  }

  /// Fields and values in turn.
  func fields(_ elements: [[UInt8]]) throws(Malformed) -> [HashField] {
    guard elements.count % 2 == 0 else { throw Malformed() }
    return stride(from: 0, to: elements.count, by: 2).map {
      HashField(field: elements[$0], value: elements[$0 + 1])
    }
  }

  /// Each field behind its deadline: 0 for none, and otherwise the time, or by how much it is later
  /// than the earliest one, plus one. Source: rdb.c of Redis 7.4.
  mutating func expiringHash(isRelative: Bool) throws(Malformed) -> DumpedValue {
    let first = isRelative ? try little(8) : 1
    var hash = ExpiringFields()
    for _ in 0..<(try count()) {
      let told = try wideNumber()
      let (deadline, overflow) = first.addingReportingOverflow(told &- 1)
      guard told == 0 || !overflow else { throw Malformed() }
      let field = HashField(field: try string(), value: try string())
      try hash.add(field, told == 0 ? nil : deadline)
    }
    return hash.value
  }

  /// Fields, values and deadlines in turn, 0 for none.
  mutating func packedExpiringHash() throws(Malformed) -> DumpedValue {
    let elements = try packed(.listpack)
    guard elements.count % 3 == 0 else { throw Malformed() }
    var hash = ExpiringFields()
    for index in stride(from: 0, to: elements.count, by: 3) {
      guard let told = UInt64(String(decoding: elements[index + 2], as: UTF8.self)) else {
        throw Malformed()
      }
      let field = HashField(field: elements[index], value: elements[index + 1])
      try hash.add(field, told == 0 ? nil : told)
    }
    return hash.value
  }

  /// Each field and value before a deadline in eight bytes, -1 for none. Source: rdb.c of Valkey 9.
  mutating func valkeyHash() throws(Malformed) -> DumpedValue {
    var hash = ExpiringFields()
    for _ in 0..<(try count()) {
      let field = HashField(field: try string(), value: try string())
      let told = try little(8)
      try hash.add(field, told == .max ? nil : told)
    }
    return hash.value
  }
}

private struct ExpiringFields {
  private var fields: [HashField] = []
  private var deadlines: [[UInt8]: WallTime] = [:]

  var value: DumpedValue { .hash(fields, deadlines: deadlines) }

  mutating func add(
    _ field: HashField, _ deadline: UInt64?
  ) throws(PayloadReader.Malformed) {
    fields.append(field)
    guard let deadline else { return }
    guard let milliseconds = Int64(exactly: deadline) else { throw PayloadReader.Malformed() }
    deadlines[field.field] = WallTime(milliseconds: milliseconds)
  }
}
