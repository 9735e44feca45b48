import TerminalCanvas
import ValueDecoding

extension CommandLineOption {
  private static func row(
    _ names: String..., value: String? = nil, help: String, example: String? = nil
  ) -> Row {
    Row(names: names, value: value, help: help, example: example ?? names.first ?? "")
  }

  /// Options about the source and how it is opened.
  var sourceRow: Row? {
    switch self {
    case .source:
      Self.row(
        "-u", "--source", value: "SOURCE",
        help:
          "the source: redis://, rediss://, redis+sentinel://, redis+cluster://, unix://, engine: or a profile",
        example: "-u redis://127.0.0.1:6379/0")
    case .host:
      Self.row(
        "-h", "--host", value: "HOST", help: "the server's name or address",
        example: "-h 127.0.0.1")
    case .port:
      Self.row("-p", value: "PORT", help: "its port (6379)", example: "-p 6379")
    case .database:
      Self.row("-n", "--db", value: "DB", help: "the number of the database (0)", example: "-n 2")
    case .password:
      Self.row(
        "-a", "--pass", value: "PASSWORD",
        help: "the password; REDISCLI_AUTH and --askpass show it to nobody", example: "-a secret")
    case .user:
      Self.row("--user", value: "NAME", help: "the ACL user", example: "--user anna")
    case .askpass: Self.row("--askpass", help: "ask for the password on the terminal")
    case .socket:
      Self.row(
        "-s", "--socket", value: "SOCKET", help: "a server's Unix socket",
        example: "-s /run/redis/redis.sock")
    case .readOnly: Self.row("--read-only", help: "change nothing")
    case .match:
      Self.row(
        "--match", value: "GLOB", help: "only keys that match, as in SCAN",
        example: "--match 'user:*'")
    case .separator:
      Self.row(
        "--separator", value: "CHARS", help: "each of these parts the names of keys (:)",
        example: "--separator ':/'")
    case .theme:
      Self.row(
        "--theme", value: "NAME",
        help: "the colours: " + Theme.names.joined(separator: ", "),
        example: "--theme light")
    case .noColor: Self.row("--no-color", help: "no colours")
    case .noMouse: Self.row("--no-mouse", help: "leave the mouse to the terminal")
    case .memory:
      Self.row(
        "--memory", value: "SIZE",
        help: "what the loaded keys may take (1gb); of more keys than fit a sample is kept",
        example: "--memory 4gb")
    case .demo: Self.row("--demo", help: "a fresh engine with a simulated web application on it")
    case .seed:
      Self.row("--seed", value: "N", help: "the same demo again", example: "--seed 7")
    case .config:
      Self.row(
        "--config", value: "FILE", help: "a configuration instead of the usual one",
        example: "--config cachescope.json5")
    case .help: Self.row("--help", help: "this text")
    case .version: Self.row("--version", help: "the version")
    default: nil
    }
  }

  /// Options about TLS.
  var wayRow: Row? {
    switch self {
    case .tls: Self.row("--tls", help: "encrypted and verified, as rediss:// is")
    case .cacert:
      Self.row(
        "--cacert", value: "F",
        help: "TLS: believe the authorities in this file (PEM), instead of the system's",
        example: "--cacert ca.pem")
    case .cacertdir:
      Self.row(
        "--cacertdir", value: "D", help: "TLS: the same for the files of a folder",
        example: "--cacertdir /etc/cache/ca")
    case .cert:
      Self.row(
        "--cert", value: "F", help: "TLS: the client's own certificate (PEM)",
        example: "--cert client.crt --key client.key")
    case .key:
      Self.row(
        "--key", value: "F", help: "TLS: its key, without a pass phrase",
        example: "--cert client.crt --key client.key")
    case .sni:
      Self.row(
        "--sni", value: "NAME",
        help: "TLS: the name to ask for and to find in the certificate, instead of the host's",
        example: "--sni cache.example")
    case .insecure:
      Self.row("--insecure", help: "TLS: believe whoever answers; never by itself")
    default: nil
    }
  }

  /// Options about the sentinels of a source.
  var sentinelRow: Row? {
    switch self {
    case .sentinelUser:
      Self.row(
        "--sentinel-user", value: "NAME", help: "as whom sentinels are asked",
        example: "--sentinel-user watcher")
    case .sentinelPassword:
      Self.row(
        "--sentinel-pass", value: "PASSWORD",
        help: "their password, which is not that of the servers", example: "--sentinel-pass secret")
    case .sentinelAskpass:
      Self.row("--sentinel-askpass", help: "ask for the sentinels' password on the terminal")
    default: nil
    }
  }

  /// Options about clusters.
  var clusterRow: Row? {
    switch self {
    case .cluster:
      Self.row(
        "-c", help: "the server is a node of a cluster, which is opened as a whole",
        example: "-c -h 10.0.0.1")
    case .clusterMap:
      Self.row(
        "--cluster-map", value: "INSIDE=OUTSIDE,…",
        help: "where nodes are reached that are not where they say",
        example: "--cluster-map 10.0.0.1:6379=gate.example:7001")
    default: nil
    }
  }

