/// Addresses that name several servers.
extension AddressReader {
  /// More are a slip.
  private static let mostServers = 100

  /// `host:port,host:port`, at least one.
  func servers(
    _ list: Substring, defaultPort: UInt16
  ) throws(SourceAddressError) -> [ServerPlace] {
    var servers: [ServerPlace] = []
    let parts = list.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count <= Self.mostServers else {
      throw wrong(.host, list, "\(Self.mostServers) servers at most")
    }
    for part in parts {
      guard parts.count == 1 || !part.isEmpty else {
        throw wrong(.host, part, "a server is missing beside the comma")
      }
      let (host, port) = try hostAndPort(part, defaultPort: defaultPort)
      servers.append(ServerPlace(host: host, port: port))
    }
    return servers
  }

  /// `//[login@]host:port,…/name[/db]`; the login is that of the servers, not of the sentinels.
  func sentinel(_ rest: Substring, usesTLS: Bool) throws(SourceAddressError) -> SourceAddress {
    let body = try withoutSlashes(rest)
    let end = body.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? body.endIndex
    try refuseLogin(in: body[end...])
    let (login, list) = Self.splitLogin(body[..<end])
    let sentinels = try servers(list, defaultPort: SourceAddress.defaultSentinelPort)
    let (path, query) = Self.split(body[end...], at: "?")
    let behind = path.dropFirst()
    let nameEnd = behind.firstIndex { $0 == "/" || $0 == "#" } ?? behind.endIndex
    let name = try decodedText(behind[..<nameEnd], .masterName)
    guard !name.isEmpty else {
      throw wrong(.masterName, behind, "it stands behind the sentinels, and is missing")
    }
    guard name.utf8.count <= 255, name.unicodeScalars.allSatisfy({ $0.value > 0x20 }) else {
      throw wrong(.masterName, behind, "it is too long, or holds a blank")
    }
    let inQuery = try database(query: query)
    let inPath = try database(path: behind[nameEnd...])
    var address = SourceAddress(
      .sentinel(SentinelPlace(name: name, sentinels: sentinels), usesTLS: usesTLS),
      database: inPath ?? inQuery ?? 0)
    if let login { try addLogin(login, to: &address) }
    return address
  }
}
