package import CacheModel
import RESP

extension RedisBackend {
  package func scan(
    from cursor: ScanCursor, matching glob: [UInt8]?, of kind: ValueKind?, count: Int
  ) async throws(BackendError) -> ScanPage {
    var arguments = [Array(String(cursor.position).utf8)]
    if let glob { arguments += [Array("MATCH".utf8), glob] }
    arguments += [Array("COUNT".utf8), Array(String(max(1, count)).utf8)]
    guard let kind, traits.has(.scanType) else { return try await scan(arguments) }
    let name = [Array("TYPE".utf8), Array(kind.redisName.utf8)]
    do throws(BackendError) {
      var page = try await scan(arguments + name)
      page.kind = kind
      return page
    } catch {
      guard case .refused(_, let message) = error else { throw error }
      // Servers before 6.0 do not know TYPE. What they refuse without it too is another matter.
      let page = try await scan(arguments)
      learn { $0.lose(.scanType, because: message) }
      return page
    }
  }

  private func scan(_ arguments: [[UInt8]]) async throws(BackendError) -> ScanPage {
    let reply = try await send(RESPCommand("SCAN", arguments))
    if let error = reply.error { throw BackendError(error, of: "SCAN") }
    guard let parts = reply.elements, parts.count >= 2, let keys = parts[1].elements,
      let next = parts[0].text.flatMap({ UInt64($0) })
    else { throw .malformedReply("SCAN without a cursor and keys") }
    var page = ScanPage(
      keys: keys.compactMap { $0.bytes.map { CacheKey($0) } },
      next: next == 0 ? nil : ScanCursor(position: next))
    // A cluster adds why it has passed a node by.
    page.missing = parts.count > 2 ? parts[2].text : nil
    return page
  }

  package func describe(
    _ keys: [CacheKey], _ detail: SummaryDetail
  ) async throws(BackendError) -> [KeySummary?] {
    var summaries: [KeySummary?] = []
    var start = 0
    while start < keys.count {
      let part = Array(keys[start..<min(keys.count, start + Self.keysInOneBatch)])
      summaries += try await describePart(part, detail)
      start += part.count
    }
    return summaries
  }

  /// Enough to make the round trip cheap, few enough for the server to look after others between.
  static let keysInOneBatch = 250

  private func describePart(
    _ keys: [CacheKey], _ detail: SummaryDetail
  ) async throws(BackendError) -> [KeySummary?] {
    let questions = questions(detail)
    let batch = keys.flatMap { key in questions.map { $0.command(key) } }
    let replies = try await send(batch)
    var summaries = keys.enumerated().map { index, key in
      let answers = replies[(index * questions.count)..<((index + 1) * questions.count)]
      return summary(of: key, Array(zip(questions, answers)))
    }
    if detail.contains(.shape) { try await addLengths(to: &summaries) }
    return summaries
  }

  private func questions(_ detail: SummaryDetail) -> [KeyQuestion] {
    let traits = traits
    // One of the first two tells whether there is such a key.
    var questions: [KeyQuestion] = detail.isDisjoint(with: [.kind, .shape]) ? [] : [.kind]
    if detail.contains(.lifetime) || questions.isEmpty { questions.append(.lifetime) }
    if detail.contains(.bytes) { questions.append(.bytes) }
    if detail.contains(.idle) { questions.append(.idle) }
    if detail.contains(.frequency) { questions.append(.frequency) }
    if detail.contains(.shape) { questions.append(.encoding) }
    return questions.filter { traits.has($0.feature) }
  }

  private func summary(
    of key: CacheKey, _ answers: [(question: KeyQuestion, reply: RESPValue)]
  ) -> KeySummary? {
    var summary = KeySummary(key: key)
    for (question, reply) in answers {
      if reply.error != nil {
        lose(question.feature, if: reply)
      } else if !question.take(reply, into: &summary) {
        return nil
      }
    }
    return summary
  }

  private func addLengths(to summaries: inout [KeySummary?]) async throws(BackendError) {
    var batch: [RESPCommand] = []
    var places: [Int] = []
    for (place, summary) in summaries.enumerated() {
      guard let summary, let verb = summary.kind?.lengthVerb else { continue }
      batch.append(RESPCommand(verb, [summary.key.bytes]))
      places.append(place)
    }
    let replies = try await send(batch)
    for (place, reply) in zip(places, replies) where reply.error == nil {
      summaries[place]?.length = reply.integer
    }
  }
}

/// One figure of a key, how to ask for it and how to read the answer.
enum KeyQuestion: Sendable {
  case kind, lifetime, bytes, encoding, idle, frequency

  var feature: RedisTraits.Feature {
    switch self {
    case .kind: .type
    case .lifetime: .pttl
    case .bytes: .memoryUsage
    case .encoding: .encoding
    case .idle: .idleTime
    case .frequency: .frequency
    }
  }

  func command(_ key: CacheKey) -> RESPCommand {
    switch self {
    case .kind: RESPCommand("TYPE", [key.bytes])
    case .lifetime: RESPCommand("PTTL", [key.bytes])
    case .bytes: RESPCommand("MEMORY", [Array("USAGE".utf8), key.bytes])
    case .encoding: RESPCommand("OBJECT", [Array("ENCODING".utf8), key.bytes])
    case .idle: RESPCommand("OBJECT", [Array("IDLETIME".utf8), key.bytes])
    case .frequency: RESPCommand("OBJECT", [Array("FREQ".utf8), key.bytes])
    }
  }

  /// Puts the answer into the summary; false when it says that there is no such key.
  func take(_ reply: RESPValue, into summary: inout KeySummary) -> Bool {
    switch self {
    case .kind:
      summary.kind = reply.text.map { ValueKind(redisName: $0) }
      return reply.text != "none"
    case .lifetime:
      summary.lifetime = Lifetime(pttl: reply.integer)
      return reply.integer != -2
    case .bytes: summary.bytes = reply.integer.map { ByteCount($0) }
    case .encoding: summary.encoding = reply.text
    case .idle: summary.idleSeconds = reply.integer
    case .frequency: summary.frequency = reply.integer
    }
    return true
  }
}

extension Lifetime {
  /// From the answer to PTTL; nil when it is none of a key.
  init?(pttl: Int64?) {
    switch pttl {
    case .some(-1): self = .unlimited
    case .some(let left) where left >= 0: self = .remaining(TTL(milliseconds: left))
    default: return nil
    }
  }
}

extension ValueKind {
  /// The command that tells bytes of a string or elements of a collection.
  var lengthVerb: String? {
    switch self {
    case .string: "STRLEN"
    case .hash: "HLEN"
    case .list: "LLEN"
    case .set: "SCARD"
    case .sortedSet: "ZCARD"
    case .stream: "XLEN"
    case .other: nil
    }
  }
}
