import TestSupport
import Testing

/// What a plan over very many keys looks at before it is carried out.
@Suite struct CommandPlanSampleTests {
  /// Those that come first in a walk may be of one kind: some from all over are described.
  @Test func keysAreDescribedFromAllOverAndNotTooMany() throws {
    let source = try CommandSource(.redis)
    try source.redis(
      "eval", "for i = 1, 80000 do redis.call('set', 'k:' .. i, i, 'ex', 80000) end", "0")
    let plan = try source.run("invalidate", "--match", "k:*", "--dry-run", "--json").object()
    guard case .object(let fields)? = plan["plan"] else {
      Issue.record("\(plan)")
      return
    }
    #expect(fields["keys"] == .number(80_000))
    let described = try #require(fields["described"]?.number)
    // Of each of the first four pages at most 250, and of one in sixty-four of the others.
    #expect(described > 1000 && described < 3000, "\(described)")
  }
}
