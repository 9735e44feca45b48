import TestSupport
import Testing

/// `tag:` in a query and `invalidate --tag`, on keyspaces as libraries write them.
@Suite struct CommandTagTests {
  /// As the libraries send them, for redis-cli.
  private static let laravel = #"""
    SETEX shop_0a1b:one 86400 a
    SETEX shop_0a1b:two 86400 b
    SET shop_77ff:three c
    ZADD shop_tag:posts:entries 1999999999 0a1b:one 1999999999 0a1b:two 5 0a1b:gone
    ZADD shop_tag:user:7:entries -1 77ff:three
    SADD "blog:\x01tags\x01posts" blog:one
    SET blog:one d

    """#
  private static let others = #"""
    SET shop:1:basket "\x80\x05K\x01."
    SET shop:1:count 7
    SET shop:2:basket "\x80\x05K\x02."
    SET app.views:user|7 "{\"ct\": 1795279320.61, \"v\": 2}|\x80\x04K\x03."
    SET mangled:f9ad "{\"ct\": 1795279320.61, \"v\": 2}|\x80\x04K\x03."
    SET mangled:other plain
    SET flask_cache_4xYLP2jW2xvJjgx1fFJsDi 3
    SET flask_cache_ifcHHLCkkHzuNxCBfFJsDi 7
    SET flask_cache_app.add_memver "!\x80\x05\x95\n\x00\x00\x00\x00\x00\x00\x00\x8c\x06fFJsDi\x94."
    SET site:cachetags:node:1 4
    SET site:cachetags:config 9
    HSET site:page:/a cid /a tags "node:1 config" checksum 13 data x
    HSET site:page:/b cid /b tags config checksum 9 data y

