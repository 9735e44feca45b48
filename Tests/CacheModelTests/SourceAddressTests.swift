import CacheModel
import Testing

@Suite struct SourceAddressTests {
  private static func tcp(_ host: String, _ port: UInt16 = 6379, tls: Bool = false)
    -> SourceAddress.Place
  {
    .tcp(host: host, port: port, usesTLS: tls)
  }

  private static func sentinel(
    _ name: String, _ sentinels: [(String, UInt16)], tls: Bool = false, database: Int = 0,
    user: String? = nil, password: Secret? = nil
  ) -> SourceAddress {
    let place = SentinelPlace(
      name: name, sentinels: sentinels.map { ServerPlace(host: $0.0, port: $0.1) })
    return SourceAddress(
      .sentinel(place, usesTLS: tls), database: database, user: user, password: password)
  }

  /// What is typed, what it means, and how it is shown.
  static let accepted: [(text: String, address: SourceAddress, shown: String)] = [
    ("engine:", .engine, "engine:"),
    ("engine:blog", SourceAddress(.engine(name: "blog")), "engine:blog"),
    ("engine:blog?db=3", SourceAddress(.engine(name: "blog"), database: 3), "engine:blog?db=3"),
    ("redis://localhost", SourceAddress(tcp("localhost")), "redis://localhost:6379/0"),
    ("REDIS://localhost:7000/", SourceAddress(tcp("localhost", 7000)), "redis://localhost:7000/0"),
    ("redis://", SourceAddress(tcp("127.0.0.1")), "redis://127.0.0.1:6379/0"),
    ("redis:///5", SourceAddress(tcp("127.0.0.1"), database: 5), "redis://127.0.0.1:6379/5"),
    ("redis://h/15", SourceAddress(tcp("h"), database: 15), "redis://h:6379/15"),
    ("redis://h?db=4", SourceAddress(tcp("h"), database: 4), "redis://h:6379/4"),
    ("redis://[::1]:6380/1", SourceAddress(tcp("::1", 6380), database: 1), "redis://[::1]:6380/1"),
    ("redis://[fe80::1%eth0]", SourceAddress(tcp("fe80::1%eth0")), "redis://[fe80::1%eth0]:6379/0"),
    ("redis://:secret@h", SourceAddress(tcp("h"), password: Secret("secret")), "redis://h:6379/0"),
    (
      "redis://anna:p%40ss%2Fw%25rd@h:1/2",
      SourceAddress(tcp("h", 1), database: 2, user: "anna", password: Secret("p@ss/w%rd")),
      "redis://anna@h:1/2"
    ),
    (
      "redis://a:p@ss&w^rd:x@h",
      SourceAddress(tcp("h"), user: "a", password: Secret("p@ss&w^rd:x")), "redis://a@h:6379/0"
    ),
    (
      "redis://a%3Ab:%FF%00@h",
      SourceAddress(tcp("h"), user: "a:b", password: Secret([0xFF, 0])), "redis://a%3Ab@h:6379/0"
    ),
    ("rediss://h", SourceAddress(tcp("h", tls: true)), "rediss://h:6379/0"),
    (
      "redis+sentinel://h/shop",
      sentinel("shop", [("h", 26379)]), "redis+sentinel://h:26379/shop/0"
    ),
    (
      "rediss+sentinel://anna:p%40ss@a:1,[::1],b:2/my%2Fshop/3",
      sentinel(
        "my/shop", [("a", 1), ("::1", 26379), ("b", 2)], tls: true, database: 3, user: "anna",
        password: Secret("p@ss")),
      "rediss+sentinel://anna@a:1,[::1]:26379,b:2/my%2Fshop/3"
    ),
    (
      "redis+sentinel://h/shop?db=2", sentinel("shop", [("h", 26379)], database: 2),
      "redis+sentinel://h:26379/shop/2"
    ),
    ("unix:///run/r.sock", SourceAddress(.unix(path: "/run/r.sock")), "unix:///run/r.sock"),
    ("unix:/run/r.sock", SourceAddress(.unix(path: "/run/r.sock")), "unix:///run/r.sock"),
    (
      "unix:///run/a%20b%3F.sock?db=2", SourceAddress(.unix(path: "/run/a b?.sock"), database: 2),
      "unix:///run/a%20b%3F.sock?db=2"
    ),
    (
      "unix://anna:pw@/run/r.sock",
      SourceAddress(.unix(path: "/run/r.sock"), user: "anna", password: Secret("pw")),
      "unix://anna@/run/r.sock"
    ),
  ]

  @Test(arguments: accepted.indices)
  func reads(_ row: Int) throws {
    let (text, address, shown) = Self.accepted[row]
    let parsed = try SourceAddress(parsing: text)
    #expect(parsed == address)
    #expect(parsed.description == shown)
    var again = try SourceAddress(parsing: shown)
    again.password = address.password
    #expect(again == address)
  }

  private static let missingName = "it stands behind the sentinels, and is missing"

