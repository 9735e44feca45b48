import TestSupport
import Testing

/// Wrong use: status 2, the reason on standard error, nothing on standard output, nothing sent.
@Suite struct CommandUsageTests {
  static let wrong: [(arguments: [String], words: String)] = [
    (["frob"], "\"frob\" is neither a source nor a profile; there are no profiles; --help lists"),
    (
      ["flsuh"],
      "\"flsuh\" is neither a source nor a profile; there are no profiles; is flush meant?"
    ),
    (["kyes", "--match", "*"], "is keys meant?"),
    (["gte", "k"], "\"gte\" is not a command; is get meant?"),
    (["keys", "-u", "shop"], "\"shop\" is neither a source nor a profile; there are no profiles"),
    (["keys", "--tsl"], "there is no option --tsl; is --tls meant?"),
    (["keys", "--mtach", "x"], "there is no option --mtach; is --match meant?"),
    (["keys", "--config", "/nonexistent/c"], "--config: there is no file /nonexistent/c"),
    (["del", "a", "--yes"], "del has no option --yes"),
    (["frob", "x"], "\"frob\" is not a command"),
    (["localhost:6379"], "has no scheme"),
    (["http://x"], "\"http:\" is not a kind of source"),
    (["redis://h:99999"], "at character 11: a port is a number from 1 to 65535"),
    (["redis://h/x"], "at character 11: a database is a number"),
    (
      ["redis://h", "--cacert", "f"], "--cacert has a meaning with TLS alone, and redis://h:6379/0"
    ),
    (["redis://h", "--insecure"], "--insecure has a meaning with TLS alone"),
    (["-s", "/x", "--tls"], "--tls is for a server that is reached by TCP, and unix:///x is not"),
    (["engine:", "--tls"], "--tls is for a server that is reached by TCP"),
    (["rediss://h", "--key", "f"], "--key needs the certificate that it belongs to"),
    (["rediss://h", "--cert", ""], "--cert: \"\" is empty"),
    (["copy", "redis://h", "redis://i", "--insecure"], "--insecure has a meaning with TLS alone"),
    (["redis+cluster://h/3"], "a cluster has one database, 0: leave the number out"),
    (["redis://h/3", "-c"], "a cluster has one database, 0: leave the number 3 out"),
    (["redis+cluster://h,"], "a server is missing beside the comma"),
    (["redis+cluster://h", "--cluster-map", "a"], "\"a\" is no mapping of an address"),
    (
      ["unix:///x", "--cluster-map", "a=b"], "--cluster-map is for a cluster that is reached by TCP"
    ),
    (["memcached://h"], "a Memcached server cannot be opened in this version yet"),
    (["redis://h", "-u", "redis://i"], "the source is given twice"),
    (["--demo", "redis://h"], "--demo brings its own source"),
    (["--seed", "7"], "--seed needs --demo"),
    (["--theme", "pink"], "--theme: \"pink\" is not one of dark, light"),
    (["--separator", "a b"], "--separator: \"a b\" is not right: separators are printable ASCII"),
    (["--record", "f"], "--record is not in this version yet"),
    (["--demo", "-n", "2"], "--demo brings its own source"),
    (["snapshot", "--demo", "--askpass"], "--demo brings its own source"),
    (["--tls"], "--tls is for a server that is reached by TCP, and engine: is not"),
    (["--demo", "--insecure"], "--insecure has a meaning with TLS alone"),
    (["-c"], "-c is for a cluster that is reached by TCP, and engine: is not"),
    (["--limit", "3"], "the explorer has no option --limit"),
    (["keys", "--frob"], "there is no option --frob"),
    (["keys", "--lim", "3"], "there is no option --lim; is --limit meant?"),
    (["keys", "--limit"], "--limit needs a value (N); for example --limit 100"),
    (["keys", "--limit", "--names"], "--limit needs a value"),
    (["keys", "--limit", "x"], "--limit: \"x\" is not a number from 0"),
    (["keys", "--limit", "99999999999999999999"], "is not a number from 0"),
    (["keys", "--limit", "1", "--limit", "2"], "--limit is given twice"),
    (["keys", "--names=yes"], "--names takes no value"),
    (["keys", "--raw"], "keys has no option --raw"),
    (["keys", "--sort", "colour"], "is not one of key, ttl, size, idle, type"),
    (["keys", "--reverse"], "--reverse needs --sort"),
    (["keys", "--names", "--sort", "ttl"], "asks for nothing to sort by ttl"),
    (["keys", "--where", "user ttl<"], "--where: at character 10 it ends here, but a time"),
    (["keys", "--where", "ttl<1 ttl>9"], "--where: no key can match ttl<1s ttl>9s"),
    (["keys", "--where", "type:bag"], "--where: at character 6 \"bag\" is found, but string"),
    (["keys", "--where", " "], "--where: \" \" holds no term"),
    (["keys", "user:*"], "keys takes no arguments, and \"user:*\" is one too many"),
    (["keys", "-n", "x"], "-n: \"x\" is not a number from 0"),
    (["keys", "-h", "h", "-p", "0"], "-p: \"0\" is not a number from 1 to 65535"),
    (["keys", "-h", ""], "-h: \"\" is empty"),
    (["keys", "-h", "h", "-s", "/x"], "give either -s or -h and -p"),
    (["keys", "-u", "redis://h", "-p", "1"], "give either a source or -h, -p and -s"),
    (["keys", "-u", ""], "the source is empty"),
    (["keys", "--user", "anna"], "a user needs a password"),
    (["keys", "-a", "x", "--askpass"], "give either -a or --askpass"),
    (["get"], "get needs KEY"),
    (["get", "a", "b"], "\"b\" is one too many"),
    (["get", "a", "--raw", "--json"], "give either --raw or --json"),
    (["get", "--key-b64", "!"], "\"!\" is not base64"),
    (["set", "a"], "set needs KEY VALUE"),
    (["set", "a", "b", "c"], "\"c\" is one too many"),
    (["set", "a", "b", "--ttl", "5x"], "there is no unit \"x\""),
    (["set", "a", "b", "--ttl=-5m"], "needs a TTL to adjust"),
    (["set", "a", "b", "--ttl", "now"], "would expire at once"),
    (["set", "a", "b", "--ttl", "5m~10%"], "spreads many keys"),
    (["set", "a", "b", "--create", "--replace"], "give either --create or --replace"),
    (["expire", "a"], "expire needs KEY… and a TTL"),
    (["expire", "a", "-5m"], "is written --ttl=-5m"),
    (["expire", "a", "0"], "0 is ambiguous"),
    (["expire", "a", "@2026-02-30T10:00"], "there is no such time"),
    (["expire", "a", "99999999999999999999d"], "longer than ten thousand years"),
    (["persist"], "persist needs KEY…"),
    (["del"], "del needs KEY…"),
    (["flush", "all"], "flush takes no arguments"),
    (["stats", "--count", "3"], "--count needs --watch"),
    (["stats", "--watch", "0"], "--watch: \"0\" is not a number of seconds from 0.1 to 86400"),
    (["stats", "--watch", "1e3"], "--watch: \"1e3\" is not a number of seconds"),
    (["stats", "--format", "graphite"], "--format: \"graphite\" is not one of prometheus"),
    (["stats", "--format", "prometheus", "--json"], "leave --watch and --json out"),
    (["stats", "--format", "prometheus", "--watch", "1"], "leave --watch and --json out"),
    (["snapshot", "--size", "59x15"], "--size: \"59x15\" is too small: the least is 60x15"),
    (["snapshot", "--size", "120"], "--size: \"120\" is not COLUMNSxROWS"),
    (["snapshot", "--size", "0x9"], "is not COLUMNSxROWS"),
    (["snapshot", "--keys", "j blub"], "is not a key; write keys between blanks"),
    (["snapshot", "--format", "png"], "is not one of text, ansi"),
    (["snapshot", "--write", "--read-only"], "give either --write or --read-only"),
    (["serve", "--port", "65536"], "--port: \"65536\" is not a number from 0 to 65535"),
    (["serve", "--bind", "::1"], "--bind needs --port"),
    (["serve", "--maxmemory", "1x"], "--maxmemory: \"1x\" is not a size"),
    (["serve", "--maxmemory", "999999999999g"], "\"999999999999g\" is not a size"),
    (["serve", "--policy", "random"], "is not one of noeviction"),
    (["serve", "--password-file", "/nonexistent/f"], "/nonexistent/f: No such file"),
    (["serve", "--dir", "/tmp"], "--dir is not in this version yet"),
    (["serve", "-u", "redis://h"], "serve takes -u engine:NAME"),
    (["serve", "-u", "engine:../x"], "name of an engine"),
    (["decode", "--as", "rot13"], "\"rot13\" is none of dogpile, cachelib!"),
    (["decode", "--as", "json,zlib"], "goes on behind json"),
    (["decode", "--as", "json", "--flags", "1"], "give one of --as, --flags and --file"),
    (["decode", "--file"], "--file needs KEY"),
    (["decode", "--flags", "x"], "--flags: \"x\" is not a number"),
    (["decode", "a", "b"], "is one too many"),
    (["import"], "import needs FILE"),
    (["export", "--resume", "-"], "--resume goes on with a file"),
    (["copy", "engine:"], "copy needs FROM TO"),
    (["copy", "engine:", "ftp://h"], "ftp"),
    (["import", "file", "--on-conflict", "ask"], "is not one of skip, replace, fail"),
    (["invalidate"], "invalidate needs --match, --where or --tag"),
    (["invalidate", "--match", "*", "--ttl", "soon"], "TTL"),
  ]

