package import CacheModel
import RESP

/// The old states of many keys. Sizes are asked for first; then what is small enough is fetched, and
/// never more at once than a bound on all of it together.
extension RedisBackend {
  /// Bytes of old states that are handed out at once; one that is larger alone comes alone.
  static var bytesInOneCapture: Int64 { 8 << 20 }

  package func capture(
    _ keys: [CacheKey], limit: Int
  ) async throws(BackendError) -> [CapturedState] {
    guard traits.keepsStates else { return keys.map { _ in .refused(dumpRefusal) } }
    let sizes = try await sizes(of: keys, upTo: Int64(limit))
    var states: [CapturedState] = []
    var start = 0
    var room = Self.bytesInOneCapture
    while start < keys.count {
      let end = end(of: sizes, from: start, Int64(limit), &room)
      guard end > start else { break }
      states += try await capture(
        Array(keys[start..<end]), Array(sizes[start..<end]), Int64(limit))
      start = end
    }
    return states
  }

  private var dumpRefusal: String { traits.refusal(of: .dump) ?? "DUMP is refused" }

  /// Where the next batch ends: so many keys, and so many bytes as there is room for, but the first
  /// key of all in any case.
  private func end(
    of sizes: [Size], from start: Int, _ limit: Int64, _ room: inout Int64
  ) -> Int {
    var place = start
    while place < sizes.count, place - start < Self.keysInOneBatch {
      let bytes = sizes[place].bytes ?? 0
      let cost = bytes > limit ? 0 : bytes
      guard cost <= room || place == 0 else { break }
      room -= cost
      place += 1
    }
    return place
  }

  private func capture(
    _ keys: [CacheKey], _ sizes: [Size], _ limit: Int64
  ) async throws(BackendError) -> [CapturedState] {
    let traits = traits
    let isFetched = sizes.map { size in size.bytes.map { $0 > 0 && $0 <= limit } ?? false }
    let batch = zip(keys, isFetched).flatMap { key, isFetched in
      isFetched ? KeyCapture.commands(for: key, traits) : []
    }
    let replies = try await send(batch)
    if learnsRefusal(batch, replies) { return try await capture(keys, sizes, limit) }
    var answers = ReplyReader(replies)
    return zip(sizes, isFetched).map { size, isFetched in
      if isFetched { return captured(&answers, traits) }
      return size.bytes.map { $0 == 0 ? .absent : .tooLarge(bytes: $0) }
        ?? .refused("the server does not tell how large it is")
    }
  }

  private func captured(_ answers: inout ReplyReader, _ traits: RedisTraits) -> CapturedState {
    guard traits.keepsStates else { return .refused(dumpRefusal) }
    switch KeyCapture.read(&answers, traits) {
    case .success(let state?): return .present(state)
    case .success(nil): return .absent
    case .failure(let refusal): return .refused(refusal.text)
    }
  }

  /// Whether a command was refused for good that can be done without.
  private func learnsRefusal(_ batch: [RESPCommand], _ replies: [RESPValue]) -> Bool {
    for (command, reply) in zip(batch, replies) where reply.error?.isForGood == true {
      if let feature = Self.feature(of: command), lose(feature, if: reply) { return true }
    }
    return false
  }
}
