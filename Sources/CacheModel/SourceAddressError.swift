/// Why a text is not the address of a source. No case carries a part of the text in which a
/// password may stand.
package enum SourceAddressError: Error, Sendable, Hashable {
  package enum Part: String, Sendable, Hashable {
    case host, port, database, user, password, path, query
    case engineName = "name of an engine"
    case masterName = "master name"
  }

  case empty
  /// `localhost:6379` or a name without a scheme.
  case noScheme(String)
  case unknownScheme(String)
  /// A kind of source that this version does not open.
  case notYet(kind: String)
  /// A part that is not right, and how many characters stand before it.
  case malformed(Part, offset: Int, reason: String)
  /// A mapping of the addresses of a cluster that is none.
  case malformedMap(String)

  /// One sentence for a person, with an example.
  package var sentence: String {
    switch self {
    case .empty: "the source is empty; for example \(Self.example)"
    case .noScheme(let text):
      "\"\(text.prefix(60))\" is not a source: it has no scheme; for example \(Self.example)"
    case .unknownScheme(let scheme):
      "\"\(scheme.prefix(40)):\" is not a kind of source; for example \(Self.example)"
    case .notYet(let kind):
      "\(kind) cannot be opened in this version yet; redis://, rediss://, redis+sentinel://, "
        + "redis+cluster://, unix:// and engine: can"
    case .malformed(let part, let offset, let reason):
      "the \(part.rawValue) of the source is wrong at character \(offset + 1): \(reason); "
        + "for example \(Self.example(of: part))"
    case .malformedMap(let pair):
      "\"\(pair)\" is no mapping of an address; for example "
        + "10.0.0.1:6379=gate.example:7001 or 10.0.0.2=localhost, with commas between"
    }
  }

  private static let example = "redis://127.0.0.1:6379/0, unix:///run/redis.sock or engine:"

  private static func example(of part: Part) -> String {
    switch part {
    case .host: "redis://cache.example:6379/0 or redis://[::1]:6379/0"
    case .port: "redis://127.0.0.1:6379/0"
    case .database, .query: "redis://127.0.0.1:6379/2 or unix:///run/redis.sock?db=2"
    case .user, .password: "redis://anna:p%40ss%2Fword@127.0.0.1:6379/0"
    case .path: "unix:///run/redis.sock?db=2"
    case .engineName: "engine: or engine:blog"
    case .masterName: "redis+sentinel://10.0.0.1:26379,10.0.0.2:26379/mymaster/0"
    }
  }
}
