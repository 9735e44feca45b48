import CacheModel

/// Reads what `RecordWriter` has written. The bytes may be anything: every count is held against
/// what is left before room is made for it, and what makes no sense is an error.
struct RecordReader {
  private let bytes: [UInt8]
  private var place: Int

  /// The bytes make no sense.
  struct Malformed: Error {}

  init(_ bytes: [UInt8], from place: Int) {
    self.place = place
    self.bytes = bytes
  }

  /// All records, to the last byte.
  mutating func records() throws(Malformed) -> [UndoRecord] {
    var origins: [SourceIdentity] = []
    for _ in 0..<(try count(each: 9)) {
      let server = try text()
      guard let database = Int(exactly: Int64(bitPattern: try fixed())) else { throw Malformed() }
      origins.append(SourceIdentity(serverID: server, database: database))
    }
    var records: [UndoRecord] = []
    let total = try count(each: 4)
    records.reserveCapacity(total)
    for _ in 0..<total { records.append(try record(origins)) }
    guard place == bytes.count else { throw Malformed() }
    return records
  }

  private mutating func record(_ origins: [SourceIdentity]) throws(Malformed) -> UndoRecord {
    let origin = try number()
    guard origin < origins.count else { throw Malformed() }
    let others = try count(each: 2)
    guard others > 0 else { throw Malformed() }
    var record = UndoRecord(try transition(), origin: origins[origin])
    for _ in 1..<others { record.transitions.append(try transition()) }
    return record
  }

  private mutating func transition() throws(Malformed) -> KeyTransition {
    let flags = TransitionFlags(rawValue: try byte())
    guard TransitionFlags.all.isSuperset(of: flags) else { throw Malformed() }
    let key = CacheKey(try part())
    return KeyTransition(
      key: key, before: try before(flags), after: try after(flags))
  }

  private mutating func before(_ flags: TransitionFlags) throws(Malformed) -> StoredState? {
    guard flags.contains(.before) else {
      guard flags.isDisjoint(with: [.beforeDeadline, .typed, .tagged]) else { throw Malformed() }
      return nil
    }
    let value: StoredValue = flags.contains(.typed) ? .typed(try typed()) : .dump(try part())
    let deadline = try deadline(flags.contains(.beforeDeadline))
    return StoredState(
      value, deadline: deadline, tags: flags.contains(.tagged) ? try parts() : [])
  }

  private mutating func after(_ flags: TransitionFlags) throws(Malformed) -> LeftState {
    guard flags.contains(.marked) else {
      guard !flags.contains(.markDeadline) else { throw Malformed() }
      return flags.contains(.unknownAfter) ? .unknown : .absent
    }
    guard !flags.contains(.unknownAfter) else { throw Malformed() }
    let name = try text()
    let digest = StateDigest(high: try fixed(), low: try fixed())
    return .marked(
      StateMark(
        basis: name.isEmpty ? .payload : .content(ValueKind(redisName: name)), digest: digest,
        deadline: try deadline(flags.contains(.markDeadline))))
  }

  private mutating func typed() throws(Malformed) -> NewValue {
    switch ValueKind(redisName: try text()) {
    case .string: return .string(try part())
    case .list: return .list(try parts())
    case .set: return .set(try parts())
    case .hash:
      return .hash(
        try repeated(each: 2) { reader throws(Malformed) in
          HashField(field: try reader.part(), value: try reader.part())
        })
    case .sortedSet:
      return .sortedSet(
        try repeated(each: 9) { reader throws(Malformed) in
          ScoredMember(
            member: try reader.part(), score: Double(bitPattern: try reader.fixed()))
        })
    case .stream, .other: throw Malformed()
    }
  }

  private mutating func parts() throws(Malformed) -> [[UInt8]] {
    try repeated(each: 1) { reader throws(Malformed) in try reader.part() }
  }

  private mutating func repeated<Element>(
    each least: Int, _ read: (inout RecordReader) throws(Malformed) -> Element
  ) throws(Malformed) -> [Element] {
    var result: [Element] = []
    for _ in 0..<(try count(each: least)) { result.append(try read(&self)) }
    return result
  }

  private mutating func deadline(_ isThere: Bool) throws(Malformed) -> WallTime? {
    isThere ? WallTime(milliseconds: Int64(bitPattern: try fixed())) : nil
  }

  private mutating func text() throws(Malformed) -> String {
    guard let text = String(validating: try part(), as: UTF8.self) else { throw Malformed() }
    return text
  }

  private mutating func part() throws(Malformed) -> [UInt8] {
    let length = try count(each: 1)
    defer { place += length }
    return Array(bytes[place..<place + length])
  }

  /// How many things follow, of which each takes so many bytes at least.
  private mutating func count(each least: Int) throws(Malformed) -> Int {
    let count = try number()
    guard count <= (bytes.count - place) / least else { throw Malformed() }
    return count
  }

  private mutating func number() throws(Malformed) -> Int {
    var value: UInt64 = 0
    for shift in stride(from: 0, through: 56, by: 7) {
      let next = try byte()
      value |= UInt64(next & 0x7F) << UInt64(shift)
      // At most 63 bits: it fits.
      if next < 0x80 { return Int(value) }
    }
    throw Malformed()
  }

  private mutating func byte() throws(Malformed) -> UInt8 {
    guard place < bytes.count else { throw Malformed() }
    defer { place += 1 }
    return bytes[place]
  }

  private mutating func fixed() throws(Malformed) -> UInt64 {
    guard bytes.count - place >= 8 else { throw Malformed() }
    defer { place += 8 }
    return (0..<8).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
  }
}
