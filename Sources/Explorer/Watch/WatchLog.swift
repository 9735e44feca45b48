package import CacheModel
import ValueDecoding

/// What a watch has seen, newest first. Bounded in lines, and in the bytes of the values that are
/// kept to be looked at: of older lines only the words stay.
package struct WatchLog: Sendable, Equatable {
  package private(set) var lines: [WatchLine] = []
  /// Lines that were ever put in.
  private(set) var count = 0

  static let lineLimit = 500
  static let byteLimit = 4 << 20

  mutating func insert(_ line: WatchLine) {
    lines.insert(line, at: 0)
    count += 1
    if lines.count > Self.lineLimit { lines.removeLast(lines.count - Self.lineLimit) }
    var bytes = 0
    for place in lines.indices {
      bytes += lines[place].cost
      guard bytes > Self.byteLimit else { continue }
      lines[place].before = nil
      lines[place].after = nil
    }
  }

  /// Changes the line that was put in as the `number`th, while it is kept.
  mutating func change(_ number: Int, _ body: (inout WatchLine) -> Void) {
    let place = count - number
    if lines.indices.contains(place) { body(&lines[place]) }
  }
}

/// One thing that happened to a key.
package struct WatchLine: Sendable, Equatable {
  package var at: WallTime
  package var title: String
  package var tone: OverlayRow.Tone
  /// Of a watch of many keys, which one.
  package var key: CacheKey?
  package var difference: ValueDifference?
  /// The same with the secrets masked.
  package var maskedDifference: ValueDifference?
  /// The value before and after, as far as it was read.
  package var before: ValuePage?
  package var after: ValuePage?
  /// When this line is a deletion whose end is still waited for.
  var waitsSince: Moment?

  init(at: WallTime, _ title: String, _ tone: OverlayRow.Tone, key: CacheKey? = nil) {
    self.at = at
    self.title = title
    self.tone = tone
    self.key = key
  }

  /// Notes what is different now.
  mutating func compare(_ old: ValuePage, _ page: ValuePage) {
    difference = ValueDifference(from: old, to: page)
    maskedDifference = ValueDifference(from: old, to: page, masksSecrets: true)
  }

  /// Bytes that keeping the values takes, near enough; a page that two lines share counts twice.
  var cost: Int { (before?.keptBytes ?? 0) + (after?.keptBytes ?? 0) }
}

extension ValuePage {
  fileprivate var keptBytes: Int {
    let parts =
      switch content {
      case .string(let bytes): bytes.count
      case .hash(let fields): fields.reduce(0) { $0 + $1.field.count + $1.value.count + 64 }
      case .list(_, let elements), .set(let elements): elements.reduce(0) { $0 + $1.count + 32 }
      case .sortedSet(let members): members.reduce(0) { $0 + $1.member.count + 40 }
      case .stream(let entries, _):
        entries.reduce(0) { sum, entry in
          entry.fields.reduce(sum + 48) { $0 + $1.field.count + $1.value.count + 64 }
        }
      case .unreadable: 0
      }
    return 64 + parts
  }
}

/// The words for what was seen.
enum WatchText {
  /// `46 bytes`, `3 fields`.
  static func size(_ page: ValuePage) -> String { page.kind.parts(page.totalLength) }

  /// `46 bytes, TTL 5:00`.
  static func state(_ page: ValuePage) -> String { size(page) + life(page.lifetime) }

  static func life(_ lifetime: Lifetime?) -> String {
    switch lifetime {
    case .remaining(let ttl): ", TTL \(clock(ttl.milliseconds))"
    case .unlimited: ", no TTL"
    case nil: ""
    }
  }

  /// `1.8 s`, `5 min`, `4 min 12 s`, `3 h 20 min`.
  static func duration(_ milliseconds: Int64) -> String {
    let tenths = max(0, milliseconds) / 100
    if tenths < 600 { return "\(tenths / 10).\(tenths % 10) s" }
    return ExplorerState.durationText(milliseconds)
  }

  /// What is left of a life: `9.0 s`, `4:59`, `1:02:03`, `2 d 3 h`.
  static func clock(_ milliseconds: Int64) -> String {
    let seconds = milliseconds / 1000
    guard seconds >= 60, seconds < 86_400 else { return duration(milliseconds) }
    let parts = seconds < 3600 ? [seconds / 60] : [seconds / 3600, seconds / 60 % 60]
    let text = (parts.dropFirst() + [seconds % 60]).map { ExplorerState.twoDigits(Int($0)) }
    return ([String(parts[0])] + text).joined(separator: ":")
  }

  /// The beginning of a value on one line.
  static func beginning(of page: ValuePage, masksSecrets: Bool) -> String {
    func text(_ bytes: [UInt8], _ name: [UInt8]? = nil) -> String {
      let name = name ?? page.key.bytes
      return SpelledName.of(
        masksSecrets ? SecretMask.masked(bytes, named: name) : bytes, limit: 50)
    }
    switch page.content {
    case .string(let bytes): return text(Array(bytes.prefix(4096)))
    case .hash(let fields):
      return fields.first.map { text($0.field) + " = " + text($0.value, $0.field) } ?? ""
    case .list(_, let elements): return elements.first.map { text($0) } ?? ""
    case .set(let members): return members.first.map { text($0) } ?? ""
    case .sortedSet(let members):
      return members.first.map { text($0.member) + " " + ScoreText.of($0.score) } ?? ""
    case .stream(let entries, _):
      guard let entry = entries.first else { return "" }
      let field = entry.fields.first.map { " " + text($0.field) + " = " + text($0.value, $0.field) }
      return entry.id.text + (field ?? "")
    case .unreadable: return ""
    }
  }
}
