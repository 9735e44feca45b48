/// Where the nodes of a cluster are reached from here, for addresses that lead nowhere: behind a
/// translation of addresses, in containers, through forwarded ports.
package struct ClusterMap: Sendable, Hashable {
  /// An address as the cluster names it, of one port or of all, and where that is from here.
  package struct Rule: Sendable, Hashable {
    package var insideHost: String
    package var insidePort: UInt16?
    package var outsideHost: String
    /// Nil keeps the port.
    package var outsidePort: UInt16?
  }

  package var rules: [Rule] = []

  package init() {}

  /// The first rule for an address with its port stands over those for its host.
  package func place(of place: ServerPlace) -> ServerPlace {
    let own = rules.filter { $0.insideHost == place.host }
    guard
      let rule = own.first(where: { $0.insidePort == place.port })
        ?? own.first(where: { $0.insidePort == nil })
    else { return place }
    return ServerPlace(host: rule.outsideHost, port: rule.outsidePort ?? place.port)
  }

  /// `INSIDE=OUTSIDE,…`, each a host with or without a port: `10.0.0.1:6379=gate.example:7001`,
  /// `10.0.0.2=localhost`. An IPv6 address stands in brackets.
  package init(parsing text: String) throws(SourceAddressError) {
    for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = pair.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, sides.allSatisfy({ !$0.isEmpty }) else {
        throw .malformedMap(String(pair.prefix(60)))
      }
      let reader = AddressReader(text: text)
      let (inside, insidePort) = try reader.hostAndOptionalPort(sides[0])
      let (outside, outsidePort) = try reader.hostAndOptionalPort(sides[1])
      guard insidePort != nil || outsidePort == nil else {
        throw .malformedMap(String(pair.prefix(60)))
      }
      rules.append(
        Rule(
          insideHost: inside, insidePort: insidePort, outsideHost: outside,
          outsidePort: outsidePort))
    }
  }
}
