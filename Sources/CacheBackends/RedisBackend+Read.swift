package import CacheModel
import RESP

extension RedisBackend {
  package func read(
    _ key: CacheKey, from position: ValuePosition, within bound: ValueBound
  ) async throws(BackendError) -> ValuePage? {
    do throws(BackendError) {
      return try await readPart(key, from: position, within: bound)
    } catch {
      guard mayReadWhole(after: error) else { throw error }
      return try await readWhole(key, from: position, within: bound, after: error)
    }
  }

  private func readPart(
    _ key: CacheKey, from position: ValuePosition, within bound: ValueBound
  ) async throws(BackendError) -> ValuePage? {
    // The kind decides what is asked next; when it has changed in between, it is asked again.
    for _ in 0..<4 {
      guard let summary = try await describe([key], .idleTimes).first ?? nil else { return nil }
      let kind: ValueKind
      if let told = summary.kind { kind = told } else { kind = try await kindByTrying(key) }
      let average = try await averageBytes(summary, kind, bound)
      let window = ValueWindow(key, kind, from: position, within: bound, averageBytes: average)
      if var page = try await read(window, bytes: summary.bytes) {
        page.idleSeconds = summary.idleSeconds
        if traits.figures.isOfCluster { page.slot = Int(key.slot.number) }
        return page
      }
    }
    throw .unsupported("read a key that changes its kind all the time")
  }

  /// Without TYPE only the commands for one kind can tell; strings are what caches hold most.
  private func kindByTrying(_ key: CacheKey) async throws(BackendError) -> ValueKind {
    for kind in [ValueKind.string, .hash, .list, .set, .sortedSet, .stream] {
      guard let verb = kind.lengthVerb else { continue }
      let reply = try await send(RESPCommand(verb, [key.bytes]))
      guard let error = reply.error else { return kind }
      if !error.isWrongType { throw BackendError(error, of: verb) }
    }
    throw .unsupported("tell the kind of a key without TYPE")
  }

  /// What one part of a collection is likely to take: when all of it is within the bound, nothing
  /// that would matter.
  private func averageBytes(
    _ summary: KeySummary, _ kind: ValueKind, _ bound: ValueBound
  ) async throws(BackendError) -> Int64? {
    guard let bytes = summary.bytes?.bytes else { return nil }
    if bytes <= Int64(bound.bytes) { return 0 }
    guard kind != .string, let verb = kind.lengthVerb else { return bytes }
    let length = try await send(RESPCommand(verb, [summary.key.bytes])).integer ?? 1
    return bytes / max(1, length)
  }

  /// One attempt; nil when the key no longer is of the kind that the window is for.
  private func read(
    _ window: ValueWindow, bytes: ByteCount?
  ) async throws(BackendError) -> ValuePage? {
    var window = window
    let traits = traits
    let questions = [KeyQuestion.kind, .lifetime, .encoding].filter { traits.has($0.feature) }
    let verb = window.kind.lengthVerb
    let content = window.command
    // All of one moment, as far as pipelining goes.
    let batch =
      questions.map { $0.command(window.key) }
      + (verb.map { [RESPCommand($0, [window.key.bytes])] } ?? []) + (content.map { [$0] } ?? [])
    var answers = ReplyReader(try await send(batch))
    if traits.has(.type) {
      let told = answers.next()
      // A key whose kind alone is refused still shows by its length whether the kind is right.
      guard told.error != nil || told.text == window.kind.redisName else { return nil }
    }
    let lifetime = traits.has(.pttl) ? Lifetime(pttl: answers.next().integer) : nil
    var page = ValuePage(
      key: window.key, kind: window.kind, lifetime: lifetime, content: .unreadable,
      totalLength: 0, bytes: bytes)
    if traits.has(.encoding) { page.encoding = answers.next().text }
    guard let verb else { return try await document(page) }
    let length = answers.next()
    if let error = length.error {
      if error.isWrongType { return nil }
      throw BackendError(error, of: verb)
    }
    page.totalLength = length.integer ?? 0
    if let content { try await fill(&window, content, answers.next()) }
    page.content = window.content
    if case .stream(let entries, _) = page.content, window.start == .start {
      page.content = .stream(entries, groups: try await groups(of: window.key))
    }
    if case .hash(let fields) = page.content, traits.figures.fieldsMayExpire, !fields.isEmpty {
      page.fieldLives = try await lives(of: fields.map(\.field), in: window.key)
    }
    page.position = window.start
    page.next = window.next(of: page.totalLength)
    return page
  }

  private func fill(
    _ window: inout ValueWindow, _ first: RESPCommand, _ reply: RESPValue
  ) async throws(BackendError) {
    var (command, reply) = (first, reply)
    while true {
      if let error = reply.error { throw BackendError(error, of: command.verb) }
      try window.take(reply)
      guard let next = window.command else { return }
      command = next
      reply = try await send(next)
    }
  }
}

/// Takes replies in turn; null when there are no more.
struct ReplyReader {
  private var rest: ArraySlice<RESPValue>

  init(_ replies: [RESPValue]) {
    rest = replies[...]
  }

  mutating func next() -> RESPValue {
    rest.popFirst() ?? .null
  }
}