    """#

  private func filled(_ texts: String...) throws -> CommandSource {
    let source = try CommandSource(.redis)
    try source.redis(input: texts.joined().utf8.map { $0 })
    return source
  }

  private func names(_ source: CommandSource, _ query: String) throws -> [String] {
    let listed = try source.run("keys", "--where", query, "--names", "--sort", "key")
    #expect(listed.status == 0, "\(listed.errors)")
    return listed.lines
  }

  /// Every key with its value in the server's own form, and when it expires to a second.
  private func contents(_ source: CommandSource) throws -> [String: String] {
    var contents: [String: String] = [:]
    for key in try source.redis("keys", "*").split(separator: "\n").map(String.init) {
      let state = try source.redis("dump", key) + " " + source.redis("expiretime", key)
      contents[key] = state
    }
    return contents
  }

  // MARK: Queries

  @Test func keysAreListedByTheirTags() throws {
    let source = try filled(Self.laravel, Self.others)
    #expect(try names(source, "tag:laravel:posts") == ["shop_0a1b:one", "shop_0a1b:two"])
    #expect(try names(source, "tag:posts") == ["blog:one", "shop_0a1b:one", "shop_0a1b:two"])
    #expect(try names(source, "tag:posts two") == ["shop_0a1b:two"])
    #expect(try names(source, "tag:posts ttl:none") == ["blog:one"])
    #expect(try names(source, "shop_ !tag:posts type:string") == ["shop_77ff:three"])
    #expect(try names(source, "tag:django:shop:1") == ["shop:1:basket", "shop:1:count"])
    #expect(try names(source, "tag:dogpile:mangled:*") == ["mangled:f9ad"])
    #expect(try names(source, "tag:drupal:config") == ["site:page:/a", "site:page:/b"])
    #expect(try names(source, "tag:flask:app.add").count == 2)
    let matched = try source.run("keys", "--match", "*two", "--where", "tag:posts", "--json")
    #expect(try matched.objects().map { $0["key"] } == [.text("shop_0a1b:two")])
    let unknown = try source.run("keys", "--where", "tag:nobody", "--names")
    #expect(unknown.status == 0 && unknown.output.isEmpty)
    #expect(unknown.errors.contains("no tag is named nobody: no key matches tag:nobody"))
  }

  @Test func theEnginesTagsAreFollowed() throws {
    let source = try CommandSource(.engine)
    let commands = (0..<2500).map { number in
      "SET k\(number) v\nCACHESCOPE.TAG k\(number) \(number % 5 == 0 ? "five" : "rest")\n"
    }
    try source.redis(input: Array(commands.joined().utf8))
    #expect(try names(source, "tag:five").count == 500)
    #expect(try names(source, "tag:five k100*").count == 3)
    #expect(try names(source, "!tag:rest k100*").count == 3)
    let before = try source.redis("cachescope.tags", "k5")
    let done = try source.run("invalidate", "--tag", "five", "--confirm", "db0")
    #expect(done.status == 0 && done.text.contains("rule: the engine: delete its keys"))
    #expect(done.text.contains("deleted 500 keys in"), "\(done.text)")
    #expect(try source.redis("dbsize") == "2000")
    #expect(try source.run("invalidate", "--tag", "five", "--yes").status == 1)
    #expect(try source.run("undo").status == 0)
    #expect(try source.redis("dbsize") == "2500")
    #expect(try source.redis("cachescope.tags", "k5") == before)
    #expect(try names(source, "tag:five").count == 500)
  }

  // MARK: Invalidating

  @Test func aDryRunNamesTheKeeperAndItsRule() throws {
    let source = try filled(Self.laravel)
    let told = try source.run("invalidate", "--tag", "laravel:posts", "--dry-run")
    #expect(told.status == 0, "\(told.errors)")
    #expect(
      told.lines.prefix(2) == [
        "this deletes 2 of 7 keys of db0, those of laravel:posts",
        "rule: Laravel: delete its keys, then the sorted set that names them",
      ])
    let plan = try source.run("invalidate", "--tag", "laravel:posts", "--dry-run", "--json")
    guard case .object(let fields)? = try plan.object()["plan"] else {
      Issue.record("\(plan.text)")
      return
    }
    #expect(fields["tag"] == .text("laravel:posts") && fields["keeper"] == .text("laravel"))
    #expect(fields["rule"] == .text("delete its keys, then the sorted set that names them"))
    #expect(fields["keys"] == .number(2))
    #expect(try source.redis("dbsize") == "7")
  }

  /// The tag, the keys that are gone, and what the report says.
  static let rules: [(tag: String, gone: Set<String>, words: String)] = [
    (
      "laravel:posts", ["shop_0a1b:one", "shop_0a1b:two", "shop_tag:posts:entries"],
      "deleted 2 keys, 1 that kept the tag in"
    ),
    ("symfony:posts", ["blog:one", "blog:\u{1}tags\u{1}posts"], "deleted 1 key, 1 that kept"),
    ("django:shop:1", ["shop:1:basket", "shop:1:count"], "deleted 2 keys in"),
    ("dogpile:app.views:user", ["app.views:user|7"], "deleted 1 key in"),
    ("dogpile:*", ["app.views:user|7", "mangled:f9ad"], "deleted 2 keys in"),
    (
      "app.add",
      [
        "flask_cache_4xYLP2jW2xvJjgx1fFJsDi", "flask_cache_ifcHHLCkkHzuNxCBfFJsDi",
        "flask_cache_app.add_memver",
      ], "deleted 2 keys, 1 that kept"
    ),
  ]

  @Test(arguments: rules.indices)
  func isDoneByTheKeepersRuleAndTakenBackAsOneChange(_ row: Int) throws {
    let (tag, gone, words) = Self.rules[row]
    let source = try filled(Self.laravel, Self.others)
    let before = try contents(source)
    let done = try source.run("invalidate", "--tag", tag, "--yes")
    #expect(done.status == 0 && done.text.contains(words), "\(done.text) \(done.errors)")
    #expect(try contents(source) == before.filter { !gone.contains($0.key) })
    let undone = try source.run("undo")
    #expect(undone.status == 0 && undone.text.contains("took back invalidate "), "\(undone.text)")
    #expect(try contents(source) == before)
  }

  @Test func aCountIsCountedUpAndBack() throws {
    let source = try filled(Self.others)
    let told = try source.run("invalidate", "--tag", "drupal:node:1", "--dry-run")
    #expect(told.lines.first == "this makes 1 of 13 keys of db0 stale, those of drupal:node:1")
    #expect(told.text.contains("note: the values stay until they are written anew or expire"))
    let done = try source.run("invalidate", "--tag", "drupal:node:1", "--yes", "--json")
    guard case .object(let result)? = try done.object()["result"] else {
      Issue.record("\(done.text) \(done.errors)")
      return
    }
    #expect(result["done"] == .number(0) && result["done_afterwards"] == .number(1))
    #expect(try source.redis("get", "site:cachetags:node:1") == "5")
    #expect(try source.redis("exists", "site:page:/a") == "1")
    #expect(try source.run("undo").status == 0)
    #expect(try source.redis("get", "site:cachetags:node:1") == "4")
  }

  @Test func narrowedItChangesThoseKeysAlone() throws {
    let source = try filled(Self.laravel, Self.others)
    let done = try source.run(
      "invalidate", "--tag", "laravel:posts", "--where", "two", "--yes")
    #expect(done.text.contains("this deletes 1 of 20 keys of db0, those of laravel:posts"))
    #expect(done.text.contains("note: what Laravel keeps of the tag stays as it is"))
    #expect(try source.redis("exists", "shop_0a1b:one", "shop_tag:posts:entries") == "2")
    #expect(try source.redis("exists", "shop_0a1b:two") == "0")
    let given = try source.run(
      "invalidate", "--tag", "laravel:posts", "--ttl", "5m", "--yes")
    #expect(given.text.contains("gave a TTL to 1 key"), "\(given.text)")
    let whole = try source.run(
      "invalidate", "--tag", "drupal:node:1", "--match", "site:*", "--yes")
    #expect(whole.status == 2 && whole.errors.contains("Drupal invalidates a tag as a whole"))
    #expect(try source.redis("get", "site:cachetags:node:1") == "4")
  }

  @Test func whatIsNotClearIsRefusedWithWhatToWrite() throws {
    let source = try filled(Self.laravel)
    let both = try source.run("invalidate", "--tag", "posts", "--yes")
    #expect(both.status == 2)
    #expect(
      both.errors.contains(
        "2 tags have this name; say which is meant by one of "
          + "--tag laravel:posts, --tag symfony:posts"), "\(both.errors)")
    try source.redis("zadd", "blog_tag:posts:entries", "-1", "x")
    let prefixes = try source.run("invalidate", "--tag", "laravel:posts", "--yes")
    #expect(
      prefixes.errors.contains("--tag laravel:posts@blog_, --tag laravel:posts@shop_"),
      "\(prefixes.errors)")
    let one = try source.run("invalidate", "--tag", "laravel:posts@shop_", "--yes")
    #expect(one.status == 0, "\(one.errors)")
    #expect(try source.redis("exists", "blog_tag:posts:entries") == "1")
    #expect(try source.redis("exists", "shop_tag:posts:entries") == "0")
    let unknown = try source.run("invalidate", "--tag", "nobody", "--yes")
    #expect(unknown.status == 1 && unknown.errors.contains("no tag is named nobody"))
    #expect(try source.run("invalidate", "--yes").errors.contains("--match, --where or --tag"))
    #expect(try source.run("invalidate", "--tag", "laravel:posts", "--read-only").status == 3)
  }

  /// What could not be deleted keeps its tag, so that it can be tried again.
  @Test func theSetIsLeftWhenAKeyIsRefused() throws {
    let source = try filled(Self.laravel)
    try source.redis(
      "acl", "setuser", "default", "resetkeys", "%R~*", "%RW~shop_0a1b:one", "%RW~shop_tag:*")
    let done = try source.run("invalidate", "--tag", "laravel:posts", "--yes")
    #expect(done.status == 1)
    #expect(done.errors.contains("what names the keys of the tag was left"), "\(done.errors)")
    #expect(try source.redis("exists", "shop_tag:posts:entries", "shop_0a1b:two") == "2")
  }

  @Test func aVersionThatTellsNoKeysIsInvalidatedAsAWholeAlone() throws {
    let source = try CommandSource(.redis)
    try source.redis(input: Array("SET \"pool:news\\x01tags\\x01\" 's:6:\"abcdef\";'\n".utf8))
    for narrowing in [["--match", "pool:*"], ["--ttl", "5m"]] {
      let refused = try source.program.run(
        ["invalidate", "--tag", "symfony-version:news", "--yes"] + narrowing)
      #expect(refused.status == 2, "\(refused.text)")
      #expect(refused.errors.contains("nothing tells which keys have it"), "\(refused.errors)")
    }
    #expect(try source.redis("dbsize") == "1")
    #expect(try source.run("invalidate", "--tag", "symfony-version:news", "--yes").status == 0)
    #expect(try source.redis("dbsize") == "0")
  }
}
