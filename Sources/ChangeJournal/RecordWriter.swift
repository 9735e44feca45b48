import CacheModel

/// Writes undo records in the form that `UndoRecordCodec` describes.
struct RecordWriter {
  private(set) var bytes: [UInt8]

  init(version: UInt8) {
    bytes = [version]
  }

  mutating func write(_ records: [UndoRecord], origins: [SourceIdentity]) {
    let places = Dictionary(zip(origins, origins.indices), uniquingKeysWith: { first, _ in first })
    write(origins.count)
    for origin in origins {
      write(Array(origin.serverID.utf8))
      write(fixed: UInt64(bitPattern: Int64(origin.database)))
    }
    write(records.count)
    for record in records {
      write(places[record.origin] ?? 0)
      write(record.transitions.count)
      for transition in record.transitions { write(transition) }
    }
  }

  private mutating func write(_ transition: KeyTransition) {
    bytes.append(flags(of: transition).rawValue)
    write(transition.key.bytes)
    if let before = transition.before {
      switch before.value {
      case .dump(let payload): write(payload)
      case .typed(let value): write(value)
      }
      write(before.deadline)
      if !before.tags.isEmpty { write(before.tags) }
    }
    guard case .marked(let mark) = transition.after else { return }
    switch mark.basis {
    case .payload: write(kindName: "")
    case .content(let kind): write(kindName: kind.redisName)
    }
    write(fixed: mark.digest.high)
    write(fixed: mark.digest.low)
    write(mark.deadline)
  }

  private func flags(of transition: KeyTransition) -> TransitionFlags {
    var flags: TransitionFlags = []
    if let before = transition.before {
      flags.insert(.before)
      if before.deadline != nil { flags.insert(.beforeDeadline) }
      if case .typed = before.value { flags.insert(.typed) }
      if !before.tags.isEmpty { flags.insert(.tagged) }
    }
    switch transition.after {
    case .absent: break
    case .unknown: flags.insert(.unknownAfter)
    case .marked(let mark):
      flags.insert(.marked)
      if mark.deadline != nil { flags.insert(.markDeadline) }
    }
    return flags
  }

  private mutating func write(_ value: NewValue) {
    write(kindName: value.kind.redisName)
    switch value {
    case .string(let bytes): write(bytes)
    case .list(let parts), .set(let parts): write(parts)
    case .hash(let fields):
      write(fields.count)
      for field in fields {
        write(field.field)
        write(field.value)
      }
    case .sortedSet(let members):
      write(members.count)
      for member in members {
        write(member.member)
        write(fixed: member.score.bitPattern)
      }
    }
  }

  /// Nothing when there is none: a flag has told.
  private mutating func write(_ deadline: WallTime?) {
    guard let deadline else { return }
    write(fixed: UInt64(bitPattern: deadline.milliseconds))
  }

  private mutating func write(kindName name: String) {
    write(Array(name.utf8))
  }

  private mutating func write(_ parts: [[UInt8]]) {
    write(parts.count)
    for part in parts { write(part) }
  }

  private mutating func write(_ part: [UInt8]) {
    write(part.count)
    bytes.append(contentsOf: part)
  }

  /// Seven bits a byte, the low ones first; the high bit says that more follow.
  private mutating func write(_ count: Int) {
    var rest = UInt64(count)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func write(fixed number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
