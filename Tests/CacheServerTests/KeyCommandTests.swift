import CacheServer
import RESP
import Testing

struct KeyCommandTests {
  @Test func keys() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect(
      """
      MSET a 1 b 2 c 3 => OK
      EXISTS a b b none => 3
      TOUCH a none => 1
      TYPE a => string
      TYPE none => none
      HSET h f v => 1
      TYPE h => hash
      DEL a none => 1
      UNLINK b => 1
      RENAME c d => OK
      RENAME c d => (error) ERR no such key
      RENAME d d => OK
      RENAMENX d h => 0
      RENAMENX d e => 1
      GET e => "3"
      COPY e f => 1
      COPY e f => 0
      COPY e h REPLACE => 1
      COPY e e => (error) ERR source and destination objects are the same
      COPY e e DB 1 => 1
      COPY e e DB 99 => (error) ERR DB index is out of range
      COPY none f REPLACE => 0
      TYPE h => string
      DBSIZE => 3
      FLUSHDB nonsense => (error) ERR syntax error
      FLUSHDB ASYNC => OK
      DBSIZE => 0
      RANDOMKEY => nil
      SET only 1 => OK
      RANDOMKEY => "only"
      FLUSHALL SYNC => OK
      """)
  }

  @Test func renamingAndCopyingKeepTheTTL() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect(
      """
      SET a 1 PX 5000 => OK
      COPY a b => 1
      RENAME a c => OK
      PTTL b => 5000
      PTTL c => 5000
      SET d 1 => OK
      RENAME d c => OK
      PTTL c => -1
      """)
  }

  @Test func deadlines() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect(
      """
      SET k v => OK
      TTL none => -2
      PTTL none => -2
      EXPIRE k 100 => 1
      TTL k => 100
      EXPIRE k 50 GT => 0
      EXPIRE k 150 GT => 1
      EXPIRE k 200 LT => 0
      EXPIRE k 10 LT => 1
      EXPIRE k 10 NX => 0
      PERSIST k => 1
      PERSIST k => 0
      EXPIRE k 10 XX => 0
      EXPIRE k 10 GT => 0
      EXPIRE k 10 LT => 1
      PEXPIRE k 1499 => 1
      TTL k => 1
      PEXPIREAT k 1700000001500 => 1
      PTTL k => 1500
      TTL k => 2
      EXPIRETIME k => 1700000002
      PEXPIRETIME k => 1700000001500
      EXPIREAT k 1700000010 => 1
      PTTL k => 10000
      EXPIRE k 10 NX XX => (error) ERR NX and XX, GT or LT options at the same time are not compatible
      EXPIRE k 10 GT LT => (error) ERR GT and LT options at the same time are not compatible
      EXPIRE k 10 EQ => (error) ERR Unsupported option EQ
      EXPIRE k x => (error) ERR value is not an integer or out of range
      EXPIRE k 9223372036854775807 => (error) ERR invalid expire time in 'expire' command
      PEXPIRE k 9223372036854775807 => (error) ERR invalid expire time in 'pexpire' command
      EXPIRE none 10 => 0
      EXPIRE k -1 => 1
      EXISTS k => 0
      """)
  }

  @Test func endsAtItsMillisecond() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect("SET k v PX 1000 => OK\nSET other v PX 1001 => OK")
    engine.advance(milliseconds: 999)
    try await engine.expect("PTTL k => 1\nGET k => \"v\"\nDBSIZE => 2")
    engine.advance(milliseconds: 1)
    try await engine.expect("DBSIZE => 1\nGET k => nil\nEXISTS other => 1")
    #expect(try await engine.figure("expired_keys") == 1)
  }

  @Test func scanning() async throws {
    let engine = try EngineUnderTest()
    for index in 0..<300 { _ = try await engine.run("SET key:\(index) v") }
    _ = try await engine.run("HSET hash:1 f v")
    var cursor = "0"
    var found: [String] = []
    repeat {
      let reply = try await engine.run("SCAN \(cursor) COUNT 20 MATCH key:*").elements ?? []
      cursor = reply.first?.text ?? "0"
      found += reply.last?.elements?.compactMap(\.text) ?? []
    } while cursor != "0"
    #expect(found.count == 300)
    #expect(Set(found).count == 300)
    try await engine.expect(
      """
      SCAN 0 COUNT 1000 TYPE hash => ["0", ["hash:1"]]
      SCAN 0 COUNT 1000 TYPE list => ["0", []]
      SCAN 0 COUNT 1000 MATCH hash:? => ["0", ["hash:1"]]
      SCAN x => (error) ERR invalid cursor
      SCAN -1 => (error) ERR invalid cursor
      SCAN 0 COUNT 0 => (error) ERR syntax error
      SCAN 0 COUNT x => (error) ERR value is not an integer or out of range
      SCAN 0 MATCH => (error) ERR syntax error
      SCAN 0 WHAT x => (error) ERR syntax error
      KEYS hash:* => ["hash:1"]
      HSCAN none 0 => ["0", []]
      HSCAN hash:1 0 MATCH f* => ["0", ["f", "v"]]
      HSCAN hash:1 0 TYPE hash => (error) ERR syntax error
      """)
  }

  @Test func objects() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect("MSET n 12 s text => OK\nHSET h f v => 1")
    _ = try await engine.run([
      Array("SET".utf8), Array("long".utf8), Array(repeating: 1, count: 45),
    ])
    engine.advance(milliseconds: 5000)
    try await engine.expect(
      """
      OBJECT ENCODING n => "int"
      OBJECT ENCODING s => "embstr"
      OBJECT ENCODING long => "raw"
      OBJECT ENCODING h => "listpack"
      OBJECT ENCODING none => nil
      OBJECT IDLETIME s => 5
      TYPE s => string
      TTL s => -1
      EXISTS s => 1
      MEMORY USAGE none => nil
      OBJECT IDLETIME s => 5
      GET s => "text"
      OBJECT IDLETIME s => 0
      OBJECT REFCOUNT s => 1
      OBJECT WHAT s => (error) ERR unknown subcommand 'WHAT'. Try OBJECT HELP.
      OBJECT ENCODING => (error) ERR wrong number of arguments for 'object|encoding' command
      """)
    let frequency = short(try await engine.run("OBJECT FREQ s"))
    #expect(frequency.hasPrefix("(error) ERR An LFU maxmemory policy is not selected"))
    #expect(try await engine.run("MEMORY USAGE long").integer ?? 0 > 45)
  }

  @Test func hashes() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect(
      """
      HSET h a 1 b 2 => 2
      HSET h a 3 c 4 => 1
      HSET h a => (error) ERR wrong number of arguments for 'hset' command
      HSET h a 1 b => (error) ERR wrong number of arguments for 'hset' command
      HGET h a => "3"
      HGET h none => nil
      HMGET h a none => ["3", nil]
      HMGET none a => [nil]
      HGETALL h => {"a": "3", "b": "2", "c": "4"}
      HGETALL none => {}
      HKEYS h => ["a", "b", "c"]
      HVALS h => ["3", "2", "4"]
      HLEN h => 3
      HEXISTS h a => 1
      HSTRLEN h b => 1
      HSETNX h a 9 => 0
      HSETNX h d 9 => 1
      HMSET h d 10 => OK
      HINCRBY h d 5 => 15
      HINCRBY h e -5 => -5
      HINCRBYFLOAT h e 0.5 => "-4.5"
      HINCRBY h e 1 => (error) ERR hash value is not an integer
      HSET h big 9223372036854775807 => 1
      HINCRBY h big 1 => (error) ERR increment or decrement would overflow
      HDEL h a b none => 2
      HDEL h c d e big => 4
      EXISTS h => 0
      HDEL h a => 0
      HINCRBY new f x => (error) ERR value is not an integer or out of range
      EXISTS new => 0
      """)
  }
}
