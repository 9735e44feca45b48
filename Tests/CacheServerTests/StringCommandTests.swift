import CacheServer
import RESP
import Testing

struct StringCommandTests {
  @Test func setAndGet() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect(
      """
      GET k => nil
      SET k v => OK
      GET k => "v"
      SET k w NX => nil
      SET k w XX GET => "v"
      SET k w GET XX EX 10 => "w"
      TTL k => 10
      SET k x KEEPTTL => OK
      PTTL k => 10000
      SET k y => OK
      TTL k => -1
      SET new v XX => nil
      SET new v NX GET => nil
      GET new => "v"
      SET k v EX 0 => (error) ERR invalid expire time in 'set' command
      SET k v PX -1 => (error) ERR invalid expire time in 'set' command
      SET k v EX 9223372036854775807 => (error) ERR invalid expire time in 'set' command
      SET k v EX ten => (error) ERR value is not an integer or out of range
      SET k v EX => (error) ERR syntax error
      SET k v NX XX => (error) ERR syntax error
      SET k v EX 1 KEEPTTL => (error) ERR syntax error
      SET k v EX 1 PX 1 => (error) ERR syntax error
      GET => (error) ERR wrong number of arguments for 'get' command
      SETNX k z => 0
      SETNX other z => 1
      SETEX k 5 five => OK
      PTTL k => 5000
      PSETEX k 0 v => (error) ERR invalid expire time in 'psetex' command
      GETSET k six => "five"
      TTL k => -1
      GETDEL k => "six"
      GETDEL k => nil
      """)
  }

  @Test func getex() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect(
      """
      SET k v => OK
      GETEX k EX 100 => "v"
      TTL k => 100
      GETEX k => "v"
      TTL k => 100
      GETEX k PERSIST => "v"
      TTL k => -1
      GETEX k PXAT 1700000000500 => "v"
      PTTL k => 500
      GETEX k EX 1 PERSIST => (error) ERR syntax error
      GETEX k PXAT 1 => "v"
      EXISTS k => 0
      """)
  }

  @Test func several() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect(
      """
      MSET a 1 b 2 => OK
      HSET h f v => 1
      MGET a b c h => ["1", "2", nil, nil]
      MSET a => (error) ERR wrong number of arguments for 'mset' command
      MSET a 1 b => (error) ERR wrong number of arguments for 'mset' command
      MSETNX c 3 a 4 => 0
      MSETNX c 3 d 4 => 1
      """)
  }

  @Test func parts() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect(
      """
      APPEND k Hello => 5
      APPEND k World => 10
      STRLEN k => 10
      STRLEN none => 0
      GETRANGE k 0 4 => "Hello"
      GETRANGE k -5 -1 => "World"
      GETRANGE k 5 2 => ""
      GETRANGE k -1 -5 => ""
      GETRANGE k 0 9223372036854775807 => "HelloWorld"
      GETRANGE k -9223372036854775808 0 => "H"
      GETRANGE none 0 -1 => ""
      SETRANGE k 5 There => 10
      GET k => "HelloThere"
      SETRANGE k -1 x => (error) ERR offset is out of range
      SETRANGE k 536870912 x => (error) ERR string exceeds maximum allowed size (proto-max-bulk-len)
      SETRANGE z 3 x => 4
      STRLEN z => 4
      """)
    #expect(try await engine.run("GET z") == .bulk([0, 0, 0, 0x78]))
  }

  @Test func counters() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect(
      """
      INCR n => 1
      INCRBY n 9 => 10
      DECR n => 9
      DECRBY n 10 => -1
      GET n => "-1"
      DECRBY n -9223372036854775808 => (error) ERR decrement would overflow
      SET n 9223372036854775807 => OK
      INCR n => (error) ERR increment or decrement would overflow
      SET n 1x => OK
      INCR n => (error) ERR value is not an integer or out of range
      SET n 01 => OK
      INCR n => (error) ERR value is not an integer or out of range
      INCRBYFLOAT f 0.1 => "0.1"
      INCRBYFLOAT f 0.2 => "0.3"
      INCRBYFLOAT f -5 => "-4.7"
      SET f 5.0e3 => OK
      INCRBYFLOAT f 2.0e2 => "5200"
      INCRBYFLOAT f nan => (error) ERR value is not a valid float
      INCRBYFLOAT f inf => (error) ERR increment would produce NaN or Infinity
      SET f 3.0 => OK
      INCRBYFLOAT f 1 => "4"
      """)
  }

  @Test func counterKeepsItsTTL() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect(
      """
      SET n 1 PX 1500 => OK
      INCR n => 2
      APPEND n 5 => 2
      PTTL n => 1500
      """)
  }

  @Test func wrongType() async throws {
    let engine = try EngineUnderTest()
    let words = "(error) WRONGTYPE Operation against a key holding the wrong kind of value"
    _ = try await engine.run("HSET h f v")
    _ = try await engine.run("SET s v")
    for line in [
      "GET h", "STRLEN h", "APPEND h x", "INCR h", "GETRANGE h 0 1", "SETRANGE h 0 x", "GETSET h x",
      "GETDEL h", "GETEX h", "SET h x GET", "INCRBYFLOAT h 1", "HGET s f", "HSET s f v", "HDEL s f",
      "HGETALL s", "HLEN s", "HINCRBY s f 1", "HSCAN s 0", "HMGET s f", "HSETNX s f v",
    ] {
      #expect(short(try await engine.run(line)) == words, "\(line)")
    }
    try await engine.expect("SET h now => OK\nGET h => \"now\"\nHGET s f => \(words)")
  }
}
