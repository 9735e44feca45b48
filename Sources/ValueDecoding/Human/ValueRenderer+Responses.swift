/// Pages: Django's responses keep their headers in a store by lower-case name and their body in a
/// container of byte strings; Werkzeug's keep a list of both.
extension ValueRenderer {
  /// Writes status, headers and body of a response; false, and nothing written, for anything else.
  mutating func renderResponse(_ record: ObjectRecord) throws(DecodingFailure) -> Bool {
    guard let headers = tree.record(tree.attribute("headers", of: record)) else { return false }
    let body: [NodeID]
    let pairs: [[NodeID]]
    if let store = tree.pairs(tree.attribute("_store", of: headers)),
      let parts = tree.elements(tree.attribute("_container", of: record))
    {
      // Names and values by turns: every second one is the pair as it was given.
      pairs = store.enumerated().filter { !$0.offset.isMultiple(of: 2) }
        .compactMap { tree.elements($0.element).map { Array($0) } }
      body = Array(parts)
    } else if let list = tree.elements(tree.attribute("_list", of: headers)),
      let parts = tree.elements(tree.attribute("response", of: record))
    {
      pairs = list.compactMap { tree.elements($0).map { Array($0) } }
      body = Array(parts)
    } else {
      return false
    }
    try account()
    writer.beginObject()
    writer.key("kind")
    writer.string(HumanKind.httpResponse.rawValue)
    writer.key("status")
    try renderStatus(record)
    try renderHeaders(pairs)
    writer.key("body")
    renderBody(body)
    writer.endObject()
    return true
  }

  private mutating func renderStatus(_ record: ObjectRecord) throws(DecodingFailure) {
    let status =
      tree.attribute("status_code", of: record) ?? tree.attribute("_status_code", of: record)
    // Django leaves out what is as usual.
    guard let status else { return writer.integer(200) }
    try render(status)
  }

  private mutating func renderHeaders(_ pairs: [[NodeID]]) throws(DecodingFailure) {
    writer.key("headers")
    writer.beginArray()
    for pair in pairs {
      writer.beginArray()
      for part in pair { try render(part) }
      writer.endArray()
    }
    writer.endArray()
  }

  /// The pieces as one text; as base64 where they are none.
  private mutating func renderBody(_ pieces: [NodeID]) {
    var bytes: [UInt8] = []
    for piece in pieces {
      switch tree[piece] {
      case .bytes(let span), .text(let span), .byteArray(let span): bytes += tree.bytes(of: span)
      default: break
      }
    }
    guard UTF8Check.isValid(bytes, bytes.indices, allowsSurrogates: false) else {
      return tagged("$bytes") { $0.writer.string(Base64.text(of: bytes)) }
    }
    writer.string(utf8: bytes[...])
  }
}
