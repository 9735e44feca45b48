/// Everything that can be done, by name: each action, and each command of the command line with the
/// action that does the same here, or the line to type into a shell.
package struct PaletteEntry: Sendable, Equatable {
  package enum Step: Sendable, Equatable {
    case action(Action)
    /// To be typed into a shell; `SOURCE` stands for what is open.
    case shell(String)
    /// End the built-in engine and the explorer, after asking.
    case stopEngine
  }

  package var name: String
  /// Other words by which people know it.
  package var aliases: [String]
  package var help: String
  package var step: Step

  init(_ name: String, _ aliases: [String] = [], _ help: String, _ step: Step) {
    self.name = name
    self.aliases = aliases
    self.help = help
    self.step = step
  }
}

extension PaletteEntry {
  /// All rows: the actions, those that change something first and those that move last, then the
  /// commands.
  package static let all: [PaletteEntry] =
    [ActionGroup.change, .mark, .look, .program, .move].flatMap { group in
      Action.descriptors.filter { $0.group == group && $0.action != .palette }.map { row in
        PaletteEntry(row.title, aliases[row.action] ?? [], row.help, .action(row.action))
      }
    } + commands

  /// Words of the Redis commands and of other tools.
  private static let aliases: [Action: [String]] = [
    .setTTL: ["pexpire", "expireat", "pexpireat", "lifetime"],
    .expire: ["invalidate"], .delete: ["unlink", "remove"],
    .deleteAndWatch: ["see whether it comes back", "refill", "trial"],
    .flush: ["flushdb", "flushall"],
    .add: ["new", "create", "hset", "lpush", "rpush", "sadd", "zadd"], .rename: ["renamenx", "mv"],
    .copyKey: ["cp"], .copyOut: ["migrate"],
    .edit: ["hset", "lset", "zadd", "change"], .editExternally: ["vi", "visual"],
    .find: ["scan", "filter", "search"], .refresh: ["reload"], .markAll: ["select"],
    .showStats: ["info", "graphs"], .tags: ["labels", "tagged"],
    .toggleReadOnly: ["write", "production"],
    .connections: ["select", "profile", "database", "db", "source"],
    .undo: ["revert"], .redo: ["again"], .journal: ["history", "changes"],
    .copyName: ["yank", "clipboard"], .copyValue: ["yank", "clipboard"], .quit: ["exit"],
  ]

  /// The commands of the command line.
  private static let commands: [PaletteEntry] = [
    PaletteEntry("keys", ["scan"], "list keys; here: find", .action(.find)),
    PaletteEntry(
      "get", ["hgetall", "lrange", "smembers", "zrange"], "show a value", .action(.open)),
    PaletteEntry("set", ["setnx"], "create a key; here: add", .action(.add)),
    PaletteEntry("expire", ["ttl", "pexpire"], "give keys a TTL; here: ttl", .action(.setTTL)),
    PaletteEntry("del", ["unlink"], "delete keys; here: delete", .action(.delete)),
    PaletteEntry(
      "stats", ["info"], "figures as lines in a shell",
      .shell("cachescope stats -u SOURCE --watch 1")),
    PaletteEntry(
      "keys --json", ["list"], "all keys as JSON in a shell",
      .shell("cachescope keys -u SOURCE --json")),
    PaletteEntry(
      "snapshot", ["picture"], "this screen as text in a shell",
      .shell("cachescope snapshot -u SOURCE --size 120x36")),
    PaletteEntry(
      "serve", ["engine"], "the built-in engine alone, in a shell",
      .shell("cachescope serve --port 6380")),
    PaletteEntry(
      "stop the engine", ["shutdown", "kill"], "end the built-in engine; asks first", .stopEngine),
    PaletteEntry(
      "decode", ["pickle", "msgpack"], "what the bytes of a file are, in a shell",
      .shell("cachescope decode --json <FILE")),
    PaletteEntry(
      "invalidate", [], "expire all keys that match; here: / then * then x",
      .action(.find)),
    PaletteEntry(
      "copy FROM TO", ["migrate"], "entries to another source; here: copy out", .action(.copyOut)),
    PaletteEntry(
      "export", ["dump"], "keys to a file, in a shell",
      .shell("cachescope export -u SOURCE FILE")),
    PaletteEntry(
      "import", ["restore"], "keys from a file, in a shell",
      .shell("cachescope import -u SOURCE FILE")),
  ]

  /// How well a text that was typed fits; nil when it does not. Lower is better.
  ///
  /// Every word must be found: in the name, in another word for it, in the sentence, or with its
  /// letters in order in the name.
  func rank(of words: [[Character]]) -> Int? {
    var worst = 0
    for word in words {
      guard let rank = rank(of: word) else { return nil }
      worst = max(worst, rank)
    }
    return worst
  }

  private func rank(of word: [Character]) -> Int? {
    let text = String(word)
    let name = name.lowercased()
    if name == text { return 0 }
    if name.hasPrefix(text) { return 1 }
    if aliases.contains(text) { return 2 }
    if name.contains(text) || aliases.contains(where: { $0.hasPrefix(text) }) { return 3 }
    if help.lowercased().contains(text) { return 4 }
    return Self.isSubsequence(word, of: name) ? 5 : nil
  }

  private static func isSubsequence(_ word: [Character], of name: String) -> Bool {
    var rest = word[...]
    for character in name where character == rest.first { rest.removeFirst() }
    return rest.isEmpty
  }
}
