/// A command for scripts. Each case has one row of facts, from which parsing and help are read.
enum Subcommand: String, CaseIterable, Sendable {
  case serve, keys, get, set, expire, persist, del, invalidate, flush, undo, copy, export
  case importFile = "import"
  case stats, snapshot, decode

  /// The facts about one command.
  struct Row: Sendable {
    /// The arguments behind the options, as help shows them.
    var arguments = ""
    /// How many arguments there may be.
    var count = 0...0
    var summary: String
    /// What else there is to know.
    var notes = ""
    var options: [CommandLineOption] = []
    var example = ""
    /// Whether this version refuses it as not there yet.
    var isLater = false
  }

  /// Options that say which source; every command that has one takes them.
  static let connection: [CommandLineOption] = [
    .source, .host, .port, .database, .password, .user, .askpass, .socket, .tls, .cacert,
    .cacertdir, .cert, .key, .sni, .insecure, .sentinelUser, .sentinelPassword, .sentinelAskpass,
    .cluster, .clusterMap,
    .readOnly, .config,
  ]

  /// More keys than a command line holds.
  private static let anyNumber = 10_000_000

  var row: Row {
    switch self {
    case .serve: Self.serveRow
    case .keys, .get, .stats, .snapshot: readingRow
    case .set, .expire, .persist, .del, .invalidate, .flush: changingRow
    case .undo: undoRow
    case .copy, .export, .importFile: transferRow
    case .decode: Self.decodeRow
    }
  }

  private static let decodeRow = Row(
    arguments: "[KEY]", count: 0...1, summary: "decode bytes from standard input; no server",
    notes: """
      Finds out what the bytes are, layer by layer, as `get` does: text, JSON, MessagePack, pickles
      (nothing in them is imported or run), compressed and wrapped. --as names the layers instead,
      the outermost first: zlib,pickle. With KEY it also says which library wrote the entry. Exits
      with 1 when the bytes cannot be decoded.
      """,
    options: [.codecs, .flags, .cacheFile, .keyBase64, .unmask, .json],
    example: "cachescope decode --as zlib,pickle --json <entry")

  private static let serveRow = Row(
    summary: "run the built-in engine until SIGINT or SIGTERM",
    notes: """
      Listens on a Unix socket for this user alone, where `engine:` finds it (-u engine:NAME gives
      it another name), and with --port on TCP. Prints one line once it is ready:
      ready redis://127.0.0.1:6380 unix:///run/user/1000/cachescope/default.sock
      """,
    options: [
      .source, .unix, .enginePort, .bind, .maxmemory, .policy, .passwordFile, .maxclients, .dir,
      .snapshotEvery, .aclFile, .tlsCert, .tlsKey,
    ],
    example: "cachescope serve --port 6380 --maxmemory 256mb --policy allkeys-lru")

  private var readingRow: Row {
    switch self {
    case .keys:
      Row(
        summary: "list keys",
        notes: """
          To a terminal a table; to a pipe or file the same columns parted by tabs: type, TTL in
          milliseconds or none, bytes, key. Without --sort keys come as they are found. What a line
          cannot hold is spelled out (\\n, \\xff); --json has every key exactly.
          A query is terms between blanks that must all hold: a part of the name (letter case counts
          only with a capital in it), a glob for the whole name, type:hash; ! before a term negates
          it, "…" takes what is between as it is.
          """,
        options: Self.connection
          + [.match, .whereQuery, .sort, .reverse, .limit, .names, .json],
        example: "cachescope keys --match 'session:*' --sort ttl --limit 20")
    case .get:
      Row(
        arguments: "KEY", count: 1...1, summary: "show a value, decoded",
        notes: """
          On a terminal passwords and tokens are masked; --unmask shows them. What goes to a file or a
          pipe, and what --json and --raw print, is exact.
          """,
        options: Self.connection + [.raw, .unmask, .keyBase64, .json],
        example: "cachescope get user:42 --json")
    case .stats:
      Row(
        summary: "the source's figures",
        options: Self.connection + [.watch, .count, .json, .format, .record],
        example: "cachescope stats --watch 1 --count 60 --json")
    default:
      Row(
        summary: "paint the explorer off screen and print it",
        options: Self.connection
          + [.demo, .seed, .match, .separator, .theme, .size, .keys, .wait, .format, .write],
        example: "cachescope snapshot --demo --size 120x36 --keys 'j j enter'")
    }
  }

  private var transferRow: Row {
    switch self {
    case .copy:
      Row(
        arguments: "FROM TO", count: 2...2, summary: "copy entries from one source to another",
        notes: """
          Type, bytes and the time of expiry stay. A key that exists in TO stays as it is, unless
          --on-conflict replace; the same command again goes on where it was interrupted.
          """,
        options: [
          .cacert, .cacertdir, .cert, .key, .insecure, .config, .match, .whereQuery, .onConflict,
          .confirm,
          .noUndo, .undoLimit, .json,
        ],
        example: "cachescope copy redis://old:6379/0 redis://new:6379/0 --on-conflict skip")
    case .export:
      Row(
        arguments: "FILE", count: 1...1, summary: "write entries to a file; - is a stream",
        notes: """
          JSON Lines: a header, an entry a line with its DUMP payload in base64 and, where it is
          not long, the value to read, and a last line that says it is whole. In the value to read
          passwords and tokens are masked; --unmask shows them.
          """,
        options: Self.connection + [.match, .whereQuery, .resume, .unmask],
        example: "cachescope export --match 'session:*' sessions.jsonl")
    default:
      Row(
        arguments: "FILE", count: 1...1, summary: "put the entries of an export back",
        notes: """
          Entries whose time has come meanwhile are not revived. The same command again goes on
          where it was interrupted.
          """,
        options: Self.connection + [.onConflict, .confirm, .noUndo, .undoLimit, .json],
        example: "cachescope import sessions.jsonl --on-conflict skip")
    }
  }

