import CacheModel
import RESP

/// How a part of a value is fetched within a bound: which command comes next, and what its reply
/// adds. No input or output of its own.
///
/// Nobody tells how large the parts of a collection are, so they are fetched in steps: the first
/// by what the memory of the key makes likely, each later one at most twice what came so far and no
/// more than what its average allows. One part is always fetched, however large it is, because
/// the protocol has no way to ask for a piece of an element; and a small packed hash or set is
/// answered whole by the server whatever was asked.
struct ValueWindow: Sendable {
  let key: CacheKey
  let kind: ValueKind
  let start: ValuePosition
  private let bound: ValueBound
  private var collected: Collected
  private var place: Place
  private var isAtEnd = false
  private var steps = 0
  /// Parts to fetch in the next step.
  private var portion: Int

  /// Where the next step begins.
  private enum Place: Sendable, Equatable {
    case index(Int64)
    case walk(cursor: UInt64, skipping: Int)
    /// Nil at the first entry of a stream.
    case entry(StreamID?)
  }

  /// Steps after which an answer is given, whatever it holds: a table may be nearly empty.
  private static let mostSteps = 200
  /// Parts of the first step where nothing is known of their size.
  private static let probe = 16

  /// `averageBytes` is what a part is likely to take; nil when nothing is known.
  init(
    _ key: CacheKey, _ kind: ValueKind, from position: ValuePosition, within bound: ValueBound,
    averageBytes: Int64?
  ) {
    self.key = key
    self.kind = kind
    let bound = ValueBound(bytes: max(1, bound.bytes), elements: max(1, bound.elements))
    self.bound = bound
    collected = Collected(kind)
    switch (kind, position) {
    case (.hash, .walk(let cursor, let skipping)), (.set, .walk(let cursor, let skipping)):
      place = .walk(cursor: cursor, skipping: min(max(0, skipping), 1 << 40))
      start = position
    case (.hash, _), (.set, _):
      place = .walk(cursor: 0, skipping: 0)
      start = .start
    case (.stream, .entry(let id)):
      place = .entry(id)
      start = position
    case (.stream, _):
      place = .entry(nil)
      start = .start
    default:
      place = .index(position.index)
      start = position.index == 0 ? .start : .index(position.index)
    }
    let room = Int64(bound.bytes)
    let likely = averageBytes.map { room / max(1, $0) } ?? Int64(Self.probe)
    portion = Int(max(1, min(Int64(bound.elements), likely)))
  }

  // MARK: Asking

  /// The next step; nil when the window is full, the value at its end or of no kind that is read.
  var command: RESPCommand? {
    guard !isAtEnd, !isFull else { return nil }
    switch (kind, place) {
    case (.string, .index(let from)): return range("GETRANGE", from, count: bound.bytes)
    case (.list, .index(let from)): return range("LRANGE", from, count: portion)
    case (.sortedSet, .index(let from)):
      return range("ZRANGE", from, count: portion, "WITHSCORES")
    case (.hash, .walk(let cursor, _)): return scan("HSCAN", cursor)
    case (.set, .walk(let cursor, _)): return scan("SSCAN", cursor)
    case (.stream, .entry(let id)):
      let words = [id?.text ?? "-", "+", "COUNT", String(portion)]
      return RESPCommand("XRANGE", [key.bytes] + words.map { Array($0.utf8) })
    default: return nil
    }
  }

  private var isFull: Bool {
    if kind == .string || steps >= Self.mostSteps { return steps > 0 }
    return collected.count >= bound.elements || collected.bytes >= bound.bytes
  }

  private func range(
    _ verb: String, _ from: Int64, count: Int, _ options: String...
  ) -> RESPCommand {
    let (last, overflow) = from.addingReportingOverflow(Int64(count) - 1)
    let words = [String(from), String(overflow ? .max : last)] + options
    return RESPCommand(verb, [key.bytes] + words.map { Array($0.utf8) })
  }

  private func scan(_ verb: String, _ cursor: UInt64) -> RESPCommand {
    let words = [String(cursor), "COUNT", String(portion)]
    return RESPCommand(verb, [key.bytes] + words.map { Array($0.utf8) })
  }

  // MARK: Taking

  /// Adds the reply to `command`, which was no error.
  mutating func take(_ reply: RESPValue) throws(BackendError) {
    steps += 1
    switch place {
    case .index(let from): takeRange(reply, from)
    case .walk(let cursor, let skipping): try takeStep(reply, cursor, skipping)
    case .entry: takeEntries(reply)
    }
    grow()
  }

  private mutating func takeRange(_ reply: RESPValue, _ from: Int64) {
    let count = collected.add(reply, skipping: 0, upTo: .max).raw
    let asked = kind == .string ? bound.bytes : portion
    isAtEnd = count < asked
    place = .index(from.addingReportingOverflow(Int64(count)).partialValue)
  }

  private mutating func takeEntries(_ reply: RESPValue) {
    let count = collected.add(reply, skipping: 0, upTo: .max).raw
    let next = collected.lastID?.next
    isAtEnd = count < portion || next == nil
    place = .entry(next)
  }

  private mutating func takeStep(
    _ reply: RESPValue, _ cursor: UInt64, _ skipping: Int
  ) throws(BackendError) {
    guard let parts = reply.elements, parts.count == 2,
      let next = parts[0].text.flatMap({ UInt64($0) })
    else { throw .malformedReply("a step of a walk without a cursor") }
    let room = bound.elements - collected.count
    let taken = collected.add(parts[1], skipping: skipping, upTo: room)
    if taken.raw > skipping + taken.used {
      place = .walk(cursor: cursor, skipping: skipping + taken.used)
      return
    }
    isAtEnd = next == 0
    place = .walk(cursor: next, skipping: max(0, skipping - taken.raw))
  }

  private mutating func grow() {
    guard collected.count > 0 else {
      portion = min(bound.elements, portion.multipliedReportingOverflow(by: 2).partialValue)
      portion = max(1, portion)
      return
    }
    let average = max(1, collected.bytes / collected.count)
    let affordable = max(0, bound.bytes - collected.bytes) / average
    let room = bound.elements - collected.count
    portion = max(1, min(affordable, room, collected.count * 2))
  }

  // MARK: What came

  var content: ValueContent { collected.content(from: start.index) }

  /// Where the next window begins, of a value of so many bytes or parts.
  func next(of totalLength: Int64) -> ValuePosition? {
    switch place {
    case .index(let place):
      let isThere = kind == .string || kind == .list || kind == .sortedSet
      return isThere && place < totalLength ? .index(place) : nil
    case .walk(let cursor, let skipping):
      return isAtEnd ? nil : .walk(cursor: cursor, skipping: skipping)
    case .entry(let id):
      let isWhole = start == .start && Int64(collected.count) >= totalLength
      return isAtEnd || isWhole ? nil : id.map { .entry($0) }
    }
  }
}
