/// Which source to open: where it is, which database, and as whom.
///
/// Read from the URL that a person typed (`SourceAddress+Parse.swift`) or put together from options
/// in the habit of redis-cli. Printing one never shows the password.
package struct SourceAddress: Sendable, Hashable {
  package enum Place: Sendable, Hashable {
    /// The built-in engine of this user, by its name.
    case engine(name: String)
    /// A server of the Redis family by TCP. `host` is a name or an address, IPv6 without brackets.
    case tcp(host: String, port: UInt16, usesTLS: Bool)
    /// A server of the Redis family by a Unix socket.
    case unix(path: String)
    /// The primary of a group that sentinels watch over.
    case sentinel(SentinelPlace, usesTLS: Bool)
    /// A cluster as a whole, by some of its nodes.
    case cluster(seeds: [ServerPlace], usesTLS: Bool)
  }

  package var place: Place
  package var database: Int
  package var user: String?
  package var password: Secret?
  /// How the way there is made.
  package var way = SourceWay()

  package init(
    _ place: Place, database: Int = 0, user: String? = nil, password: Secret? = nil
  ) {
    self.place = place
    self.database = database
    self.user = user
    self.password = password
  }

  package static let defaultPort: UInt16 = 6379
  package static let defaultSentinelPort: UInt16 = 26379
  package static let defaultEngineName = "default"
  /// Higher numbers exist on no server.
  package static let highestDatabase = 0x7FFF_FFFF

  /// The built-in engine that runs for this user.
  package static let engine = SourceAddress(.engine(name: defaultEngineName))
}

/// A password. It shows itself to nobody: its descriptions are dots.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  package let bytes: [UInt8]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  package init(_ text: String) {
    bytes = Array(text.utf8)
  }

  package var description: String { "•••" }
  package var debugDescription: String { "•••" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension SourceAddress: CustomStringConvertible {
  /// The address as a URL, without the password.
  package var description: String {
    let login = user.map { Self.percentEncoded($0, keeping: "-._~") + "@" } ?? ""
    switch place {
    case .engine(let name):
      return "engine:" + (name == Self.defaultEngineName ? "" : name)
        + (database == 0 ? "" : "?db=\(database)")
    case .tcp(let host, let port, let usesTLS):
      let shown = host.contains(":") ? "[\(host)]" : host
      return (usesTLS ? "rediss://" : "redis://") + login + "\(shown):\(port)/\(database)"
    case .unix(let path):
      return "unix://" + login + Self.percentEncoded(path, keeping: "-._~/:@+,=")
        + (database == 0 ? "" : "?db=\(database)")
    case .sentinel(let group, let usesTLS):
      let sentinels = group.sentinels.map(\.description).joined(separator: ",")
      return (usesTLS ? "rediss" : "redis") + "+sentinel://" + login + sentinels + "/"
        + Self.percentEncoded(group.name, keeping: "-._~") + "/\(database)"
    case .cluster(let seeds, let usesTLS):
      return (usesTLS ? "rediss" : "redis") + "+cluster://" + login
        + seeds.map(\.description).joined(separator: ",")
    }
  }

  private static func percentEncoded(_ text: String, keeping marks: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let character = Character(Unicode.Scalar(byte))
      if byte < 0x80, character.isLetter || character.isNumber || marks.contains(character) {
        result.append(character)
      } else {
        result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }
}
