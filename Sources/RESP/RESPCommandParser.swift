/// Reads commands as a server does: arrays of bulk strings, and inline commands (a line of words
/// with Redis' quoting), from bytes that arrive in any pieces.
///
/// Errors use Redis' own words and end the stream: after one, every later call throws it again.
/// Before a login (`isAuthenticated` false) a stranger gets 10 arguments of 16 KiB, as in Redis.
/// Empty commands (`*0`, a blank line) are skipped. Linear in the bytes; nothing is allocated for a
/// length that was only announced. Source: `processMultibulkBuffer` and `processInlineBuffer` of
/// Redis' networking.c, except that a command has at most 1,048,576 arguments and 1 GiB in all.
package struct RESPCommandParser: Sendable {
  /// Whether the peer may send commands of any size.
  package var isAuthenticated: Bool
  private var queue = ByteQueue()
  private var arguments: [[UInt8]] = []
  /// Arguments still to come of the array being read; nil between commands.
  private var missing: Int?
  private var pendingLength: Int?
  private var commandBytes = 0
  private var failure: RESPProtocolError?

  package static let maximumArguments = 1 << 20
  package static let maximumBulkBytes = 512 << 20
  package static let maximumInlineBytes = 64 << 10
  package static let maximumCommandBytes = 1 << 30

  package init(isAuthenticated: Bool = true) {
    self.isAuthenticated = isAuthenticated
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

  /// Bytes that have arrived and belong to no finished command.
  package var bufferedBytes: Int {
    queue.count + commandBytes
  }

  /// The next whole command; nil when more bytes are needed.
  package mutating func next() throws(RESPProtocolError) -> RESPCommand? {
    if let failure { throw failure }
    do throws(RESPProtocolError) {
      return try advance()
    } catch {
      failure = error
      queue.removeAll()
      arguments.removeAll()
      throw error
    }
  }

  private mutating func advance() throws(RESPProtocolError) -> RESPCommand? {
    while true {
      if missing != nil {
        guard try takeArguments() else { return nil }
        return finishedCommand()
      }
      guard let first = queue.first else { return nil }
      if first == UInt8(ascii: "*") {
        guard try takeCount() else { return nil }
      } else {
        guard let words = try takeInline() else { return nil }
        if !words.isEmpty { return RESPCommand(arguments: words) }
      }
    }
  }

  private mutating func finishedCommand() -> RESPCommand {
    defer {
      arguments = []
      missing = nil
      commandBytes = 0
      queue.releaseConsumed()
    }
    return RESPCommand(arguments: arguments)
  }

  private mutating func takeInline() throws(RESPProtocolError) -> [[UInt8]]? {
    guard let line = queue.takeLine(strictly: false) else {
      guard queue.count <= Self.maximumInlineBytes else { throw .inlineTooBig }
      return nil
    }
    guard line.count <= Self.maximumInlineBytes else { throw .inlineTooBig }
    guard let words = InlineArguments.split(line) else { throw .unbalancedQuotes }
    return words
  }

  /// Reads `*3`; an empty array leaves nothing to read.
  private mutating func takeCount() throws(RESPProtocolError) -> Bool {
    guard let line = queue.takeLine(strictly: true) else {
      guard queue.count <= Self.maximumInlineBytes else { throw .countLineTooBig }
      return false
    }
    guard let count = RESPNumber.integer(line.dropFirst()), count <= Self.maximumArguments else {
      throw .invalidMultibulkLength
    }
    guard isAuthenticated || count <= 10 else { throw .unauthenticatedMultibulkLength }
    if count > 0 {
      missing = Int(count)
      arguments.reserveCapacity(min(Int(count), 64))
    }
    return true
  }

  private mutating func takeArguments() throws(RESPProtocolError) -> Bool {
    while let left = missing, left > 0 {
      guard let length = try bulkLength(), queue.count >= length + 2 else { return false }
      arguments.append(Array(queue.take(length)))
      _ = queue.take(2)
      pendingLength = nil
      missing = left - 1
    }
    return true
  }

  private mutating func bulkLength() throws(RESPProtocolError) -> Int? {
    if let pendingLength { return pendingLength }
    guard let line = queue.takeLine(strictly: true) else {
      guard queue.count <= Self.maximumInlineBytes else { throw .bulkLineTooBig }
      if let first = queue.first, first != UInt8(ascii: "$") { throw .expectedBulk(got: first) }
      return nil
    }
    let type = line.first ?? 0x0D
    guard type == UInt8(ascii: "$") else { throw .expectedBulk(got: type) }
    guard let number = RESPNumber.integer(line.dropFirst()), number >= 0,
      number <= Self.maximumBulkBytes
    else { throw .invalidBulkLength }
    guard isAuthenticated || number <= 16_384 else { throw .unauthenticatedBulkLength }
    commandBytes += Int(number)
    guard commandBytes <= Self.maximumCommandBytes else {
      throw .commandTooBig(limit: Self.maximumCommandBytes)
    }
    pendingLength = Int(number)
    return Int(number)
  }
}
