extension SourceAddress {
  /// Reads a source as a person types it. User, password and path are percent-decoded; the last
  /// `@` ends the login, so that a password may hold one.
  package init(parsing text: String) throws(SourceAddressError) {
    guard !text.isEmpty else { throw .empty }
    guard let colon = text.firstIndex(of: ":"), Self.isScheme(text[..<colon]) else {
      throw .noScheme(Self.withoutLogin(text))
    }
    let scheme = text[..<colon].lowercased()
    let reader = AddressReader(text: text)
    let rest = text[text.index(after: colon)...]
    switch scheme {
    case "engine": self = try reader.engine(rest)
    case "redis": self = try reader.redis(rest, usesTLS: false)
    case "rediss": self = try reader.redis(rest, usesTLS: true)
    case "unix", "redis+unix": self = try reader.unix(rest)
    case "redis+sentinel": self = try reader.sentinel(rest, usesTLS: false)
    case "rediss+sentinel": self = try reader.sentinel(rest, usesTLS: true)
    case "redis+cluster": self = try reader.cluster(rest, usesTLS: false)
    case "rediss+cluster": self = try reader.cluster(rest, usesTLS: true)
    default:
      if let kind = Self.laterKinds[scheme] { throw .notYet(kind: kind) }
      if !rest.isEmpty, rest.allSatisfy(\.isNumber) { throw .noScheme(text) }
      throw .unknownScheme(scheme)
    }
  }

  private static let laterKinds = [
    "memcached": "a Memcached server", "memcached+unix": "a Memcached server",
    "diskcache": "a cache on disk", "django-file": "a cache on disk",
    "django-db": "a cache on disk", "flask-file": "a cache on disk",
    "dogpile-dbm": "a cache on disk",
  ]

  private static func isScheme(_ text: Substring) -> Bool {
    guard let first = text.first, first.isASCII, first.isLetter else { return false }
    return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
  }

  private static func withoutLogin(_ text: String) -> String {
    text.lastIndex(of: "@").map { "…" + text[$0...] } ?? text
  }
}
