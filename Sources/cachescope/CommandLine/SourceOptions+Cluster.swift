import CacheModel

/// What the command line says of a cluster.
extension SourceOptions {
  private static let clusterExample = "redis+cluster://10.0.0.1:6379,10.0.0.2:6379"

  mutating func takeCluster(_ line: ParsedCommandLine) throws(UsageError) {
    if line.has(.cluster) {
      switch address.place {
      case .cluster: break
      case .tcp(let host, let port, let usesTLS):
        address.place = .cluster(
          seeds: [ServerPlace(host: host, port: port)], usesTLS: usesTLS)
      default: throw notOfCluster(.cluster, line)
      }
    }
    if case .cluster = address.place, address.database != 0 {
      throw UsageError(
        "a cluster has one database, 0: leave the number \(address.database) out",
        command: line.command)
    }
    guard let rules = line.value(.clusterMap) else { return }
    switch address.place {
    case .tcp, .cluster: break
    default: throw notOfCluster(.clusterMap, line)
    }
    do throws(SourceAddressError) {
      address.way.clusterMap = try ClusterMap(parsing: rules)
    } catch {
      throw UsageError("--cluster-map: \(error.sentence)", command: line.command)
    }
  }

  private func notOfCluster(_ option: CommandLineOption, _ line: ParsedCommandLine) -> UsageError {
    UsageError(
      "\(option.name) is for a cluster that is reached by TCP, and \(address) is not; such a one is "
        + "for example \(Self.clusterExample)", command: line.command)
  }
}
