/// Reads the parts of a TTL from left to right and knows where it stands.
struct TTLScanner {
  private let text: String
  private(set) var rest: Substring

  init(_ text: String) {
    self.text = text
    let body = text.drop { $0 == " " || $0 == "\t" }
    let last = body.lastIndex { $0 != " " && $0 != "\t" }
    rest = last.map { body[...$0] } ?? ""
  }

  func error(_ problem: TTLSyntaxError.Problem) -> TTLSyntaxError {
    let offset = text.distance(from: text.startIndex, to: rest.startIndex)
    return TTLSyntaxError(text: text, offset: rest.isEmpty ? text.count : offset, problem: problem)
  }

  mutating func skip(_ count: Int) {
    rest = rest.dropFirst(count)
  }

  /// Takes the word if it is all that is left, in any letter case.
  mutating func takeWord(_ word: String) -> Bool {
    guard rest.lowercased() == word else { return false }
    rest = ""
    return true
  }

  func expectEnd() throws(TTLSyntaxError) {
    guard rest.isEmpty else { throw error(.trailingText) }
  }

  // MARK: Durations

  private static let units: [(name: String, milliseconds: Int64)] = [
    ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]

  /// Milliseconds of `2h30m` and its kin; positive.
  mutating func duration() throws(TTLSyntaxError) -> Int64 {
    let start = self
    var total: Int64 = 0
    var smallest = -1
    repeat {
      let isAlone = smallest == -1
      let number = try number()
      let unit = try unit(after: smallest, isAlone: isAlone)
      smallest = unit
      let (product, overflow) = number.multipliedReportingOverflow(
        by: Self.units[unit].milliseconds)
      guard !overflow, product <= TTLInput.longestMilliseconds - total else {
        throw start.error(.tooLong)
      }
      total += product
    } while rest.first?.isASCIIDigit == true
    guard total > 0 else { throw start.error(.zero) }
    return total
  }

  private mutating func number() throws(TTLSyntaxError) -> Int64 {
    let digits = rest.prefix { $0.isASCIIDigit }
    guard !digits.isEmpty else { throw error(.numberExpected) }
    guard digits.count <= 18, let number = Int64(digits) else { throw error(.tooLong) }
    rest = rest[digits.endIndex...]
    return number
  }

  /// The position of the unit in `units`; a bare number that stands alone is seconds.
  private mutating func unit(after smallest: Int, isAlone: Bool) throws(TTLSyntaxError) -> Int {
    let name = rest.prefix { $0.isLetter }
    guard !name.isEmpty else {
      guard isAlone else { throw error(.unitExpected) }
      return 4
    }
    guard let unit = Self.units.firstIndex(where: { $0.name == name.lowercased() }) else {
      throw error(.unknownUnit(String(name)))
    }
    guard unit > smallest else { throw error(.unitOutOfOrder(String(name))) }
    rest = rest[name.endIndex...]
    return unit
  }

  /// The per cent behind a `~`, if there is one.
  mutating func spread() throws(TTLSyntaxError) -> Int? {
    guard rest.first == "~" else { return nil }
    skip(1)
    let digits = rest.prefix { $0.isASCIIDigit }
    guard let percent = Int(digits), (1...100).contains(percent),
      rest[digits.endIndex...].first == "%"
    else { throw error(.badSpread) }
    skip(digits.count + 1)
    return percent
  }

  // MARK: Times

  /// What stands behind the `@`.
  mutating func deadline(_ localTime: (CivilTime) -> Int64?) throws(TTLSyntaxError) -> WallTime {
    let start = self
    let time = try civilTime()
    guard time.year >= 1970 else { throw start.error(.beforeEpoch) }
    guard (1...12).contains(time.month), (1...time.daysInMonth).contains(time.day),
      time.hour < 24, time.minute < 60, time.second < 60
    else { throw start.error(.noSuchTime) }
    let milliseconds: Int64
    if let offset = try zoneOffset() {
      milliseconds = time.utcMilliseconds - offset
    } else {
      guard let local = localTime(time) else { throw start.error(.noSuchTime) }
      milliseconds = local
    }
    try expectEnd()
    guard milliseconds >= 0 else { throw start.error(.beforeEpoch) }
    return WallTime(milliseconds: milliseconds)
  }

  private mutating func civilTime() throws(TTLSyntaxError) -> CivilTime {
    let year = try digits(4)
    try expect("-")
    let month = try digits(2)
    try expect("-")
    let day = try digits(2)
    var time = CivilTime(year: year, month: month, day: day, hour: 0, minute: 0, second: 0)
    guard let separator = rest.first, separator == "T" || separator == "t" || separator == " "
    else { return time }
    skip(1)
    time.hour = try digits(2)
    try expect(":")
    time.minute = try digits(2)
    guard rest.first == ":" else { return time }
    skip(1)
    time.second = try digits(2)
    return time
  }

  /// Milliseconds that a zone is ahead of UTC; nil when none is named.
  private mutating func zoneOffset() throws(TTLSyntaxError) -> Int64? {
    guard let sign = rest.first else { return nil }
    let start = self
    skip(1)
    if sign == "Z" || sign == "z" { return 0 }
    guard sign == "+" || sign == "-" else { throw start.error(.badTime) }
    let hours = try digits(2)
    if rest.first == ":" { skip(1) }
    let minutes = rest.isEmpty ? 0 : try digits(2)
    guard hours <= 18, minutes < 60 else { throw start.error(.noSuchTime) }
    let offset = Int64(hours * 60 + minutes) * 60_000
    return sign == "-" ? -offset : offset
  }

  private mutating func digits(_ count: Int) throws(TTLSyntaxError) -> Int {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy(\.isASCIIDigit), let number = Int(digits) else {
      throw error(.badTime)
    }
    skip(count)
    return number
  }

  private mutating func expect(_ character: Character) throws(TTLSyntaxError) {
    guard rest.first == character else { throw error(.badTime) }
    skip(1)
  }
}

extension Character {
  /// `0` to `9`, and not the digits of other scripts.
  fileprivate var isASCIIDigit: Bool {
    self >= "0" && self <= "9" && isASCII
  }
}
