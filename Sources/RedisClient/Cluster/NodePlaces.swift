import Transport

/// Where the nodes of a cluster are to be reached from here: where the cluster says, unless a person
/// has named another place for an address, or a node was not there and was found at the host of a
/// seed, with the port that the cluster tells: behind a mapping of ports nodes mostly are.
struct NodePlaces: Sendable {
  /// The nodes that a person named.
  let seeds: [Endpoint]
  private let named: @Sendable (Endpoint) -> Endpoint
  private var found: [Endpoint: Endpoint] = [:]
  private var lookedFor: Set<Endpoint> = []

  init(seeds: [Endpoint], mapped: @escaping @Sendable (Endpoint) -> Endpoint) {
    self.seeds = seeds
    named = mapped
  }

  func place(of told: Endpoint) -> Endpoint {
    let place = named(told)
    return found[place] ?? place
  }

  /// Where a node may be that was not at its place; each is looked for once.
  mutating func otherPlaces(of endpoint: Endpoint) -> [Endpoint] {
    guard case .tcp(let host, let port) = endpoint, lookedFor.insert(endpoint).inserted else {
      return []
    }
    var hosts: [String] = []
    for case .tcp(let seed, _) in seeds where seed != host && !hosts.contains(seed) {
      hosts.append(seed)
    }
    return hosts.map { .tcp(host: $0, port: port) }
  }

  mutating func found(_ endpoint: Endpoint, at place: Endpoint) {
    found[endpoint] = place
  }
}
