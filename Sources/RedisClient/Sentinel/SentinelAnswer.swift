package import RESP
package import Transport

/// What a sentinel says of the primary of a group. Its bytes are those of a stranger: anything that
/// makes no sense is `.useless`.
package enum SentinelAnswer: Sendable, Equatable {
  case primary(Endpoint)
  /// It knows no group of the name.
  case unknownName
  /// Why nothing can be made of it.
  case useless(String)

  /// The reply to SENTINEL GET-MASTER-ADDR-BY-NAME.
  package init(_ reply: RESPValue) {
    if let error = reply.error {
      self = .useless(Self.words(error))
    } else if case .null = reply {
      self = .unknownName
    } else if let endpoint = Self.endpoint((reply.elements ?? []).map(\.text)) {
      self = .primary(endpoint)
    } else {
      self = .useless("its answer names no server")
    }
  }

  /// The names in the reply to SENTINEL MASTERS, sorted; none where it makes no sense.
  package static func names(_ reply: RESPValue) -> [String] {
    let groups = (reply.elements ?? []).prefix(1000)
    return groups.compactMap { name($0).map { String($0.prefix(100)) } }.sorted()
  }

  /// Where the others are in the reply to SENTINEL SENTINELS; none where it makes no sense.
  package static func sentinels(_ reply: RESPValue) -> [Endpoint] {
    (reply.elements ?? []).prefix(1000).compactMap {
      endpoint([field("ip", of: $0), field("port", of: $0)])
    }
  }

  private static func name(_ group: RESPValue) -> String? { field("name", of: group) }

  /// Of a map, which is a list of names and values before RESP3.
  private static func field(_ name: String, of reply: RESPValue) -> String? {
    if case .map(let pairs) = reply { return pairs.first { $0.key.text == name }?.value.text }
    let fields = reply.elements ?? []
    let place = stride(from: 0, to: fields.count - 1, by: 2).first { fields[$0].text == name }
    return place.flatMap { fields[$0 + 1].text }
  }

  /// Where the primary of `group` is by a message of the channel `+switch-master`:
  /// `shop 10.0.0.1 6379 10.0.0.2 6379`, the old address and the new one. Nil for anything else.
  package static func switched(_ push: RESPValue, of group: String) -> Endpoint? {
    guard case .push(let parts) = push, parts.count == 3, parts[0].text == "message",
      parts[1].text == "+switch-master", let words = parts[2].text?.split(separator: " "),
      words.count == 5, words[0] == group
    else { return nil }
    return endpoint([String(words[3]), String(words[4])])
  }

  private static func endpoint(_ words: [String?]) -> Endpoint? {
    guard words.count == 2, let host = words[0], let digits = words[1],
      !host.isEmpty, host.utf8.count <= 255, host.unicodeScalars.allSatisfy({ $0.value > 0x20 }),
      digits.utf8.count <= 5, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      let port = UInt16(digits), port > 0
    else { return nil }
    return .tcp(host: host, port: port)
  }

  private static func words(_ error: RESPError) -> String {
    let words = String(decoding: error.message.prefix(120), as: UTF8.self)
    guard words.lowercased().hasPrefix("err unknown command") else { return words }
    return "it is no sentinel; sentinels mostly listen on port 26379"
  }
}
