import CacheModel
import RESP

/// Reading for users to whom GET is allowed and what reads a part of a string is not.
extension RedisBackend {
  /// Whether a read failed for want of the right to ask for the length of a string, or for a part.
  func mayReadWhole(after error: BackendError) -> Bool {
    guard case .refused(let verb, let message) = error else { return false }
    let refusal = RESPError(message: Array(message.utf8))
    return (verb == "STRLEN" || verb == "GETRANGE") && refusal.isForGood
  }

  /// A part of a string, out of the whole of it. A string that is known to be beyond the bound is not
  /// fetched, and one of unknown length is: whoever may do nothing else does the same all day. What
  /// is no string is answered with the refusal of before.
  func readWhole(
    _ key: CacheKey, from position: ValuePosition, within bound: ValueBound,
    after refusal: BackendError
  ) async throws(BackendError) -> ValuePage? {
    let length = try await send(RESPCommand("STRLEN", [key.bytes])).integer
    if let length, length > Int64(bound.bytes) { throw refusal }
    let reply = try await send(RESPCommand("GET", [key.bytes]))
    if reply.error != nil { throw refusal }
    guard let whole = reply.bytes else { return nil }
    let start = Int(clamping: min(max(0, position.index), Int64(whole.count)))
    let part = Array(whole[start...].prefix(max(1, bound.bytes)))
    var page = ValuePage(
      key: key, kind: .string, lifetime: nil, content: .string(part),
      totalLength: Int64(whole.count))
    page.position = start == 0 ? .start : .index(Int64(start))
    let end = start + part.count
    page.next = end < whole.count ? .index(Int64(end)) : nil
    return page
  }
}
