import CacheEngine
import CacheServer
import RESP
import Testing
import Transport

/// Notifications that no command causes, or that not everybody wants.
struct NotificationTests {
  @Test func tellsWhatExpiresWhileNobodyAsks() throws {
    let engine = try ListeningEngine("Ex", "__keyevent@0__:expired")
    _ = try engine.client.run("SET soon v PX 20")
    _ = try engine.client.run("RPUSH list a")
    _ = try engine.client.run("PEXPIRE list 20")
    let messages = try [engine.listener.reply(), engine.listener.reply()]
    let keys = messages.compactMap { $0.elements?.last?.text }.sorted()
    #expect(keys == ["list", "soon"])
  }

  @Test func tellsWhatIsEvicted() throws {
    let engine = try ListeningEngine("Ee", "__keyevent@0__:evicted") { configuration in
      configuration.maxMemory = 4000
      configuration.policy = .allKeysLRU
    }
    for index in 0..<30 { _ = try engine.client.run("SADD set\(index) some-member") }
    let first = try engine.listener.reply().elements?.last?.text
    #expect(first == "set0")
    let told = try engine.listener.messages().count + 1
    #expect(told > 10)
  }

  @Test func isSilentUnlessAsked() throws {
    let engine = try ListeningEngine("", "__key*__:*")
    _ = try engine.client.run("SET k v")
    _ = try engine.client.run("CONFIG SET notify-keyspace-events g")
    _ = try engine.client.run("DEL k")
    #expect(try engine.listener.messages() == [])
    _ = try engine.client.run("CONFIG SET notify-keyspace-events Kg$")
    _ = try engine.client.run("SELECT 3")
    _ = try engine.client.run("SET k v EX 100")
    #expect(try engine.listener.messages() == ["__keyspace@3__:k set", "__keyspace@3__:k expire"])
    let refused = try engine.client.run("CONFIG SET notify-keyspace-events KEy")
    #expect(refused.error != nil)
  }

  /// Events of a transaction come when it is carried out, in its order.
  @Test func tellsATransactionInOrder() throws {
    let engine = try ListeningEngine("KA", "__keyspace@0__:*")
    for line in ["MULTI", "LPUSH l a", "SADD s 1", "DEL l"] { _ = try engine.client.run(line) }
    #expect(try engine.listener.messages() == [])
    _ = try engine.client.run("EXEC")
    let messages = try engine.listener.messages().map { $0.dropFirst("__keyspace@0__:".count) }
    #expect(messages == ["l lpush", "s sadd", "l del"])
  }
}

/// An engine with a client and a listener to a pattern.
private struct ListeningEngine {
  let host: EngineHost
  let client: BlockingClient
  let listener: BlockingClient

  init(
    _ kinds: String, _ pattern: String, _ change: (inout EngineConfiguration) -> Void = { _ in }
  ) throws {
    var configuration = EngineConfiguration()
    configuration.tcpPort = 0
    change(&configuration)
    host = try EngineHost(configuration: configuration)
    try host.start()
    client = try BlockingClient(to: host.addresses[0])
    listener = try BlockingClient(to: host.addresses[0])
    _ = try client.run("CONFIG SET notify-keyspace-events \(kinds)")
    _ = try listener.run("PSUBSCRIBE \(pattern)")
  }
}
