package import CacheModel
import RESP

extension RedisBackend {
  package func read(
    _ key: CacheKey, from position: ValuePosition, within bound: ValueBound
  ) async throws(BackendError) -> ValuePage? {
    // The kind decides what is asked next; when it has changed in between, it is asked again.
    for _ in 0..<4 {
      guard let summary = try await describe([key], .sizes).first ?? nil else { return nil }
      let kind: ValueKind
      if let told = summary.kind { kind = told } else { kind = try await kindByTrying(key) }
      let reader = ValueReader(key: key, kind: kind, bytes: summary.bytes, bound: bound)
      if let page = try await read(with: reader, encoding: nil) { return page }
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

  /// One attempt; nil when the key no longer is of the kind that the reader is for.
  private func read(
    with reader: ValueReader, encoding: String?
  ) async throws(BackendError) -> ValuePage? {
    let replies = try await send(reader.commands(asking: traits))
    var answers = ReplyReader(replies)
    if traits.has(.type) {
      let told = answers.next()
      // A key whose kind alone is refused still shows by its length whether the kind is right.
      guard told.error != nil || told.text == reader.kind.redisName else { return nil }
    }
    let lifetime = traits.has(.pttl) ? Lifetime(pttl: answers.next().integer) : nil
    var page = ValuePage(
      key: reader.key, kind: reader.kind, lifetime: lifetime, content: .unreadable,
      totalLength: 0, bytes: reader.bytes)
    if traits.has(.encoding) { page.encoding = answers.next().text }
    guard let verb = reader.kind.lengthVerb else { return page }
    let length = answers.next()
    if let error = length.error {
      if error.isWrongType { return nil }
      throw BackendError(error, of: verb)
    }
    page.totalLength = length.integer ?? 0
    if let first = reader.contentCommand {
      page.content = try await content(reader, first, answers.next())
    }
    return page
  }

  private func content(
    _ reader: ValueReader, _ command: RESPCommand, _ first: RESPValue
  ) async throws(BackendError) -> ValueContent {
    if let error = first.error { throw BackendError(error, of: command.verb) }
    var gathered = reader.begin(first)
    var reply = first
    // A scan of a collection may give less than was asked for; its cursor says whether it ended.
    while let cursor = reader.nextCursor(reply), gathered.count < reader.elements {
      reply = try await send(reader.scan(from: cursor))
      if let error = reply.error { throw BackendError(error, of: command.verb) }
      gathered = reader.add(reply, to: gathered)
    }
    return reader.cut(gathered)
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
