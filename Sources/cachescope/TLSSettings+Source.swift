import CacheModel
import SystemIO
import Transport

extension TLSSettings {
  /// What an address says of TLS; nil when it is one without. Of several servers the first gives the
  /// name, where none is given for all.
  init?(of address: SourceAddress) {
    let host: String
    switch address.place {
    case .tcp(let name, _, usesTLS: true): host = name
    case .sentinel(let group, usesTLS: true): host = group.sentinels.first?.host ?? ""
    case .cluster(let seeds, usesTLS: true): host = seeds.first?.host ?? ""
    default: return nil
    }
    let way = address.way
    self.init(name: way.serverName ?? host)
    authorityFile = way.authorityFile.map(Self.atHome)
    authorityFolder = way.authorityFolder.map(Self.atHome)
    certificateFile = way.certificateFile.map(Self.atHome)
    keyFile = way.keyFile.map(Self.atHome)
    verifies = !way.isUnverified
  }

  /// What a shell would make of `~/` at the beginning, which stands in a configuration.
  private static func atHome(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = EnvironmentVariable.value(of: "HOME"), !home.isEmpty
    else { return path }
    return home + path.dropFirst()
  }
}