  @Test(arguments: wrong.indices)
  func saysWhatIsWrong(_ row: Int) throws {
    let (arguments, words) = Self.wrong[row]
    let finished = try CommandProgram().run(arguments)
    #expect(finished.status == 2)
    #expect(finished.output.isEmpty)
    #expect(finished.errors.contains(words), "\(finished.errors)")
  }

  @Test func nothingIsSent() throws {
    let server = try RedisServerProcess()
    let program = try CommandProgram(["CACHESCOPE_URL": "unix://\(server.socketPath)"])
    let connections = {
      let finished = try program.execute(
        "/usr/bin/redis-cli", ["-s", server.socketPath, "info", "stats"])
      let line = finished.lines.first { $0.hasPrefix("total_connections_received:") }
      return Int(String(line?.split(separator: ":").last ?? "").prefix { $0.isNumber })
    }
    let before = try #require(try connections())
    for (arguments, _) in Self.wrong { _ = try program.run(arguments) }
    _ = try program.run("del", "a", "--read-only")
    #expect(try connections() == before + 1)
  }

  @Test func errorsAreJSONWhenAsked() throws {
    let program = try CommandProgram()
    let finished = try program.run("keys", "--json", "--limit", "\u{1B}[31m")
    #expect(finished.status == 2 && finished.output.isEmpty)
    let prefix = "{\"error\":{\"kind\":\"usage\",\"message\":\"--limit: \\\"\\u001b[31m\\\" is not"
    #expect(finished.errors.hasPrefix(prefix), "\(finished.errors)")
    #expect(finished.errors.split(separator: "\n").count == 1)
  }

