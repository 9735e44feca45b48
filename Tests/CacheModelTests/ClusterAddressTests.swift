import CacheModel
import Testing

/// How clusters are named: some of their nodes, and where nodes are reached that are not where they say.
@Suite struct ClusterAddressTests {
  @Test func aClusterIsNamedByNodes() throws {
    let address = try SourceAddress(
      parsing: "rediss+cluster://anna:p%40ss@10.0.0.1:7000,[::1]:7001,cache.example/0")
    #expect(
      address.place
        == .cluster(
          seeds: [
            ServerPlace(host: "10.0.0.1", port: 7000), ServerPlace(host: "::1", port: 7001),
            ServerPlace(host: "cache.example", port: 6379),
          ], usesTLS: true))
    #expect(address.user == "anna" && address.password == Secret("p@ss") && address.usesTLS)
    #expect(
      address.description
        == "rediss+cluster://anna@10.0.0.1:7000,[::1]:7001,cache.example:6379")
    #expect(try SourceAddress(parsing: address.description).place == address.place)
    let plain = try SourceAddress(parsing: "redis+cluster://h")
    #expect(!plain.usesTLS && plain.withTLS?.usesTLS == true)
  }

  @Test(arguments: [
    ("redis+cluster://h/3", "a cluster has one database"),
    ("redis+cluster://h?db=1", "a cluster has one database"),
    ("redis+cluster://h,,i", "a server is missing"),
    ("redis+cluster://h:0", "a port is a number"),
    ("redis+cluster:h", "// stands before the host"),
  ])
  func whatIsNoneIsRefused(_ text: String, _ words: String) {
    #expect {
      try SourceAddress(parsing: text)
    } throws: { error in
      (error as? SourceAddressError)?.sentence.contains(words) == true
    }
  }

  @Test func addressesAreMapped() throws {
    let map = try ClusterMap(
      parsing: "10.0.0.1:6379=gate.example:7001,10.0.0.2=localhost,10.0.0.2:5=[::1]:6")
    func mapped(_ host: String, _ port: UInt16) -> ServerPlace {
      map.place(of: ServerPlace(host: host, port: port))
    }
    #expect(mapped("10.0.0.1", 6379) == ServerPlace(host: "gate.example", port: 7001))
    #expect(mapped("10.0.0.1", 6380) == ServerPlace(host: "10.0.0.1", port: 6380))
    #expect(mapped("10.0.0.2", 6380) == ServerPlace(host: "localhost", port: 6380))
    #expect(mapped("10.0.0.2", 5) == ServerPlace(host: "::1", port: 6))
    for wrong in ["", "a", "a=", "=b", "a=b=c", "a=b,", "a:x=b", "a=b:7"] {
      #expect(throws: SourceAddressError.self, "\(wrong)") { try ClusterMap(parsing: wrong) }
    }
  }

  /// What decides on the slot, by the rule of the cluster specification.
  @Test(arguments: [
    ("{user:7}:cart", "user:7"), ("a{b}c{d}", "b"), ("foo{}{bar}", nil), ("foo{{bar}}", "{bar"),
    ("plain", nil), ("{open", nil), ("}a{", nil), ("", nil),
  ])
  func theTagOfANameIsFound(_ name: String, _ tag: String?) {
    let key = CacheKey(name)
    #expect(key.hashTag.map { String(decoding: key.bytes[$0], as: UTF8.self) } == tag)
  }
}
