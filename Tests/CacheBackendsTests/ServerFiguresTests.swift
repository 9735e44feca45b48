import CacheBackends
import Testing

@Suite struct ServerFiguresTests {
  @Test func readsFieldsOfAnyServer() {
    let figures = ServerFigures(
      "# Server\r\nredis_version:7.0.15\r\nempty:\r\nno colon\r\nurl:a:b:c\r\n\r\n# Keyspace\r\n"
        + "db0:keys=12,expires=3,avg_ttl=0,subexpiry=x\r\n")
    #expect(figures.text("redis_version") == "7.0.15")
    #expect(figures.text("empty") == "")
    #expect(figures.text("url") == "a:b:c")
    #expect(figures.number("redis_version") == nil)
    #expect(figures.text("missing") == nil)
    #expect(figures.number("keys", ofDatabase: 0) == 12)
    #expect(figures.number("expires", ofDatabase: 0) == 3)
    #expect(figures.number("subexpiry", ofDatabase: 0) == nil)
    #expect(figures.number("keys", ofDatabase: 5) == 0)
    #expect(ServerFigures("redis_version:2.8\n").number("keys", ofDatabase: 0) == nil)
    #expect(ServerFigures("").isEmpty)
  }

  @Test func knowsWhereLookingCountsAsAUse() {
    func counts(_ text: String) -> Bool { ServerFigures(text).countsLooks }
    #expect(counts("redis_version:7.0.15\n") && counts("redis_version:6.2.1\n"))
    #expect(!counts("redis_version:7.2.0\n") && !counts("redis_version:8.0.1\n"))
    #expect(!counts("redis_version:7.0.0\nserver_name:cachescope\ncachescope_version:1\n"))
    #expect(!counts("redis_version:x.y\n") && !counts("") && !counts("redis_version:7\n"))
  }

  @Test func tellsProductsApart() {
    let products: [(String, String, String)] = [
      ("redis_version:6.2.1\n", "redis", "6.2.1"),
      ("redis_version:7.2.4\nserver_name:valkey\nvalkey_version:8.0.1\n", "valkey", "8.0.1"),
      ("redict_version:7.3.6\nredis_version:7.2.4\n", "redict", "7.3.6"),
      ("redis_version:7.4.0\ndragonfly_version:df-v1.2\n", "dragonfly", "df-v1.2"),
      ("redis_version:6.3.4\nmvcc_depth:0\n", "keydb", "6.3.4"),
      ("redis_version:6.3.4\nexecutable:/usr/bin/keydb-server\n", "keydb", "6.3.4"),
    ]
    for (text, name, version) in products {
      let product = ServerFigures(text).product
      #expect(product.name == name && product.version == version)
    }
  }

  @Test func tellsWhoseDataItIs() {
    #expect(ServerFigures("run_id:a\nmaster_replid:b\n").serverID == "b")
    #expect(ServerFigures("run_id:a\n").serverID == "a")
    #expect(ServerFigures("role:slave\n").refusesWrites)
    #expect(!ServerFigures("role:slave\nslave_read_only:0\n").refusesWrites)
    #expect(ServerFigures("role:master\n").role == "primary")
  }
}
