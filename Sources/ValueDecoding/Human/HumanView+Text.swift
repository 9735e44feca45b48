extension HumanView {
  /// The view as lines: a page as it goes over the wire, anything else as JSON.
  package var text: ValueText {
    if kind == .httpResponse, let page = responseText { return page }
    return ValueText(json, as: .json, lineLimit: .max)
  }

  /// Status, headers, an empty line, and the body laid out as what it is.
  private var responseText: ValueText? {
    guard let tree = try? JSONTreeReader.read(json, within: DecodingBudget()),
      let status = tree.member("status"), let headers = tree.elements(tree.member("headers")),
      let body = tree.member("body")
    else { return nil }
    var lines = [ValueLine([ValueToken(.key, "status "), ValueToken(.number, word(status, tree))])]
    for header in headers {
      let parts = tree.elements(header).map { $0.map { word($0, tree) } } ?? []
      guard let name = parts.first else { continue }
      let value = parts.dropFirst().joined(separator: " ")
      lines.append(
        ValueLine([
          ValueToken(.key, name), ValueToken(.punctuation, ": "), ValueToken(.plain, value),
        ]))
    }
    lines.append(ValueLine([]))
    let content = ValueText(bytes(of: body, tree), lineLimit: .max)
    return ValueText(form: .text, lines: lines + content.lines, isCut: content.isCut)
  }

  private func word(_ id: NodeID, _ tree: DecodedValue) -> String {
    tree.text(id) ?? String(decoding: (try? ValueDecoder().json(tree, id)) ?? [], as: UTF8.self)
  }

  /// A body as text, or as the base64 of what is none.
  private func bytes(of body: NodeID, _ tree: DecodedValue) -> [UInt8] {
    if let text = tree.text(body) { return Array(text.utf8) }
    return tree.member("$bytes", of: body).flatMap { tree.text($0) }.flatMap(Base64.bytes) ?? []
  }
}
