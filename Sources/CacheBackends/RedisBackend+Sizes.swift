import CacheModel
import RESP

/// How large what undo would keep is. Asked before anything is fetched: the DUMP of a giant would
/// have to be made by the server, sent and kept here, only to be thrown away.
extension RedisBackend {
  /// Whether the old states, and what the change brings along, are small enough to be kept.
  func keepsUndo(
    of change: KeyChange, to key: CacheKey, within limit: Int?
  ) async throws(BackendError) -> Bool {
    guard let limit, traits.keepsStates else { return false }
    if limit == .max { return true }
    let most = min(Int64(limit), Self.largest)
    var total = Int64(change.newBytes)
    let keys = [key] + (change.otherKey.map { [$0] } ?? [])
    for size in try await sizes(of: keys, upTo: most) {
      guard let size = size.bytes else { return false }
      total += size
    }
    return total <= most
  }

  /// Without COPY a value travels here and back.
  func checkPayload(of key: CacheKey) async throws(BackendError) {
    let limit = Int64(CapturedState.standardLimit)
    guard let size = try await sizes(of: [key], upTo: limit).first?.bytes, size <= limit
    else { throw .unsupported("copy so large a value: it has no COPY") }
  }

  /// No size is told as larger than this, so that a few of them can be added up.
  private static var largest: Int64 { 1 << 60 }

  /// What is known of one key's size.
  struct Size: Sendable {
    /// Bytes that its payload takes, near enough, but for what is more than the limit; 0 when there
    /// is no key, nil when the server does not tell.
    var bytes: Int64?
    /// Nil when there is no key, or the server does not tell.
    var kind: ValueKind?
  }

  /// The sizes of keys, in their order.
  ///
  /// A server estimates a collection from a few of its parts. An estimate within the limit is asked
  /// for again from all parts: there are not many then.
  func sizes(
    of keys: [CacheKey], upTo limit: Int64
  ) async throws(BackendError) -> [Size] {
    var sizes: [Size] = []
    for start in stride(from: 0, to: keys.count, by: Self.keysInOneBatch) {
      let part = Array(keys[start..<min(keys.count, start + Self.keysInOneBatch)])
      sizes += try await sizesOfPart(part, upTo: limit)
    }
    return sizes
  }

  private func sizesOfPart(
    _ keys: [CacheKey], upTo limit: Int64
  ) async throws(BackendError) -> [Size] {
    let traits = traits
    let (asksKind, asksBytes) = (traits.has(.type), traits.has(.memoryUsage))
    let batch = keys.flatMap { key in
      (asksKind ? [KeyQuestion.kind.command(key)] : [])
        + (asksBytes ? [KeyQuestion.bytes.command(key)] : [])
    }
    var answers = ReplyReader(try await send(batch))
    var sizes: [Size] = []
    var estimated: [Int] = []
    var unknown: [Int] = []
    for place in keys.indices {
      let name = asksKind ? answers.next().text : nil
      let told = asksBytes ? answers.next() : .null
      if told.error != nil { lose(.memoryUsage, if: told) }
      let kind = name.flatMap { $0 == "none" ? nil : ValueKind(redisName: $0) }
      let isAbsent = name == "none" || (asksBytes && told.isNull)
      let bytes = isAbsent ? 0 : told.integer.map { min(max(0, $0), Self.largest) }
      sizes.append(Size(bytes: bytes, kind: kind))
      if bytes == nil { unknown.append(place) }
      if !isAbsent, kind != .string, let bytes, bytes <= limit { estimated.append(place) }
    }
    try await addExactSizes(to: &sizes, of: keys, at: estimated)
    try await addGuessedSizes(to: &sizes, of: keys, at: unknown)
    return sizes
  }

  private func addExactSizes(
    to sizes: inout [Size], of keys: [CacheKey], at places: [Int]
  ) async throws(BackendError) {
    let replies = try await send(
      places.map { place in
        RESPCommand(
          "MEMORY",
          [Array("USAGE".utf8), keys[place].bytes, Array("SAMPLES".utf8), Array("0".utf8)])
      })
    for (place, reply) in zip(places, replies) {
      guard let exact = reply.integer, let estimate = sizes[place].bytes else { continue }
      sizes[place].bytes = min(max(estimate, exact), Self.largest)
    }
  }

  /// Where memory is not told, the bytes of a string, or a guess from the number of parts.
  private func addGuessedSizes(
    to sizes: inout [Size], of keys: [CacheKey], at places: [Int]
  ) async throws(BackendError) {
    let known = places.compactMap { place in
      sizes[place].kind?.lengthVerb.map { (place, RESPCommand($0, [keys[place].bytes])) }
    }
    let replies = try await send(known.map(\.1))
    for ((place, _), reply) in zip(known, replies) {
      guard let length = reply.integer else { continue }
      let bytesOfPart = sizes[place].kind == .string ? 1 : Self.guessedBytesOfPart
      let (bytes, overflow) = max(0, length).multipliedReportingOverflow(by: bytesOfPart)
      sizes[place].bytes = overflow ? Self.largest : min(bytes, Self.largest)
    }
  }

  private static var guessedBytesOfPart: Int64 { 256 }
}
