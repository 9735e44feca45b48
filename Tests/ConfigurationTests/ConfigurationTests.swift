import CacheModel
import Configuration
import Explorer
import ExplorerUI
import SystemIO
import TerminalCanvas
import TestSupport
import Testing

@Suite struct ConfigurationTests {
  private func read(_ text: String) throws(ConfigurationError) -> Configuration {
    try Configuration(Array(text.utf8), file: "c.json5")
  }

  private func sentence(_ text: String) -> String {
    do throws(ConfigurationError) {
      _ = try read(text)
      return "no error"
    } catch {
      return error.sentence
    }
  }

  @Test func readsTheWhole() throws {
    let configuration = try read(
      """
      {
        theme: "light", view: "list", separators: ":/:",
        limits: { "value-bytes": "2mb", elements: 1000 },
        keys: { delete: "alt-x", moveDown: ["alt-j", "down"] },
        profiles: {
          shop: {
            source: "redis://anna@cache.example:6380/2", "password-seconds": 3,
            "password-command": "pass show shop", "read-only": true, production: true,
            colour: "red", theme: "dark",
          },
          dev: { source: "engine:" },
        },
      }
      """)
    #expect(configuration.look.theme == .light && configuration.look.view == .list)
    #expect(configuration.look.valueBytes == 2 << 20 && configuration.look.elements == 1000)
    #expect(configuration.keymap.action(for: .alt("x")) == .delete)
    #expect(configuration.keymap.action(for: "d") == nil)
    #expect(configuration.keymap.action(for: .down) == .moveDown)
    #expect(configuration.keymap.action(for: "j") == nil)
    #expect(configuration.keymap.action(for: "k") == .moveUp)
    #expect(configuration.look.separators == Array(":/".utf8))
    let shop = try #require(configuration.profile(named: "shop"))
    #expect(shop.address.database == 2 && shop.address.user == "anna")
    #expect(shop.passwordCommand == PasswordCommand(command: "pass show shop", limitSeconds: 3))
    #expect(shop.isReadOnly && shop.isProduction && shop.colour == .red)
    let look = shop.look.over(configuration.look)
    #expect(look.theme == .dark && look.elements == 1000)
    #expect(configuration.profiles.map(\.name) == ["shop", "dev"])
  }

