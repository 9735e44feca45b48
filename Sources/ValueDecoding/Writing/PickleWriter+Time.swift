/// Dates, times and UUIDs, in the packed bytes in which Python keeps them.
extension PickleWriter {
  mutating func writeClock(_ name: String, _ packed: [UInt8]?) throws(EditRefusal) {
    guard let packed else { throw .number("that \(name)") }
    try call("datetime", name, count: 1) { (writer) throws(EditRefusal) in
      try writer.bytes(packed)
    }
  }

  mutating func writeDateTime(_ members: [String: NodeID]) throws(EditRefusal) {
    guard members["$tz"] == nil else { throw .objects(of: "a time zone with a name") }
    let text = try source.text(members["$datetime"])
    guard let (time, rest) = PackedTime.dateTime(text) else { throw .number(text) }
    var packed = time
    if members["$fold"] != nil { packed[2] |= 0x80 }
    let zone = rest.isEmpty ? nil : rest
    try call("datetime", "datetime", count: zone == nil ? 1 : 2) {
      (writer) throws(EditRefusal) in
      try writer.bytes(packed)
      if let zone { try writer.writeZone(zone) }
    }
  }

  mutating func writeZone(_ offset: String) throws(EditRefusal) {
    guard let micros = PackedTime.offset(offset) else { throw .number(offset) }
    try call("datetime", "timezone", count: 1) { (writer) throws(EditRefusal) in
      let day: Int64 = 86_400_000_000
      let days: Int64 = micros < 0 ? -1 : 0
      let rest = micros - days * day
      try writer.writeDuration([days, rest / 1_000_000, rest % 1_000_000])
    }
  }

  mutating func writeDuration(_ parts: [Int64]) throws(EditRefusal) {
    try call("datetime", "timedelta", count: 3) { writer in
      for part in parts { writer.integer(part) }
    }
  }

  func duration(_ content: NodeID?) throws(EditRefusal) -> [Int64] {
    guard let content else { throw .noJSON }
    var parts: [Int64] = []
    for name in ["days", "seconds", "microseconds"] {
      parts.append(try source.integer(source.tree.member(name, of: content)))
    }
    return parts
  }

  /// An instance without arguments whose state is one number.
  mutating func writeUUID(_ text: String) throws(EditRefusal) {
    let digits = text.filter { $0 != "-" }
    guard text.utf8.count == 36, digits.utf8.count == 32, let value = UInt128(digits, radix: 16)
    else { throw .number(text) }
    if version >= 2 {
      global("uuid", "UUID")
      put(")")
      put([0x81])
    } else {
      try call("copy_reg", "_reconstructor", count: 3) { writer in
        writer.global("uuid", "UUID")
        writer.global("builtins", "object")
        writer.put("N")
      }
    }
    put("}")
    self.text(Array("int".utf8))
    put("L\(value)L\n")
    put("sb")
  }
}

/// The packed bytes of Python's `datetime` (Lib/datetime.py, `_getstate`) from the text that stands for
/// them.
enum PackedTime {
  /// `YYYY-MM-DD`
  static func date(_ text: String) -> [UInt8]? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let year = number(parts[0], 4, 1...9999),
      let month = number(parts[1], 2, 1...12), let day = number(parts[2], 2, 1...31)
    else { return nil }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    guard day <= days else { return nil }
    return [UInt8(year >> 8), UInt8(year & 0xFF), UInt8(month), UInt8(day)]
  }

  /// `HH:MM:SS[.ffffff]`
  static func time(_ text: String) -> [UInt8]? {
    let halves = text.split(separator: ".", omittingEmptySubsequences: false)
    let parts = (halves.first ?? "").split(separator: ":", omittingEmptySubsequences: false)
    guard halves.count <= 2, parts.count == 3, let hour = number(parts[0], 2, 0...23),
      let minute = number(parts[1], 2, 0...59), let second = number(parts[2], 2, 0...59)
    else { return nil }
    guard let fraction = halves.count == 1 ? 0 : number(halves[1], 6, 0...999_999) else {
      return nil
    }
    return [
      UInt8(hour), UInt8(minute), UInt8(second), UInt8(fraction >> 16),
      UInt8(fraction >> 8 & 0xFF), UInt8(fraction & 0xFF),
    ]
  }

  /// A date and a time, and what is behind them: an offset or nothing.
  static func dateTime(_ text: String) -> (packed: [UInt8], rest: String)? {
    let halves = text.split(separator: "T", omittingEmptySubsequences: false)
    guard halves.count == 2, let date = date(String(halves[0])) else { return nil }
    let clock = halves[1].prefix { $0.isNumber || $0 == ":" || $0 == "." }
    guard let time = time(String(clock)) else { return nil }
    return (date + time, String(halves[1].dropFirst(clock.count)))
  }

  /// Microseconds of `+HH:MM[:SS[.ffffff]]`.
  static func offset(_ text: String) -> Int64? {
    guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
    let written = String(text.dropFirst())
    guard let time = time(written.count == 5 ? written + ":00" : written) else { return nil }
    let seconds = Int64(time[0]) * 3600 + Int64(time[1]) * 60 + Int64(time[2])
    let fraction = time[3...].reduce(Int64(0)) { $0 << 8 | Int64($1) }
    let total = seconds * 1_000_000 + fraction
    return sign == "-" ? -total : total
  }

  private static func number(
    _ text: Substring, _ width: Int, _ range: ClosedRange<Int>
  ) -> Int? {
    guard text.utf8.count == width, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      let value = Int(text), range.contains(value)
    else { return nil }
    return value
  }
}
