import CacheEngine
import Plans
import TerminalCanvas

/// An option of the command line. Each case has one row of facts, and parsing, help and the
/// messages about wrong use are all read from it; a name means the same for every command.
enum CommandLineOption: String, CaseIterable, Sendable {
  // Which source, and as whom
  case source, host, port, database, password, user, askpass, socket
  case tls, cacert, cacertdir, cert, key, sni, insecure
  case sentinelUser, sentinelPassword, sentinelAskpass
  case cluster, clusterMap
  // How it is opened
  case readOnly, match, separator, theme, noColor, noMouse, memory, demo, seed, config
  // Commands
  case json, names, whereQuery, tag, sort, reverse, limit, raw, ttl, create, replace, keyBase64,
    yes,
    confirm, dryRun, noUndo, undoLimit, list, all, restarted, overwrite, purge
  case onConflict, resume
  case unmask
  case codecs, flags, cacheFile
  case watch, count, size, keys, wait, format, write
  // The engine
  case unix, enginePort, bind, maxmemory, policy, passwordFile, maxclients
  // The program
  case help, version
  // What later versions have
  case record, replay
  case dir, snapshotEvery, aclFile, tlsCert, tlsKey

  /// The facts about one option.
  struct Row: Sendable {
    /// The spellings, the usual one first: `-u`, `--read-only`.
    var names: [String]
    /// What stands for the value in help; nil for a flag.
    var value: String?
    var help: String
    /// A right use, for messages.
    var example: String
    /// Whether this version refuses it as not there yet.
    var isLater = false
  }

  /// The option that is spelled so.
  static func named(_ name: String) -> CommandLineOption? {
    allCases.first { $0.row.names.contains(name) }
  }

  /// What a value can be, as far as a shell can know it.
  enum Values: Sendable, Equatable {
    case anything, file
    /// A profile, or a URL.
    case source
    case words([String])
  }

  /// What the value of this option can be for a command; nil stands for the explorer.
  func values(for command: Subcommand?) -> Values {
    switch self {
    case .source: .source
    case .theme: .words(Theme.names)
    case .sort: .words(KeySortField.allCases.map(\.rawValue))
    case .onConflict: .words(ConflictChoice.allCases.map(\.rawValue))
    case .policy: .words(EvictionPolicy.allCases.map(\.rawValue))
    case .format where command == .stats: .words(StatsCommand.Format.allCases.map(\.rawValue))
    case .format: .words(SnapshotOptions.Format.allCases.map(\.rawValue))
    case .config, .socket, .unix, .passwordFile, .cacert, .cacertdir, .cert, .key: .file
    default: .anything
    }
  }

  /// The usual spelling.
  var name: String { row.names.first ?? rawValue }

  var takesValue: Bool { row.value != nil }

  var row: Row {
    sourceRow ?? wayRow ?? sentinelRow ?? clusterRow ?? commandRow ?? engineRow ?? laterRow
  }
}
