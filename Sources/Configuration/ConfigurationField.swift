/// Everything that may stand in a configuration, one row each: reading, messages and the sample are
/// held to it.
package enum ConfigurationField: String, Sendable, CaseIterable {
  // The whole, and what a profile may say otherwise
  case theme, view, separators, limits
  // The whole alone
  case keys, profiles
  // Profiles alone
  case source, user, password, production, colour
  case passwordCommand = "password-command"
  case passwordSeconds = "password-seconds"
  case tls, cacert, cacertdir, cert, key, sni, insecure, tunnel
  case clusterMap = "cluster-map"
  case sentinelUser = "sentinel-user"
  case sentinelPassword = "sentinel-password"
  case sentinelPasswordCommand = "sentinel-password-command"
  case readOnly = "read-only"
  // Limits
  case valueBytes = "value-bytes"
  case elements, memory
  // The journal of changes, and what is said of it
  case journal
  case journalKeep = "keep"
  case journalSize = "size"
  case journalAge = "age"
  case journalValue = "value"

  /// Which object a field belongs to.
  enum Place: Sendable {
    case whole, profile, limits, journal
  }

  static func fields(of place: Place) -> [ConfigurationField] {
    switch place {
    case .whole: [.theme, .view, .separators, .limits, .journal, .keys, .profiles]
    case .profile:
      [
        .source, .user, .password, .passwordCommand, .passwordSeconds, .tls, .cacert, .cacertdir,
        .cert, .key, .sni, .insecure, .tunnel, .clusterMap, .sentinelUser, .sentinelPassword,
        .sentinelPasswordCommand, .readOnly, .production, .colour, .journal, .theme, .view,
        .separators, .limits,
      ]
    case .limits: [.valueBytes, .elements, .memory]
    case .journal: [.journalKeep, .journalSize, .journalAge, .journalValue]
    }
  }

  /// What the general part says of the journal where it says nothing.
  package static let journalExample = "journal: { size: \"1gb\", age: \"7d\", value: \"64mb\" }"

  /// A right use, as it stands in the file.
  package var example: String {
    switch self {
    case .theme: "theme: \"light\""
    case .view: "view: \"list\""
    case .separators: "separators: \":/\""
    case .limits: "limits: { \"value-bytes\": \"64kb\", elements: 500 }"
    case .keys: "keys: { delete: \"D\", moveDown: [\"j\", \"down\"] }"
    case .profiles: "profiles: { shop: { source: \"redis://cache.example:6379/0\" } }"
    case .source: "source: \"redis://cache.example:6379/0\""
    case .user: "user: \"anna\""
    case .password: "password: \"secret\""
    case .passwordCommand: "\"password-command\": \"pass show shop/redis\""
    case .passwordSeconds: "\"password-seconds\": 10"
    case .readOnly: "\"read-only\": true"
    case .production: "production: true"
    case .colour: "colour: \"red\""
    case .valueBytes: "\"value-bytes\": \"64kb\""
    case .elements: "elements: 500"
    case .memory: "memory: \"2gb\""
    case .tls: "tls: true"
    case .cacert: "cacert: \"/etc/cache/ca.pem\""
    case .cacertdir: "cacertdir: \"/etc/cache/ca\""
    case .cert: "cert: \"~/.config/cachescope/client.crt\""
    case .key: "key: \"~/.config/cachescope/client.key\""
    case .sni: "sni: \"cache.example\""
    case .insecure: "insecure: true"
    case .tunnel: "tunnel: \"ssh -W cache:6379 gate\""
    case .sentinelUser: "\"sentinel-user\": \"watcher\""
    case .sentinelPassword: "\"sentinel-password\": \"secret\""
    case .sentinelPasswordCommand:
      "\"sentinel-password-command\": \"pass show shop/sentinel\""
    case .clusterMap: "\"cluster-map\": \"10.0.0.1:6379=gate.example:7001\""
    case .journal: "journal: \"off\""
    case .journalKeep: "keep: \"keys\""
    case .journalSize: "size: \"2gb\""
    case .journalAge: "age: \"14d\""
    case .journalValue: "value: \"256mb\""
    }
  }
}