  static let refused: [(text: String, error: SourceAddressError)] = [
    ("", .empty),
    ("localhost", .noScheme("localhost")),
    ("localhost:6379", .noScheme("localhost:6379")),
    ("127.0.0.1:6379", .noScheme("127.0.0.1:6379")),
    ("production", .noScheme("production")),
    ("secret@h:1", .noScheme("…@h:1")),
    ("http://h", .unknownScheme("http")),
    ("redis:h", .malformed(.host, offset: 6, reason: "// stands before the host")),
    ("redis://h:port", .malformed(.port, offset: 10, reason: "a port is a number from 1 to 65535")),
    ("redis://h:0", .malformed(.port, offset: 10, reason: "a port is a number from 1 to 65535")),
    (
      "redis://h:65536", .malformed(.port, offset: 10, reason: "a port is a number from 1 to 65535")
    ),
    ("redis://::1", .malformed(.host, offset: 8, reason: "an IPv6 address stands in brackets")),
    ("redis://[::1", .malformed(.host, offset: 8, reason: "] is missing")),
    ("redis://[::1]x", .malformed(.port, offset: 13, reason: "expected :")),
    (
      "redis://a b", .malformed(.host, offset: 8, reason: "it holds a blank or a control character")
    ),
    (
      "redis://a\u{1B}b",
      .malformed(.host, offset: 8, reason: "it holds a blank or a control character")
    ),
    (
      "redis://h/x",
      .malformed(.database, offset: 10, reason: "a database is a number such as 0 or 15")
    ),
    (
      "redis://h/-1",
      .malformed(.database, offset: 10, reason: "a database is a number such as 0 or 15")
    ),
    (
      "redis://h/99999999999",
      .malformed(.database, offset: 10, reason: "a database is a number such as 0 or 15")
    ),
    ("redis://h?tls=1", .malformed(.query, offset: 10, reason: "only db=N is known")),
    (
      "redis://a:pa/ss@h",
      .malformed(.password, offset: 12, reason: "/ ? and # are written %2F, %3F and %23 in it")
    ),
    (
      "redis://a:p%zz@h",
      .malformed(
        .password, offset: 11, reason: "% is followed by two hexadecimal digits; % itself is %25")
    ),
    ("redis://%FF@h", .malformed(.user, offset: 8, reason: "it is not UTF-8 text")),
    ("unix://r.sock", .malformed(.path, offset: 7, reason: "the path of a socket begins with /")),
    ("unix://", .malformed(.path, offset: 7, reason: "the path of a socket begins with /")),
    ("unix:///a%00b", .malformed(.path, offset: 7, reason: "it is not UTF-8 text")),
    (
      "engine:../x",
      .malformed(
        .engineName, offset: 7, reason: "letters, digits, . _ and - may stand in it, 64 at most")
    ),
    ("redis+sentinel://h", .malformed(.masterName, offset: 18, reason: missingName)),
    ("redis+sentinel://h/", .malformed(.masterName, offset: 19, reason: missingName)),
    ("redis+sentinel://h//0", .malformed(.masterName, offset: 19, reason: missingName)),
    (
      "redis+sentinel://h/a%20b",
      .malformed(.masterName, offset: 19, reason: "it is too long, or holds a blank")
    ),
    (
      "redis+sentinel://a,,b/m",
      .malformed(.host, offset: 19, reason: "a server is missing beside the comma")
    ),
    (
      "redis+sentinel://a,b:0/m",
      .malformed(.port, offset: 21, reason: "a port is a number from 1 to 65535")
    ),
    (
      "redis+sentinel://h/m/x",
      .malformed(.database, offset: 21, reason: "a database is a number such as 0 or 15")
    ),
    ("memcached://h", .notYet(kind: "a Memcached server")),
    ("diskcache:///tmp/x", .notYet(kind: "a cache on disk")),
  ]

  @Test(arguments: refused.indices)
  func refuses(_ row: Int) {
    let (text, error) = Self.refused[row]
    #expect(throws: error) { try SourceAddress(parsing: text) }
    #expect(error.sentence.contains("redis://") || error.sentence.contains("example"))
  }

  @Test(arguments: [
    "redis://anna:hunter2@h:99999", "redis://anna:hun/ter2@h", "redis://:hunter2@[x",
    "anna:hunter2@h", "hunter2@h", "redis://anna:hunter2%@h", "redis://anna:hunter2@h/x?y",
    "redis:anna:hunter2@h", "unix://anna:hunter2/x", "redis://:hunter2#1@h",
  ])
  func noErrorShowsAPassword(_ text: String) {
    let error = #expect(throws: SourceAddressError.self) { try SourceAddress(parsing: text) }
    #expect(error?.sentence.contains("hun") == false)
    #expect(error?.sentence.contains("ter2") == false)
  }

  @Test func aPasswordShowsItselfToNobody() {
    let address = SourceAddress(Self.tcp("h"), password: Secret("hunter2"))
    var dumped = ""
    dump(address, to: &dumped)
    for text in ["\(address)", String(reflecting: address), dumped, "\(Secret("hunter2"))"] {
      #expect(!text.contains("hunter2"))
      #expect(!text.contains("104"))
    }
  }
}
