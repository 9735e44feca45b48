/// Numbers and offsets inside of Python's objects.
extension ValueRenderer {
  func integers(_ arguments: [NodeID]) -> [Int64]? {
    var result: [Int64] = []
    for argument in arguments {
      guard case .integer(let value) = tree[argument] else { return nil }
      result.append(value)
    }
    return result
  }

  func number(_ id: NodeID) -> Double? {
    switch tree[id] {
    case .double(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  func isIntegerOrNone(_ id: NodeID) -> Bool {
    switch tree[id] {
    case .integer, .none: true
    default: false
    }
  }

  /// A number of up to 128 bits that is not negative.
  func wide(_ id: NodeID) -> UInt128? {
    switch tree[id] {
    case .integer(let value): return UInt128(exactly: value)
    case .digits(let span): return UInt128(String(decoding: tree.bytes(of: span), as: UTF8.self))
    case .longInteger(let span):
      let bytes = tree.bytes(of: span)
      guard bytes.count <= 17, (bytes.last ?? 0) & 0x80 == 0 else { return nil }
      let words = LargeInteger.magnitude(bytes, isNegative: false)
      guard words.count <= 2 else { return nil }
      return words.reversed().reduce(0) { $0 << 64 | UInt128($1) }
    default: return nil
    }
  }

  /// `+02:00` for a node that is a `datetime.timezone` without a name.
  func offset(ofZone id: NodeID) -> String? {
    guard case .object(let index) = tree[id], let record = tree.object(index),
      isPlain(record, "datetime.timezone")
    else { return nil }
    return offset(of: record)
  }

  func offset(of zone: ObjectRecord) -> String? {
    let arguments = Array(tree.children(of: zone.arguments))
    guard arguments.count == 1, case .object(let index) = tree[arguments[0]],
      let duration = tree.object(index), isPlain(duration, "datetime.timedelta"),
      let parts = integers(Array(tree.children(of: duration.arguments))), parts.count == 3
    else { return nil }
    return PythonTime.offset(days: parts[0], seconds: parts[1], microseconds: parts[2])
  }

  /// Whether something is made by that name and nothing more is said of it.
  private func isPlain(_ record: ObjectRecord, _ name: String) -> Bool {
    guard case .global(let index) = tree[record.callee], tree.global(index)?.full == name else {
      return false
    }
    return record.states.count == 0 && record.items.count == 0 && record.setItems.count == 0
      && record.keywords == nil && record.base == nil && record.arguments.count <= 3
  }
}

/// The packed bytes in which Python's `datetime` keeps dates and times (Lib/datetime.py, `_getstate`).
enum PythonTime {
  /// `YYYY-MM-DD` of four bytes.
  static func date(_ bytes: ArraySlice<UInt8>) -> String? {
    let b = Array(bytes)
    guard b.count == 4, b[2] >= 1, b[2] <= 12, b[3] >= 1, b[3] <= 31 else { return nil }
    let year = Int(b[0]) << 8 | Int(b[1])
    guard year >= 1, year <= 9999 else { return nil }
    return padded(year, 4) + "-" + padded(Int(b[2]), 2) + "-" + padded(Int(b[3]), 2)
  }

  /// `HH:MM:SS[.ffffff]` of six bytes.
  static func time(_ bytes: ArraySlice<UInt8>) -> String? {
    let b = Array(bytes)
    guard b.count == 6, b[0] < 24, b[1] < 60, b[2] < 60 else { return nil }
    let fraction = b[3...].reduce(0) { $0 << 8 | Int($1) }
    guard fraction < 1_000_000 else { return nil }
    let whole = b[..<3].map { padded(Int($0), 2) }.joined(separator: ":")
    return fraction == 0 ? whole : whole + "." + padded(fraction, 6)
  }

  /// Ten bytes: a date, in whose month the highest bit says which of two equal hours is meant.
  static func dateTime(_ bytes: ArraySlice<UInt8>) -> (text: String, isFolded: Bool)? {
    var b = Array(bytes)
    guard b.count == 10 else { return nil }
    let isFolded = b[2] & 0x80 != 0
    b[2] &= 0x7F
    guard let date = date(b[..<4]), let time = time(b[4...]) else { return nil }
    return (date + "T" + time, isFolded)
  }

  /// `+02:00`, with seconds and their fractions where there are any; nil from a day on.
  static func offset(days: Int64, seconds: Int64, microseconds: Int64) -> String? {
    guard (-1...1).contains(days), (0..<86400).contains(seconds),
      (0..<1_000_000).contains(microseconds)
    else { return nil }
    let total = (days * 86400 + seconds) * 1_000_000 + microseconds
    guard abs(total) < 86_400_000_000 else { return nil }
    let whole = Int(abs(total) / 1_000_000)
    let fraction = Int(abs(total) % 1_000_000)
    var text = (total < 0 ? "-" : "+") + padded(whole / 3600, 2) + ":" + padded(whole / 60 % 60, 2)
    if whole % 60 != 0 || fraction != 0 { text += ":" + padded(whole % 60, 2) }
    return fraction == 0 ? text : text + "." + padded(fraction, 6)
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
