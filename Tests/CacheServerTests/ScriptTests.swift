import CacheServer
import RESP
import Testing

/// Scripts of locks, as their libraries send them, against a server that has Lua.
struct ScriptTests {
  /// Text and numbers of arguments behind the key.
  static let scripts: [(String, [[String]])] = [
    (
      """
          local token = redis.call('get', KEYS[1])
          if not token or token ~= ARGV[1] then
              return 0
          end
          redis.call('del', KEYS[1])
          return 1
      """, [["token"], ["other"], ["token"]]
    ),
    (
      """
          local token = redis.call('get', KEYS[1])
          if not token or token ~= ARGV[1] then
              return 0
          end
          local expiration = redis.call('pttl', KEYS[1])
          if not expiration then
              expiration = 0
          end
          if expiration < 0 then
              return 0
          end

          local newttl = ARGV[2]
          if ARGV[3] == "0" then
              newttl = ARGV[2] + expiration
          end
          redis.call('pexpire', KEYS[1], newttl)
          return 1
      """,
      [["token", "5000000", "0"], ["token", "7000000", "1"], ["other", "1", "1"]]
    ),
    (
      """
          local token = redis.call('get', KEYS[1])
          if not token or token ~= ARGV[1] then
              return 0
          end
          redis.call('pexpire', KEYS[1], ARGV[2])
          return 1
      """, [["token", "9000000"], ["other", "5"], ["token", "-1"], ["token", "5"]]
    ),
    (
      "if redis.call(\"get\",KEYS[1]) == ARGV[1] then return redis.call(\"del\",KEYS[1]) else return 0 end",
      [["other"], ["token"], ["token"]]
    ),
    (
      "if redis.call('GET', KEYS[1]) == ARGV[1] then\n return redis.call('PEXPIRE', KEYS[1], ARGV[2])\nelse\n return 0\nend",
      [["token", "8000000"], ["other", "1"]]
    ),
    (
      """
      local exists = redis.call('EXISTS', KEYS[1])
      if (exists == 1) then
          return redis.call('INCRBY', KEYS[1], ARGV[1])
      else return false end
      """, [["5"]]
    ),
    ("return redis.call('INCRBY', KEYS[1], ARGV[1])", [["5"], ["x"]]),
  ]

  @Test func doAsOnRedis() throws {
    let pair = try ServerPair()
    for (text, calls) in Self.scripts {
      _ = try pair.run(["SCRIPT", "FLUSH"])
      let loaded = try pair.run(["SCRIPT", "LOAD", text])
      #expect(loaded.redis == loaded.engine)
      let digest = loaded.redis.text ?? ""
      for key in ["lock", "free", "number", "forever", "list"] {
        _ = try pair.run(["FLUSHALL"])
        _ = try pair.run(["SET", "lock", "token", "PX", "1000000"])
        _ = try pair.run(["SET", "number", "41"])
        _ = try pair.run(["SET", "forever", "token"])
        _ = try pair.run(["RPUSH", "list", "token"])
        for arguments in calls {
          let both = try pair.run(["EVALSHA", digest, "1", key] + arguments)
          #expect(both.redis.error?.code == both.engine.error?.code, "\(key) \(arguments) \(text)")
          if both.redis.error == nil { #expect(both.redis == both.engine, "\(key) \(arguments)") }
          let left = try pair.run(["PTTL", key])
          let difference = (left.redis.integer ?? 0) - (left.engine.integer ?? 0)
          #expect(difference.magnitude < 5000, "\(key) \(arguments) \(left)")
          let values = try pair.run(["EXISTS", key])
          #expect(values.redis == values.engine)
        }
      }
    }
  }

  @Test func refusesOthersInWords() async throws {
    let engine = try EngineUnderTest()
    let digest = String(repeating: "a", count: 40)
    try await engine.expect(
      """
      EVALSHA \(digest) 0 => (error) NOSCRIPT No matching script. Please use EVAL.
      SCRIPT EXISTS \(digest) => [0]
      SCRIPT FLUSH => OK
      SCRIPT FLUSH x => (error) ERR SCRIPT FLUSH only support SYNC|ASYNC option
      """)
    for command in ["EVAL return:1 0", "SCRIPT LOAD return:1"] {
      let reply = short(try await engine.run(command))
      #expect(reply.hasPrefix("(error) ERR this engine has no Lua"))
    }
    func eval(_ arguments: String...) async throws -> String {
      let words = ["EVAL", "return redis.call('INCRBY', KEYS[1], ARGV[1])"] + arguments
      return short(try await engine.run(words.map { Array($0.utf8) }))
    }
    #expect(try await eval("1", "n", "7") == "7")
    #expect(try await eval("3", "n", "7").contains("greater than number of args"))
    #expect(try await eval("-1", "n", "7").contains("can't be negative"))
    #expect(try await eval("9223372036854775807", "n").hasPrefix("(error)"))
    #expect(try await eval("0").hasPrefix("(error)"))
  }
}