  @Test func aThemeOfOnesOwnDiffersFromAnother() throws {
    let configuration = try read(
      """
      { theme: { "based-on": "light", warn: "94 bold", onSelection: "#303060" },
        profiles: { shop: { source: "redis://h", theme: { warn: "1" } } } }
      """)
    let own = try #require(configuration.look.theme)
    let style = Style(.warn, on: .selection)
    let look = own.resolve(style, depth: .indexed256)
    #expect(
      look.foreground == 94
        && look.background != Theme.light.resolve(style, depth: .indexed256).background)
    #expect(
      own.resolve(Style(.good), depth: .indexed256)
        == Theme.light.resolve(Style(.good), depth: .indexed256))
    let shop = try #require(configuration.profiles.first?.look.theme)
    #expect(
      shop.resolve(Style(.good), depth: .indexed256)
        == Theme.dark.resolve(Style(.good), depth: .indexed256))
    #expect(shop.resolve(Style(.warn), depth: .indexed256).foreground == 1)
  }

  @Test(arguments: [
    ("{ theme: { 'based-on': 'lihgt' } }", "theme.based-on: \"lihgt\" is not one of dark, light"),
    ("{ theme: { wran: '94' } }", "1:12: theme.wran: \"94\" is set, but there is no such look"),
    ("{ theme: { warn: 'puce' } }", "theme.warn: \"puce\" holds \"puce\", which is neither"),
    ("{ theme: { warn: 94 } }", "theme.warn: expected a text in quotes, and found a number"),
    ("{ theme: 5 }", "theme: expected a text in quotes"),
  ])
  func aMistakeInAThemeIsNamed(_ text: String, _ words: String) {
    #expect(sentence(text).contains(words), "\(sentence(text))")
  }

  /// The example that people begin with.
  @Test func readsTheExampleOfTheReadme() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let bytes = try FileBytes.read(path: "/\(root)/README.md", limit: 1 << 20)
    let parts = String(decoding: bytes, as: UTF8.self).split(separator: "```")
    let example = try #require(parts.first { $0.hasPrefix("json5\n") })
    let configuration = try read(String(example.dropFirst(6)))
    #expect(configuration.profile(named: "shop")?.isProduction == true)
  }

  @Test func readsWhatTheJournalKeeps() throws {
    let configuration = try read(
      """
      { journal: { size: "2gb", age: "14d", value: "256mb" },
        profiles: {
          off: { source: "engine:", journal: "off" },
          names: { source: "engine:", journal: { keep: "keys" } },
          small: { source: "engine:", journal: { value: "64kb" } },
          same: { source: "engine:" } } }
      """)
    func settings(_ name: String) throws -> ConfiguredJournal {
      try #require(configuration.profile(named: name)).journal.over(configuration.journal)
    }
    let general = configuration.journal
    #expect(general.bytes == 2 << 30 && general.ageMilliseconds == 14 * 86_400_000)
    #expect(general.valueBytes == 256 << 20 && general.detail == nil)
    #expect(try settings("off").detail == .off && settings("off").bytes == 2 << 30)
    #expect(try settings("names").detail == .keys && settings("small").valueBytes == 64 << 10)
    #expect(try settings("same") == general)
    #expect(try read("{ journal: 'keys' }").journal.detail == .keys)
    #expect(try read(SampleText.journal).journal.valueBytes == 64 << 20)
  }

  /// The example of the field is one that is read.
  private enum SampleText {
    static let journal = "{ \(ConfigurationField.journalExample) }"
  }

  @Test func anEmptyOneChangesNothing() throws {
    let configuration = try read("{}")
    #expect(configuration.look == ConfiguredLook() && configuration.profiles.isEmpty)
    #expect(configuration.keymap.bindings == Keymap.standard.bindings)
  }

  @Test func knowsWhereProductionIs() throws {
    let configuration = try read(
      """
      { profiles: {
        shop: { source: "redis://Cache.Example/0", production: true },
        here: { source: "redis://localhost:7000", production: true },
        file: { source: "unix:///run/r.sock?db=3", production: true },
        dev: { source: "redis://dev.example/0" },
      } }
      """)
    func production(_ url: String) throws -> String? {
      configuration.production(reachedBy: try SourceAddress(parsing: url))?.name
    }
    #expect(try production("redis://x:y@cache.example.:6379/7") == "shop")
    #expect(try production("redis://cache.example:6380") == nil)
    #expect(try production("redis://127.0.0.1:7000") == "here")
    #expect(try production("redis://[::1]:7000/2") == "here")
    #expect(try production("unix:///run/r.sock") == "file")
    #expect(try production("redis://dev.example") == nil)
  }

  static let wrong = [
    ("[]", "c.json5:1:1: expected an object, and found a list; for example { theme"),
    ("{\n  theme: \"pink\" }", "c.json5:2:10: theme: \"pink\" is not one of dark"),
    ("{ theme: \"drak\" }", "is dark meant?"),
    ("{ theme: 3 }", "theme: expected a text in quotes, and found a number; for example theme:"),
    ("{ thmee: 'dark' }", "c.json5:1:3: thmee: there is no such field; is theme meant?"),
    ("{ xyzzy: 1 }", "there is no such field; known are theme, view"),
    ("{ view: 'grid' }", "\"grid\" is not one of tree, list"),
    ("{ separators: 'a b' }", "1:15: separators: is not right: separators are printable"),
    ("{ separators: [':'] }", "separators: expected a text in quotes, and found a list"),
    ("{ limits: { elements: 0 } }", "limits.elements: expected a number from 10 to 100000"),
    ("{ limits: { elements: '9' } }", "expected a number, and found a text"),
    ("{ limits: { 'value-bytes': '9tb' } }", "expected a number from 1024"),
    ("{ limits: { 'value-bytes': 99999999999999999999 } }", "expected a number from 1024"),
    ("{ keys: { delet: 'D' } }", "keys.delet: there is no such action; is delete meant?"),
    ("{ keys: { delete: 'ctrl-' } }", "keys.delete: \"ctrl-\" is not a key; j, D"),
    ("{ keys: { delete: 'click:1,2' } }", "is not a key"),
    ("{ keys: { delete: 7 } }", "expected a text or a list of texts"),
    ("{ keys: {\n delete: 'j' } }", "2:2: keys.delete: the key j belongs to moveDown; give"),
    ("{ keys: { delete: 'X', expire: 'X' } }", "the key X belongs to"),
    ("{ profiles: [] }", "profiles: expected an object, and found a list"),
    ("{ profiles: { 'a b': {} } }", "the name of a profile holds letters"),
    ("{ profiles: { a: {} } }", "profiles.a: a profile needs a source; for example source:"),
    (
      "{ profiles: { a: { url: 'redis://h' } } }",
      "profiles.a.url: there is no such field; is source"
    ),
    ("{ profiles: { a: { source: 'h:1' } } }", "profiles.a.source: \"h:1\" is not a source"),
    ("{ profiles: { a: { source: 'redis://h:0' } } }", "at character 11"),
    (
      "{ profiles: { a: { source: 'redis://h', cacert: '/f' } } }",
      "a.cacert: has a meaning with TLS alone, and the source is in plain text; for example source:"
    ),
    ("{ profiles: { a: { source: 'redis://h', insecure: true } } }", "a.insecure: has a meaning"),
    ("{ profiles: { a: { source: 'unix:///s', tls: true } } }", "a.tls: TLS is for a server"),
    ("{ profiles: { a: { source: 'rediss://h', tls: false } } }", "a.tls: the source says rediss"),
    ("{ profiles: { a: { source: 'rediss://h', cert: 'f' } } }", "a file is named from the root"),
    ("{ profiles: { a: { source: 'rediss://h', key: '/f' } } }", "a.key: needs the certificate"),
    ("{ profiles: { a: { source: 'engine:', tunnel: 'ssh' } } }", "a.tunnel: a tunnel leads to"),
    ("{ profiles: { a: { source: 'redis://h', tunnel: '' } } }", "a.tunnel: is empty"),
    (
      "{ profiles: { a: { source: 'redis://h', 'sentinel-password': 'p' } } }",
      "a.sentinel-password: is for a source behind sentinels"
    ),
    (
      "{ profiles: { a: { source: 'redis+sentinel://h/m', 'sentinel-user': 'p' } } }",
      "a.sentinel-user: a user needs a password"
    ),
    (
      """
      { profiles: { a: { source: 'redis+sentinel://h/m', 'sentinel-password': 'p',
        'sentinel-password-command': 'c' } } }
      """,
      "the profile has a password of sentinels already; give one of the two"
    ),
    (
      "{ profiles: { a: { source: 'redis://h', 'sentinel-password-command': 'p' } } }",
      "a.sentinel-password-command: is for a source behind sentinels"
    ),
    (
      "{ profiles: { a: { source: 'engine:', 'read-only': 'yes' } } }", "a.read-only: expected true"
    ),
    ("{ profiles: { a: { source: 'engine:', readOnly: true } } }", "is read-only meant?"),
    ("{ profiles: { a: { source: 'engine:', colour: 'pink' } } }", "is not one of red, orange"),
    (
      "{ profiles: { a: { source: 'engine:', 'password-seconds': 5 } } }",
      "needs a password-command"
    ),
    ("{ profiles: { a: { source: 'redis://:x@h', 'password-command': 'p' } } }", "one of the two"),
    ("{ profiles: { a: { source: 'redis://h', user: 'u' } } }", "a user needs a password"),
    ("{ journal: 5 }", "1:12: journal: expected a word in quotes or an object, and found a number"),
    ("{ journal: 'of' }", "journal: \"of\" is not one of values, keys, off; is off meant?"),
    (
      "{ journal: {\n  sise: '2gb' } }", "2:3: journal.sise: there is no such field; is size meant?"
    ),
    ("{ journal: { size: '2tb' } }", "1:20: journal.size: expected a size from 1mb to 1024gb"),
    ("{ journal: { size: '9k' } }", "journal.size: expected a size from 1mb"),
    ("{ journal: { value: '1gb' } }", "journal.value: expected a size from 1kb to 512mb"),
    ("{ journal: { age: 'soon' } }", "journal.age: expected a time from 1m to 3660d"),
    ("{ journal: { age: '5s' } }", "expected a time from 1m"),
    ("{ journal: { age: '+1d' } }", "expected a time from 1m"),
    ("{ journal: { age: 7 } }", "journal.age: expected a text in quotes, and found a number"),
    ("{ journal: { keep: 'all' } }", "journal.keep: \"all\" is not one of values, keys, off"),
    (
      "{ profiles: { a: { source: 'engine:', journal: { size: '2gb' } } } }",
      "profiles.a.journal.size: one journal holds the changes of all sources"
    ),
    ("{ profiles: { a: { source: 'engine:', journal: { age: '1d' } } } }", "the general part"),
    ("{ theme: 'dark', theme: 'light' }", "stands twice"),
    ("{ theme: dark }", "1:10: \"dark\" is no value; a text stands in quotes"),
  ]

  @Test(arguments: wrong.indices)
  func saysWhatIsWrongAndWhere(_ row: Int) {
    let (text, words) = Self.wrong[row]
    #expect(sentence(text).contains(words), "\(sentence(text))")
  }

  @Test func aPasswordIsNotRepeated() {
    let text = "{ profiles: { a: { source: 'redis://u:hunter2@h:99999' } } }"
    #expect(!sentence(text).contains("hunter2"))
  }

  @Test func bytesThatAreNoText() {
    #expect(throws: ConfigurationError.self) {
      try Configuration([0x7B, 0xFF, 0x7D], file: "c.json5")
    }
    let large = [UInt8](repeating: 0x20, count: Configuration.sizeLimit + 1)
    #expect(throws: ConfigurationError.self) { try Configuration(large, file: "c.json5") }
  }

  /// Whatever a file holds, it is read or refused.
  @Test func survivesAnything() {
    let words = [
      "{", "}", "[", "]", ":", ",", "'dark'", "theme", "profiles", "keys", "delete", "'j'",
      "source", "'redis://h'", "limits", "elements", "5", "true", "null", "-", "'\u{1B}[2J'",
    ]
    var random = SeededRandom(seed: LongRun.seed(11, for: "ConfigurationTests"))
    for _ in 0..<(3000 * LongRun.factor) {
      let count = Int.random(in: 1...24, using: &random)
      let text = (0..<count).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }
      #expect(!sentence("{" + text.joined(separator: " ") + "}").utf8.contains(0x1B))
    }
  }

  @Test func nearNamesAreFound() {
    let names = ["delete", "expire", "refresh", "flush", "stats", "set"]
    #expect(NearestName.to("flsuh", among: names) == "flush")
    #expect(NearestName.to("stat", among: names) == "stats")
    #expect(NearestName.to("DELET", among: names) == "delete")
    #expect(NearestName.to("frobnicate", among: names) == nil)
    #expect(NearestName.to("x", among: names) == nil)
  }
}
