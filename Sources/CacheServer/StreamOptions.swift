import CacheEngine
import RESP

/// Numbers of stream entries as text: `1700000000000-0`, or milliseconds alone.
enum StreamNumber {
  static let invalid = RESPError("ERR Invalid stream ID specified as stream command argument")

  /// `missing` is the count where the text has none.
  static func id(_ text: [UInt8], _ missing: UInt64) throws(RESPError) -> StreamID {
    let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count <= 2, let first = DecimalInteger.parseUnsigned(Array(parts[0])) else {
      throw invalid
    }
    guard parts.count == 2 else { return StreamID(first, missing) }
    guard let second = DecimalInteger.parseUnsigned(Array(parts[1])) else { throw invalid }
    return StreamID(first, second)
  }

  /// An end of a range: a number, `(` and a number that is left out, `-` or `+`.
  static func bound(_ text: [UInt8], isStart: Bool) throws(RESPError) -> StreamID {
    switch text {
    case [UInt8(ascii: "-")]: return .least
    case [UInt8(ascii: "+")]: return .greatest
    default: break
    }
    guard text.first == UInt8(ascii: "(") else { return try id(text, isStart ? 0 : .max) }
    let id = try id(Array(text.dropFirst()), isStart ? 0 : .max)
    guard let inner = isStart ? id.next : id.previous else {
      throw RESPError("ERR invalid \(isStart ? "start" : "end") ID for the interval")
    }
    return inner
  }

  static func text(_ id: StreamID) -> [UInt8] {
    Array("\(id.milliseconds)-\(id.sequence)".utf8)
  }
}

/// The options of XADD and XTRIM, and the number that XADD wants for its entry.
struct StreamOptions {
  enum Wanted: Equatable {
    /// The present time, or behind the last entry.
    case any
    /// Given milliseconds, with the next count in them.
    case within(UInt64)
    case exactly(StreamID)

    /// The number behind the last one; nil where there is none.
    func id(behind last: StreamID, at now: Int64) -> StreamID? {
      switch self {
      case .any:
        let time = UInt64(max(0, now))
        return time > last.milliseconds ? StreamID(time, 0) : last.next
      case .within(let milliseconds):
        guard milliseconds == last.milliseconds else { return StreamID(milliseconds, 0) }
        return last.sequence < .max ? last.next : nil
      case .exactly(let id): return id
      }
    }
  }

  private enum Bound {
    case count(Int64)
    case id(StreamID)
  }

  private(set) var wanted = Wanted.any
  private(set) var creates = true
  /// Where the fields of XADD begin.
  private(set) var end = 2
  private var bound: Bound?
  private var isApproximate = false
  private var hasLimit = false

  init(_ call: CommandCall, isTrim: Bool) throws(RESPError) {
    var hasNumber = false
    while end < call.arguments.count, !hasNumber {
      let hasMore = end + 1 < call.arguments.count
      switch call.word(end) {
      case "*" where !isTrim: hasNumber = true
      case "MAXLEN" where hasMore:
        try readBound(call) { text throws(RESPError) in
          guard let count = DecimalInteger.parse(text) else { throw .notAnInteger }
          guard count >= 0 else { throw RESPError("ERR The MAXLEN argument must be >= 0.") }
          return .count(count)
        }
      case "MINID" where hasMore:
        try readBound(call) { text throws(RESPError) in
          .id(try StreamNumber.id(text, 0))
        }
      case "LIMIT" where hasMore:
        end += 1
        guard try call.integer(end) >= 0 else {
          throw RESPError("ERR The LIMIT argument must be >= 0.")
        }
        hasLimit = true
      case "NOMKSTREAM" where !isTrim: creates = false
      default:
        guard !isTrim else { throw .syntax }
        try readWanted(call[end])
        hasNumber = true
      }
      end += 1
    }
    try check(isTrim: isTrim)
  }

  /// Removes what is beyond the bound and returns how many entries that were.
  func trim(_ stream: inout StreamValue) -> Int {
    switch bound {
    case nil: 0
    case .count(let count):
      stream.trim(toCount: Int(count), approximate: isApproximate)
    case .id(let id): stream.trim(below: id, approximate: isApproximate)
    }
  }

  private mutating func readBound(
    _ call: CommandCall, _ read: ([UInt8]) throws(RESPError) -> Bound
  ) throws(RESPError) {
    guard bound == nil else {
      throw RESPError(
        "ERR syntax error, MAXLEN and MINID options at the same time are not compatible")
    }
    end += 1
    isApproximate = call.word(end) == "~"
    if ["~", "="].contains(call.word(end)), end + 1 < call.arguments.count { end += 1 }
    bound = try read(call[end])
  }

  private mutating func readWanted(_ text: [UInt8]) throws(RESPError) {
    guard text.count > 2, text.suffix(2) == [UInt8(ascii: "-"), UInt8(ascii: "*")] else {
      wanted = .exactly(try StreamNumber.id(text, 0))
      return
    }
    wanted = .within(try StreamNumber.id(Array(text.dropLast(2)), 0).milliseconds)
  }

  private func check(isTrim: Bool) throws(RESPError) {
    if hasLimit, bound == nil {
      throw RESPError(
        "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy")
    }
    if isTrim, bound == nil {
      throw RESPError("ERR syntax error, XTRIM must be called with a trimming strategy")
    }
    if hasLimit, !isApproximate {
      throw RESPError("ERR syntax error, LIMIT cannot be used without the special ~ option")
    }
  }
}
