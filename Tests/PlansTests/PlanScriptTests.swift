import CacheModel
import Plans
import Testing

/// Plans as scripts.
@Suite struct PlanScriptTests {
  private func lines(_ plan: PlannedChange, _ scope: PlanScript.Scope) -> [String]? {
    PlanScript(plan, over: scope, of: "redis://h:6379/0").text?.split(separator: "\n")
      .map(String.init)
  }

  private func list(_ keys: [CacheKey]) -> KeyNameList {
    var list = KeyNameList(bound: 1 << 20)
    for key in keys { _ = list.append(key) }
    return list
  }

  @Test func aQueryBecomesOneLine() {
    let scope = PlanScript.Scope.matching(
      glob: "app:*", query: "session !type:hash 'x'", tag: nil)
    #expect(
      lines(.delete, scope) == [
        "#!/bin/sh",
        "cachescope invalidate -u redis://h:6379/0 --match 'app:*' "
          + "--where 'session !type:hash '\\''x'\\''' --yes",
      ])
    #expect(
      lines(
        .spreadTTL(milliseconds: 300_000, percent: 10), .matching(glob: "a", query: nil, tag: "t"))?
        .last
        == "cachescope invalidate -u redis://h:6379/0 --match a --tag t '--ttl=300000ms~10%' --yes")
  }

  @Test func aTimeIsSaidInUTCToTheSecond() {
    // 2026-12-01T10:00:05Z
    let time = WallTime(milliseconds: 1_796_119_205_000)
    let scope = PlanScript.Scope.matching(glob: "a", query: nil, tag: nil)
    #expect(
      lines(.setTTL(.until(time)), scope)?.last
        == "cachescope invalidate -u redis://h:6379/0 --match a --ttl=@2026-12-01T10:00:05Z --yes")
    #expect(lines(.setTTL(.until(time.advanced(by: 1))), scope) == nil)
    #expect(lines(.setTTL(.until(WallTime(milliseconds: .max))), scope) == nil)
  }

  @Test func theWholeDatabaseIsFlushed() {
    #expect(
      PlanScript(.delete, over: .database, of: "shop", confirming: "db0").text
        == "#!/bin/sh\ncachescope flush -u shop --confirm db0\n")
    #expect(!PlanScript(.persist, over: .database, of: "shop").isPossible)
  }

  @Test func namedKeysGoByTheirBytes() {
    let keys = (0..<150).map { CacheKey([0, 255, UInt8($0)]) }
    let script = lines(.delete, .keys(list(keys)))
    #expect(script?.count == 5)
    #expect(script?[2].hasSuffix(" || status=$?") == true && script?.last == "exit $status")
    #expect(
      script?[2].hasPrefix("cachescope del -u redis://h:6379/0 --key-b64 -- AP8A AP8B ") == true)
    #expect(
      lines(.setTTL(.adjust(milliseconds: -5000)), .keys(list([CacheKey("k")])))?[2]
        == "cachescope expire --ttl=-5000ms -u redis://h:6379/0 --key-b64 -- aw== || status=$?")
    #expect(lines(.persist, .keys(list([CacheKey("k")])))?[2].contains("persist") == true)
  }

  @Test func whatIsToBeConfirmedByNameIs() {
    let scopes = [
      PlanScript.Scope.matching(glob: "a*", query: nil, tag: nil), .keys(list([CacheKey("k")])),
    ]
    let lines = scopes.map { scope in
      PlanScript(.delete, over: scope, of: "shop", confirming: "db0").text?
        .split(separator: "\n").first { $0.hasPrefix("cachescope") }
    }
    #expect(
      lines == [
        "cachescope invalidate -u shop --match 'a*' --confirm db0",
        "cachescope del -u shop --confirm db0 --key-b64 -- aw== || status=$?",
      ])
  }

  @Test func whatNoCommandMakesHasNoScript() {
    #expect(lines(.renamePrefix(from: [1], to: [2]), .keys(list([CacheKey("k")]))) == nil)
  }

  @Test(arguments: ["", "a b", "$(rm)", "`x`", "it's", "a\nb", "~", "*", "é", "!x", "a;b", "#"])
  func everythingElseIsQuoted(_ text: String) {
    let quoted = PlanScript.quoted(text)
    #expect(quoted.hasPrefix("'") && quoted.hasSuffix("'"))
    #expect(
      quoted.dropFirst().dropLast().split(separator: "'\\''", omittingEmptySubsequences: false)
        .joined(separator: "'") == text)
  }
}
