package import CacheModel

/// Another source that the explorer can turn to.
package enum SourceChoice: Sendable, Hashable {
  case profile(String)
  case address(SourceAddress)
  /// Another database of the source that is open.
  case database(Int)
  /// The source that is open, as somebody else.
  case login(user: String?, Secret)
}

/// A row of the connections.
package struct ConnectionChoice: Sendable, Equatable {
  /// Where it comes from: `profile`, `REDIS_URL`, `engine`, `found`, `db 2`.
  package var origin: String
  package var title: String
  package var detail: String
  package var choice: SourceChoice

  package init(_ origin: String, _ title: String, _ detail: String = "", choice: SourceChoice) {
    self.origin = origin
    self.title = title
    self.detail = detail
    self.choice = choice
  }
}

extension ConnectionChoice {
  /// How near it comes to what was typed, in small letters: 0 is nearest; nil when it has nothing of
  /// it. A number means a database and no part of a longer number.
  func rank(of text: String) -> Int? {
    if text.isEmpty { return 0 }
    let title = title.lowercased()
    if case .database(let number) = choice, Int(text) != nil {
      return String(number) == text ? 0 : String(number).hasPrefix(text) ? 1 : nil
    }
    if title == text { return 0 }
    if title.hasPrefix(text) { return 1 }
    if title.contains(text) { return 2 }
    return "\(origin) \(title) \(detail)".lowercased().contains(text) ? 3 : nil
  }
}

/// What is known of sources besides the one that is open.
package struct KnownConnections: Sendable {
  /// Profiles and what the environment names.
  package var choices: [ConnectionChoice] = []
  /// Whether a server answers where Redis usually listens; nil when that has not been tried.
  package internal(set) var answersLocally: Bool?
  /// Databases of the server that is open; nil when it has not told them.
  package internal(set) var databases: [DatabaseFigures]?
  var failure: BackendError?
  var probe: RequestID?
  var question: RequestID?

  package init() {}

  /// Where Redis usually listens.
  package static let local = SourceAddress(
    .tcp(host: "127.0.0.1", port: SourceAddress.defaultPort, usesTLS: false))
}
