/// Reads replies of RESP2 and RESP3 from bytes that arrive in any pieces.
///
/// Feed bytes with `append`, then call `next` until it answers nil. The parser keeps the aggregates
/// that are still open on a stack of its own and goes on where it stopped: no byte is looked at
/// twice, so a reply costs time linear in its length however it is cut, and depth costs no call
/// stack. Lengths are promises of a stranger: they are compared with `limits` and never allocated
/// ahead of the bytes.
///
/// Attributes (`|`) are read and dropped; pushes (`>`) come out as values between replies. After an
/// error every later call throws the same error. Streamed aggregates (`$?`) are refused.
package struct RESPParser: Sendable {
  package let limits: RESPLimits
  var queue = ByteQueue()
  private var open: [OpenAggregate] = []
  var pendingBulk: PendingBulk?
  private var failure: RESPProtocolError?
  /// What the reply being read has taken so far.
  var replyBytes = 0
  private var replyElements = 0

  package init(limits: RESPLimits = .standard) {
    self.limits = limits
  }

  package mutating func append(contentsOf bytes: [UInt8]) {
    if failure == nil { queue.append(bytes) }
  }

  package mutating func append(contentsOf bytes: ArraySlice<UInt8>) {
    if failure == nil { queue.append(bytes) }
  }

  /// The bytes are copied before this returns.
  package mutating func append(contentsOf bytes: UnsafeRawBufferPointer) {
    if failure == nil { queue.append(bytes) }
  }

  /// Whether nothing is left over: no byte, no open aggregate.
  package var isIdle: Bool {
    queue.count == 0 && open.isEmpty && pendingBulk == nil
  }

  /// The next whole reply or push; nil when more bytes are needed.
  package mutating func next() throws(RESPProtocolError) -> RESPValue? {
    if let failure { throw failure }
    do throws(RESPProtocolError) {
      return try advance()
    } catch {
      failure = error
      queue.removeAll()
      open.removeAll()
      throw error
    }
  }

  private mutating func advance() throws(RESPProtocolError) -> RESPValue? {
    while let token = try nextToken() {
      switch token {
      case .aggregate(let kind, let count):
        try begin(kind, count)
        guard count == 0 else { continue }
        if let whole = closeFullAggregates() { return finish(whole) }
      case .value(let value):
        if let whole = deliver(value) { return finish(whole) }
      }
    }
    return nil
  }

  private mutating func begin(
    _ kind: OpenAggregate.Kind, _ count: Int
  ) throws(RESPProtocolError) {
    guard open.count < limits.nesting else {
      throw .nestedTooDeep(limit: limits.nesting)
    }
    replyElements += count
    guard replyElements <= limits.elements else {
      throw .tooManyElements(limit: limits.elements)
    }
    open.append(OpenAggregate(kind: kind, count: count))
  }

  /// Puts a value where it belongs; answers it when it is a whole reply.
  private mutating func deliver(_ value: RESPValue) -> RESPValue? {
    guard !open.isEmpty else { return value }
    open[open.count - 1].elements.append(value)
    return closeFullAggregates()
  }

  /// Closes the aggregates that have all their elements, from the innermost outwards.
  private mutating func closeFullAggregates() -> RESPValue? {
    while let innermost = open.last, innermost.isFull {
      open.removeLast()
      guard let value = innermost.value else { continue }
      guard !open.isEmpty else { return value }
      open[open.count - 1].elements.append(value)
    }
    return nil
  }

  private mutating func finish(_ reply: RESPValue) -> RESPValue {
    replyBytes = 0
    replyElements = 0
    queue.releaseConsumed()
    return reply
  }
}
