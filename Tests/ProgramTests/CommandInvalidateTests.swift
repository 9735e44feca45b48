import TestSupport
import Testing

/// `invalidate`: the plan, the consent, and what is done.
@Suite struct CommandInvalidateTests {
  private func filled(_ kind: CommandSource.Kind) throws -> CommandSource {
    let source = try CommandSource(kind)
    let commands = (0..<1500).map { number in
      "SET \(number % 3 == 0 ? "page" : "user"):\(number % 7):\(number) v\(number) PX 900000\n"
    }
    try source.redis(input: Array(commands.joined().utf8))
    return source
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func aDryRunTellsAndChangesNothing(_ kind: CommandSource.Kind) throws {
    let source = try filled(kind)
    let told = try source.run("invalidate", "--match", "page:*", "--dry-run")
    #expect(told.status == 0)
    #expect(told.lines.first == "this deletes 500 of 1,500 keys of db0")
    #expect(told.text.contains("types: string "))
    #expect(told.text.contains("memory: ") && told.text.contains("TTL: "))
    #expect(told.text.contains("such as: page:"))
    let plan = try source.run("invalidate", "--match", "page:*", "--dry-run", "--json").object()
    guard case .object(let fields)? = plan["plan"] else {
      Issue.record("\(plan)")
      return
    }
    #expect(fields["keys"] == .number(500) && fields["keys_in_all"] == .number(1500))
    #expect(try source.redis("dbsize") == "1500")
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func aLargePartNeedsTheNameAndASmallOneYes(_ kind: CommandSource.Kind) throws {
    let source = try filled(kind)
    let large = try source.run("invalidate", "--match", "page:*", "--yes")
    #expect(large.status == 3 && large.errors.contains("--confirm db0"))
    let wrong = try source.run("invalidate", "--match", "page:*", "--confirm", "db1")
    #expect(wrong.status == 3)
    let small = try source.run("invalidate", "--where", "page:3:*")
    #expect(small.status == 3 && small.errors.contains("--yes confirms it"))
    #expect(try source.redis("dbsize") == "1500")
    let done = try source.run("invalidate", "--where", "page:3:*", "--yes")
    #expect(done.status == 0, "\(done.errors)")
    #expect(done.lines.last?.hasPrefix("deleted 72 keys in ") == true, "\(done.text)")
    #expect(try source.redis("dbsize") == "1428")
    let rest = try source.run("invalidate", "--match", "page:*", "--confirm", "page:", "--json")
    #expect(rest.status == 0, "\(rest.errors)")
    guard case .object(let result)? = try rest.object()["result"] else {
      Issue.record("\(rest.text)")
      return
    }
    #expect(result["done"] == .number(428) && result["failed"] == .number(0))
    #expect(try source.redis("dbsize") == "1000")
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func givesTTLs(_ kind: CommandSource.Kind) throws {
    let source = try filled(kind)
    let done = try source.run(
      "invalidate", "--match", "user:*", "--ttl", "1000s~10%", "--confirm", "db0")
    #expect(done.status == 0 && done.lines.last?.contains("gave a TTL to 1,000 keys") == true)
    let ttl = Int(try source.redis("pttl", "user:1:1")) ?? 0
    #expect((880_000...1_100_000).contains(ttl))
    #expect(try source.redis("pttl", "page:0:0").hasPrefix("89"))
    let none = try source.run("invalidate", "--match", "nothing:*", "--yes")
    #expect(none.status == 0 && none.text.contains("deletes 0 of 1,500 keys"))
  }

  @Test func whatIsRefusedIsToldWithNames() throws {
    let source = try filled(.redis)
    try source.redis("acl", "setuser", "default", "-del", "-unlink")
    let done = try source.run("invalidate", "--match", "page:3:*", "--yes")
    #expect(done.status == 1)
    #expect(done.text.contains("72 failed") && done.errors.contains("page:3:"))
    #expect(try source.redis("dbsize") == "1500")
  }

  @Test func readOnlyIsRefusedBeforeAnythingIsAsked() throws {
    let source = try filled(.redis)
    let done = try source.run("invalidate", "--match", "page:*", "--yes", "--read-only")
    #expect(done.status == 3 && done.errors.contains("read-only"))
  }
}