  @Test func errorsAreSafeToShow() throws {
    let finished = try CommandProgram().run("get", "a", "\u{1B}]0;title\u{7}\u{9B}2J\nx")
    #expect(!finished.errors.utf8.contains(0x1B) && !finished.errors.utf8.contains(0x07))
    #expect(!finished.errors.unicodeScalars.contains("\u{9B}"))
  }

  @Test func aBadVariableIsNamed() throws {
    let program = try CommandProgram(["CACHESCOPE_URL": "redis://anna:hunter2@h:0"])
    let finished = try program.run("keys")
    #expect(finished.status == 2)
    #expect(finished.errors.contains("CACHESCOPE_URL: the port"))
    #expect(!finished.errors.contains("hunter2"))
  }

  @Test func helpCoversEveryCommandAndOption() throws {
    let program = try CommandProgram()
    let help = try program.run("--help")
    #expect(help.status == 0 && help.errors.isEmpty)
    let commands = help.lines.drop { !$0.hasPrefix("Commands") }.dropFirst()
      .prefix { $0.hasPrefix("  ") }.compactMap { $0.split(separator: " ").first }
    #expect(commands.count == 16)
    for command in commands {
      let text = try program.run(String(command), "--help")
      #expect(text.status == 0 && text.errors.isEmpty)
      #expect(text.text.hasPrefix("cachescope \(command) "))
      #expect(text.text.contains("For example: cachescope \(command)"))
      let options = text.lines.filter { $0.hasPrefix("  -") }
      #expect(options.allSatisfy { $0.split(separator: " ").count > 2 }, "\(command)")
    }
    #expect(try program.run("--version").text.hasPrefix("cachescope 0."))
  }
}
