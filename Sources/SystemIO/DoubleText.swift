import Glibc

/// Doubles in C's format `%.17g`: enough digits to read back the same, though not the fewest.
package enum DoubleText {
  package static func seventeenDigits(_ value: Double) -> [UInt8] {
    // At most a sign, seventeen digits, a point and an exponent of five characters.
    var room = [CChar](repeating: 0, count: 40)
    let length = withVaList([value]) { vsnprintf(&room, room.count, "%.17g", $0) }
    return room.prefix(Int(max(0, length))).map(UInt8.init(bitPattern:))
  }
}
