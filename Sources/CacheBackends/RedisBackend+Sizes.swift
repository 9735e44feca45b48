import CacheModel
import RESP

/// How large what undo would keep is. Asked before anything is fetched: the DUMP of a giant would
/// have to be made by the server, sent and kept here, only to be thrown away.
extension RedisBackend {
  /// Whether the old states, and what the change brings along, are small enough to be kept.
  func keepsUndo(
    of change: KeyChange, to key: CacheKey, within limit: Int?
  ) async throws(BackendError) -> Bool {
    guard let limit, traits.has(.dump) else { return false }
    let most = min(Int64(limit), Self.largest)
    var total = Int64(change.newBytes)
    for key in [key] + (change.otherKey.map { [$0] } ?? []) {
      guard let size = try await size(of: key, upTo: most) else { return false }
      total += size
    }
    return total <= most
  }

  /// Without COPY a value travels here and back.
  func checkPayload(of key: CacheKey) async throws(BackendError) {
    guard let size = try await size(of: key, upTo: Self.payloadLimit), size <= Self.payloadLimit
    else { throw .unsupported("copy so large a value: it has no COPY") }
  }

  private static var payloadLimit: Int64 { 64 << 20 }

  /// No size is told as larger than this, so that a few of them can be added up.
  private static var largest: Int64 { 1 << 60 }

  /// Bytes that a key's payload takes, near enough, but for what is more than the limit; 0 when
  /// there is no key, nil when the server does not tell.
  ///
  /// A server estimates a collection from a few of its parts. An estimate within the limit is asked
  /// for again from all parts: there are not many then.
  func size(of key: CacheKey, upTo limit: Int64) async throws(BackendError) -> Int64? {
    let traits = traits
    let batch =
      (traits.has(.type) ? [KeyQuestion.kind.command(key)] : [])
      + (traits.has(.memoryUsage) ? [KeyQuestion.bytes.command(key)] : [])
    var answers = ReplyReader(try await send(batch))
    let name = traits.has(.type) ? answers.next().text : nil
    if name == "none" { return 0 }
    let kind = name.map { ValueKind(redisName: $0) }
    guard traits.has(.memoryUsage) else { return try await size(of: key, kind) }
    let told = answers.next()
    if told.error != nil { lose(.memoryUsage, if: told) }
    if told.isNull { return 0 }
    guard let bytes = told.integer else { return try await size(of: key, kind) }
    guard kind != .string, bytes <= limit else { return min(max(0, bytes), Self.largest) }
    let all = RESPCommand(
      "MEMORY", [Array("USAGE".utf8), key.bytes, Array("SAMPLES".utf8), Array("0".utf8)])
    let exact = try await send(all).integer ?? bytes
    return min(max(0, bytes, exact), Self.largest)
  }

  /// Where memory is not told, the bytes of a string, or a guess from the number of parts.
  private func size(
    of key: CacheKey, _ kind: ValueKind?
  ) async throws(BackendError) -> Int64? {
    guard let kind, let verb = kind.lengthVerb else { return nil }
    guard let length = try await send(RESPCommand(verb, [key.bytes])).integer else { return nil }
    let bytesOfPart = kind == .string ? 1 : Self.guessedBytesOfPart
    let (bytes, overflow) = max(0, length).multipliedReportingOverflow(by: bytesOfPart)
    return overflow ? Self.largest : min(bytes, Self.largest)
  }

  private static var guessedBytesOfPart: Int64 { 256 }
}