  private static let planNotes = """
    More than a hundred keys are told before anything is done, and need --confirm on a source
    that a profile marks as production.
    """

  private var changingRow: Row {
    switch self {
    case .set:
      Row(
        arguments: "KEY VALUE", count: 2...2,
        summary: "create or replace a string; VALUE - reads standard input",
        notes: "What is replaced keeps its TTL unless --ttl gives another.",
        options: Self.connection + [
          .ttl, .create, .replace, .keyBase64, .noUndo, .undoLimit, .json,
        ],
        example: "cachescope set greeting hello --ttl 5m")
    case .expire:
      Row(
        arguments: "KEY… TTL", count: 1...Self.anyNumber, summary: "set the TTL of keys",
        notes: "The TTL comes last or by --ttl; one that begins with - by --ttl=-5m or after --.",
        options: Self.connection + [.ttl, .keyBase64, .confirm, .noUndo, .undoLimit, .json],
        example: "cachescope expire session:1 session:2 10m")
    case .persist:
      Row(
        arguments: "KEY…", count: 1...Self.anyNumber, summary: "remove the TTL of keys",
        options: Self.connection + [.keyBase64, .confirm, .noUndo, .undoLimit, .json],
        example: "cachescope persist config:main")
    case .del:
      Row(
        arguments: "KEY…", count: 1...Self.anyNumber, summary: "delete keys",
        notes: Self.planNotes,
        options: Self.connection + [.keyBase64, .confirm, .noUndo, .undoLimit, .json],
        example: "cachescope del page:/ page:/about")
    case .invalidate:
      Row(
        summary: "delete, or give a TTL to, all keys that match",
        notes: """
          Tells the plan first: how many keys by prefix and type, memory, TTLs, a sample of names, how
          long it will take. --dry-run ends there. A plan over more than a hundred keys that are more
          than a tenth of all, and any on a source that a profile marks as production, needs --confirm
          with the name of the database or of the prefix; --yes confirms the others. It goes slower
          while others use the server.
          --tag goes by the rule of whoever keeps the tag, and cleans what names its keys: tags of the
          engine, Laravel, Symfony, Magento and Drupal, versions of Django (django:PREFIX:VERSION),
          functions and regions of dogpile.cache (dogpile:MODULE:FUNCTION, dogpile:PREFIX*), memoized
          functions of Flask-Caching. A name alone will do where one tag has it.
          """,
        options: Self.connection
          + [.match, .whereQuery, .tag, .ttl, .dryRun, .yes, .confirm, .noUndo, .undoLimit, .json],
        example: "cachescope invalidate --match 'page:*' --dry-run")
    default:
      Row(
        summary: "delete all keys of the database",
        notes: """
          Without --yes it asks to type the database's name; where nobody can be asked it refuses.
          On a source that a profile marks as production --yes is not enough: --confirm db0 is.
          """,
        options: Self.connection + [.yes, .confirm, .noUndo, .json],
        example: "cachescope flush -n 2 --yes")
    }
  }
}

extension Subcommand {
  private var undoRow: Row {
    Row(
      arguments: "[ID]", count: 0...1, summary: "take back the last change, or the one named",
      notes: """
        The journal keeps what commands and the explorer change, also of earlier runs, until it holds
        1 GiB or a change is seven days old, unless the configuration says otherwise. What is taken
        back is said before on standard error, and --dry-run ends there. What would have expired by
        now is not revived, and what was written since stays, unless --overwrite puts the older value
        over it. --list shows the changes of this source with their IDs, --purge forgets those of all
        sources. More than one key needs --confirm on a source that a profile marks as production.
        A change belongs to the server that it was made on. One that is restarted mostly goes by
        another identity, and cannot be told from another server: --restarted takes back what was
        changed through the same address before, one change, all or the one named, where the keys are
        still as the change left them.
        """,
      options: Self.connection
        + [.list, .all, .restarted, .overwrite, .dryRun, .purge, .confirm, .undoLimit, .json],
      example: "cachescope undo --list")
  }
}

extension Subcommand {
  /// The commands that this version has.
  static var present: [Subcommand] { allCases.filter { !$0.row.isLater } }

  /// The options that a command takes in this version; nil stands for the explorer.
  static func presentOptions(of command: Subcommand?) -> [CommandLineOption] {
    let options = command.map { $0.row.options + [.help] } ?? explorerOptions
    return options.filter { !$0.row.isLater }
  }

  /// Options of the explorer itself, which has no command's name.
  static let explorerOptions: [CommandLineOption] =
    connection + [
      .match, .separator, .theme, .noColor, .noMouse, .memory, .undoLimit, .demo, .seed, .help,
      .version,
      .record, .replay,
    ]

  /// Options of later versions that every command with a source knows.
  static let laterConnection: [CommandLineOption] = []
}
