/// Addresses of clusters.
extension AddressReader {
  /// `//[login@]host:port,…[/]`; the login is that of every node.
  func cluster(_ rest: Substring, usesTLS: Bool) throws(SourceAddressError) -> SourceAddress {
    let body = try withoutSlashes(rest)
    let end = body.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? body.endIndex
    try refuseLogin(in: body[end...])
    let (login, list) = Self.splitLogin(body[..<end])
    let seeds = try servers(list, defaultPort: SourceAddress.defaultPort)
    let (path, query) = Self.split(body[end...], at: "?")
    let (inQuery, inPath) = (try database(query: query), try database(path: path))
    guard (inPath ?? inQuery ?? 0) == 0 else {
      throw wrong(.database, body[end...], "a cluster has one database, 0: leave the number out")
    }
    var address = SourceAddress(.cluster(seeds: seeds, usesTLS: usesTLS))
    if let login { try addLogin(login, to: &address) }
    return address
  }
}