  /// Options of the commands for scripts.
  var commandRow: Row? {
    switch self {
    case .json: Self.row("--json", help: "JSON; one object a line for lists")
    case .names: Self.row("--names", help: "names alone; asks for nothing else about the keys")
    case .whereQuery:
      Self.row(
        "--where", value: "QUERY", help: "only keys that the query line finds",
        example: "--where 'session ttl<1h !type:hash'")
    case .tag:
      Self.row(
        "--tag", value: "TAG",
        help: "the keys of a tag, by its keeper's rule: posts, laravel:posts, django:shop:1",
        example: "--tag laravel:posts")
    case .sort:
      Self.row(
        "--sort", value: "FIELD", help: "key, ttl, size, idle or type",
        example: "--sort ttl")
    case .reverse: Self.row("--reverse", help: "the other way round")
    case .limit:
      Self.row("--limit", value: "N", help: "at most so many", example: "--limit 100")
    case .raw: Self.row("--raw", help: "the bytes as they are")
    case .ttl:
      Self.row(
        "--ttl", value: "TTL",
        help: "90, 1500ms, 5m, 2h30m, +10m, -5m, @2026-12-01T10:00, none, now or 5m~10%",
        example: "--ttl=5m")
    case .create: Self.row("--create", help: "fail when the key exists")
    case .replace: Self.row("--replace", help: "replace a key of another type too")
    case .keyBase64:
      Self.row("--key-b64", help: "the keys given are base64, as key_b64 of keys --json")
    case .yes: Self.row("--yes", help: "do it without asking")
    case .confirm:
      Self.row(
        "--confirm", value: "NAME",
        help: "do it: NAME is that of the database; production needs it", example: "--confirm db0")
    case .dryRun: Self.row("--dry-run", help: "tell the plan and change nothing")
    case .noUndo: Self.row("--no-undo", help: "keep nothing that takes it back")
    case .undoLimit:
      Self.row(
        "--undo-limit", value: "SIZE",
        help: "values up to so large are kept to take the change back (64mb)",
        example: "--undo-limit 256mb")
    case .restarted:
      Self.row(
        "--restarted",
        help: "changes made through this address before the server was restarted or replaced")
    case .overwrite:
      Self.row("--overwrite", help: "put older values back over what was written since")
    case .list: Self.row("--list", help: "list the changes instead, newest first")
    case .all: Self.row("--all", help: "all changes of this source, newest first")
    case .purge:
      Self.row("--purge", help: "forget the old values of all sources; nothing is taken back")
    case .onConflict:
      Self.row(
        "--on-conflict", value: "CHOICE",
        help: "keys that exist: skip, replace, or fail (as it is) when through",
        example: "--on-conflict skip")
    case .codecs:
      Self.row(
        "--as", value: "NAME,…",
        help: "the layers, the outermost first: "
          + ValueCodec.allCases.map(\.rawValue).joined(separator: ", "),
        example: "--as zlib,pickle")
    case .flags:
      Self.row(
        "--flags", value: "N", help: "the flags that memcached keeps beside the value",
        example: "--flags 9")
    case .cacheFile:
      Self.row("--file", help: "KEY is the name of a file of a cache, and the bytes its content")
    case .unmask:
      Self.row("--unmask", help: "passwords and tokens as they are, where they would be masked")
    case .resume: Self.row("--resume", help: "go on with a file that was not finished")
    case .watch:
      Self.row(
        "--watch", value: "SECONDS", help: "again and again, so far apart",
        example: "--watch 1")
    case .count:
      Self.row("--count", value: "N", help: "so many times", example: "--watch 1 --count 60")
    case .size:
      Self.row("--size", value: "SIZE", help: "columns and rows (80x24)", example: "--size 120x36")
    case .keys:
      Self.row("--keys", value: "KEYS", help: "keys to press first", example: "--keys 'j j enter'")
    case .wait:
      Self.row(
        "--wait", value: "SECONDS", help: "time to let pass before each picture (1)",
        example: "--wait 2")
    case .format:
      Self.row(
        "--format", value: "NAME", help: "stats: prometheus; snapshot: text or ansi",
        example: "--format prometheus")
    case .write: Self.row("--write", help: "let the keys change the source")
    default: nil
    }
  }

  /// Options of the built-in engine.
  var engineRow: Row? {
    switch self {
    case .unix:
      Self.row(
        "--unix", value: "PATH", help: "the Unix socket, instead of this user's own",
        example: "--unix /run/app/cache.sock")
    case .enginePort:
      Self.row("--port", value: "N", help: "TCP too; 0 picks a free port", example: "--port 6380")
    case .bind:
      Self.row(
        "--bind", value: "ADDRESS", help: "for TCP (127.0.0.1); others need a password",
        example: "--bind 127.0.0.1")
    case .maxmemory:
      Self.row(
        "--maxmemory", value: "SIZE", help: "the bound on memory (none)",
        example: "--maxmemory 256mb")
    case .policy:
      Self.row(
        "--policy", value: "NAME", help: "what gives way at the bound",
        example: "--policy allkeys-lru")
    case .passwordFile:
      Self.row(
        "--password-file", value: "F", help: "a file whose first line is the password",
        example: "--password-file /etc/cache.password")
    case .maxclients:
      Self.row(
        "--maxclients", value: "N", help: "the most connections (10000)",
        example: "--maxclients 100")
    default: nil
    }
  }

  /// Options that are known and not there yet.
  var laterRow: Row {
    var row =
      switch self {
      case .record: Self.row("--record", value: "FILE", help: "record")
      case .replay: Self.row("--replay", value: "FILE", help: "replay")
      case .dir: Self.row("--dir", value: "DIR", help: "where snapshots are")
      case .snapshotEvery: Self.row("--snapshot", value: "SECONDS", help: "time between snapshots")
      case .aclFile: Self.row("--acl-file", value: "F", help: "users and rights")
      case .tlsCert: Self.row("--tls-cert", value: "F", help: "TLS: certificate")
      case .tlsKey: Self.row("--tls-key", value: "F", help: "TLS: key")
      default: Self.row(rawValue, help: "")
      }
    row.isLater = true
    return row
  }
}
