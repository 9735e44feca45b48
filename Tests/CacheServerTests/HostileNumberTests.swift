import CacheServer
import RESP
import Testing

/// Numbers that no sensible client sends: they are refused in words or mean what they say, and the
/// engine lives.
struct HostileNumberTests {
  private static let numbers = [
    "9223372036854775807", "-9223372036854775808", "9223372036854775806", "-9223372036854775807",
    "9223372036854775", "-9223372036854776", "9223372036854775808", "18446744073709551615",
    "99999999999999999999999999", "1e308", "-1e308", "1e-400", "-0", "",
  ]

  private static let templates = [
    "EXPIRE k N", "PEXPIRE k N", "EXPIREAT k N", "PEXPIREAT k N", "EXPIRE k N GT",
    "SET k v EX N", "SET k v PX N", "SET k v EXAT N", "SET k v PXAT N", "SETEX k N v",
    "PSETEX k N v", "GETEX k EX N", "GETEX k PX N", "GETEX k EXAT N", "GETEX k PXAT N",
    "INCRBY n N", "DECRBY n N", "INCRBYFLOAT n N", "HINCRBY h f N", "HINCRBYFLOAT h f N",
    "GETRANGE k N 1", "GETRANGE k 1 N", "GETRANGE k N N", "SUBSTR k N -1", "SETRANGE k N x",
    "SCAN N", "SCAN 0 COUNT N", "SCAN N COUNT N", "HSCAN h N", "HSCAN h 0 COUNT N",
    "COPY k c DB N", "RESTORE r N x", "RESTORE r 0 P IDLETIME N", "RESTORE r 0 P FREQ N",
    "RESTORE r N P REPLACE", "RESTORE r N P REPLACE ABSTTL",
    "LPOP l N", "RPOP l N", "LRANGE l N N", "LRANGE l 0 N", "LINDEX l N", "LSET l N x",
    "LREM l N a", "LTRIM l N N", "LTRIM l 0 N", "LPOS l a RANK N", "LPOS l a COUNT N",
    "LPOS l a MAXLEN N", "LPOS l a RANK N COUNT N MAXLEN N", "SPOP s N", "SRANDMEMBER s N",
    "SSCAN s N COUNT N", "ZADD z N a", "ZADD z INCR N a", "ZINCRBY z N a", "ZCOUNT z N N",
    "ZRANGE z N N", "ZRANGE z 0 -1 BYSCORE LIMIT N N", "ZRANGE z N N BYSCORE REV LIMIT N N",
    "ZREVRANGE z N N", "ZREMRANGEBYRANK z N N", "ZREMRANGEBYSCORE z N N", "ZPOPMIN z N",
    "ZRANDMEMBER z N", "ZRANDMEMBER z N WITHSCORES", "ZSCAN z N COUNT N",
    "CLIENT KILL ID N", "CLIENT LIST ID N", "CONFIG SET maxmemory N",
    "CONFIG SET maxmemory Ngb", "OBJECT IDLETIME k",
  ]

  @Test(arguments: templates)
  func theEngineLives(template: String) async throws {
    let engine = try EngineUnderTest()
    for number in Self.numbers {
      _ = try await engine.run("CONFIG SET maxmemory 0")
      _ = try await engine.run("MSET k value n 9223372036854775807")
      _ = try await engine.run("HSET h f -9223372036854775808")
      _ = try await engine.run("RPUSH l a b c a")
      _ = try await engine.run("SADD s 1 2 3 x")
      _ = try await engine.run("ZADD z 1 a 2 b inf c")
      let payload = try await engine.run("DUMP k").bytes ?? []
      let arguments = template.split(separator: " ").map { word -> [UInt8] in
        if word == "P" { return payload }
        let isUnit = word == "Ngb"
        return Array((word == "N" ? number : isUnit ? number + "gb" : String(word)).utf8)
      }
      _ = try await engine.run(arguments)
      for line in ["TTL k", "PTTL k", "EXPIRETIME k", "OBJECT IDLETIME r", "INFO everything"] {
        _ = try await engine.run(line)
      }
      #expect(try await engine.run("PING") == .simple("PONG"), "\(template) \(number)")
    }
  }

  @Test func theLargestBoundIsTold() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect(
      """
      CONFIG SET maxmemory 999999999999999999 => OK
      CONFIG GET maxmemory => {"maxmemory": "999999999999999999"}
      CONFIG SET maxmemory 999999999999gb => \
      (error) ERR CONFIG SET failed (possibly related to argument 'maxmemory') - \
      argument must be a memory value
      """)
    let text = try await engine.run("INFO memory").text ?? ""
    #expect(text.contains("maxmemory_human:909494.70T\r\n"), "\(text)")
  }

  @Test func sizes() {
    #expect(MemorySize.bytes("1k") == 1000 && MemorySize.bytes("1KB") == 1024)
    #expect(MemorySize.bytes("8589934591gb") == 8_589_934_591 << 30)
    for text in ["8589934592gb", "999999999999999999g", "9223372036854775808", "", "k", "-1", "1x"]
    {
      #expect(MemorySize.bytes(text) == nil, "\(text)")
    }
  }
}
