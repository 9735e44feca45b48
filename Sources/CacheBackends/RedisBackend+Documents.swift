import CacheModel
import RESP

/// Documents of the JSON module, which are read as their text.
extension RedisBackend {
  /// Documents that take more memory are not asked for: there is no way to ask for a part of one.
  private static var mostBytes: Int64 { 4 << 20 }

  /// The page with the document in it; as it was for a type of another module, and where the server
  /// does not hand it out.
  func document(_ page: ValuePage) async throws(BackendError) -> ValuePage {
    guard page.kind.isJSONDocument, let bytes = page.bytes, bytes.bytes <= Self.mostBytes else {
      return page
    }
    let reply = try await send(RESPCommand("JSON.GET", [page.key.bytes]))
    guard let text = reply.bytes else { return page }
    var page = page
    page.content = .string(text)
    page.totalLength = Int64(text.count)
    return page
  }
}
