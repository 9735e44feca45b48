package import CacheModel

/// All that the program is at one moment. Changed by `update` alone.
package struct ExplorerState: Sendable {
  package var source = SourceState()
  package var screen = Screen.keys
  package var focus = Pane.list
  package var split = PaneSplit()
  package var keys = KeysState()
  package var preview = PreviewState()
  package internal(set) var tags = TagsState()
  package var stats = StatsState()
  package internal(set) var expiry = ExpiryState()
  package var prompt: Prompt?
  /// What lies over the screen, the uppermost last.
  package internal(set) var overlays: [Overlay] = []
  package var message: Message?
  package var undo = UndoState()
  package var connections = KnownConnections()
  package var access: Access
  /// How the source that is open was configured to be shown.
  package internal(set) var look = SourceLook()
  /// What of a value is fetched unasked.
  package var valueBound = ValueBound.preview
  package var isPaused = false
  package var work: WorkState = WorkState()
  /// The time of the last event.
  package internal(set) var now: Moment
  /// Local date and time to milliseconds since 1970, for TTLs given as a date.
  package var civilTime: @Sendable (CivilTime) -> Int64?
  /// The other way round: a moment as the person's clock shows it.
  package var localTime: @Sendable (WallTime) -> CivilTime = { CivilTime(utc: $0) }
  /// The wall clock less the clock of `now`, in milliseconds; corrected by every sample of figures.
  package var wallOffset: Int64 = 0
  /// What the last frame showed.
  var painted: Presentation?
  var lastRequest = 0
  /// When an action was refused that opens a field to type into.
  var refusedAt: Moment?
  /// The action under way, for what it has to wait for.
  var performing: Action?

  package init(
    now: Moment, access: Access = .readWrite, civilTime: @escaping @Sendable (CivilTime) -> Int64?
  ) {
    self.now = now
    self.civilTime = civilTime
    self.access = access
  }
}

/// The screens that exist, with the digits that choose them.
package enum Screen: Int, Sendable, Hashable, CaseIterable {
  case keys = 1
  case stats = 2
  case expiry = 3

  package var title: String {
    switch self {
    case .keys: "Keys"
    case .stats: "Stats"
    case .expiry: "Expiry"
    }
  }
}

extension Screen {
  /// The action that shows it.
  package var action: Action {
    switch self {
    case .keys: .showKeys
    case .stats: .showStats
    case .expiry: .showExpiry
    }
  }
}

package enum Pane: Sendable, Hashable {
  case list
  case value
}

/// Whether changes are sent.
package enum Access: Sendable, Hashable {
  case readWrite
  /// Switched on with a key; may be switched off after asking.
  case readOnly
  /// By option or by the server's rights; stays.
  case readOnlyForGood

  package var allowsChanges: Bool { self == .readWrite }
}

/// The source and the connection to it.
package struct SourceState: Sendable, Equatable {
  package var connection: ConnectionState = .connecting
  package var description: SourceDescription?
  /// What the person asked for, shown until the source has said what it is.
  package var address: String = ""
  /// Where the server is that the source is at this moment, of several that it may be; empty when it
  /// is always the same one.
  package var server: String = ""
  /// As whom; nil for the user that needs no name.
  package var user: String?
  /// The name of the profile that it was opened by, and the colour that marks it.
  package var profile: String = ""
  package var colour: SourceColour?
  /// What protects the connection from whoever is on the way.
  package var protection = SourceProtection.none
  /// As a script names it, where that is not the address.
  package var scriptName: String = ""
  /// Whether it is marked as production: many keys at a time are changed only when its name is typed.
  package var isProduction = false
  /// Whether the profile, and not an option, forbids changes.
  package var isReadOnlyByProfile = false
  /// Whether the journal keeps old values of it; otherwise nothing can be taken back.
  package var keepsOldValues = true
  /// Bytes of the largest value that is kept.
  package var undoLimit = CapturedState.standardLimit
  /// The same as a person reads it.
  package var undoLimitText: String {
    undoLimit < 10 << 20 ? "\(undoLimit >> 10) KiB" : "\(undoLimit >> 20) MiB"
  }
  /// Whether it is the built-in engine of this user, and whether that was started for this explorer.
  package var isEngine = false
  package var isEngineStarted = false
  /// How an application connects to it, where that is not the address.
  package var hint: String = ""
  /// It is in this process alone and ends with it.
  package var isDemo = false
  /// The keys that it is bound to, as a glob.
  package var glob: [UInt8]?
  /// What a person who has opened an empty cache may want to know, in sentences.
  package var welcome: [String] = []
  /// The question what the source is, while it is under way, and how often it has failed.
  var opening: RequestID?
  var failedOpenings = 0
  /// Why it failed last, in a sentence.
  var trouble = ""

  package init() {}
}

/// The colours that a person may mark a source with; a theme has one of its own for each.
package enum SourceColour: String, Sendable, Hashable, CaseIterable {
  case red, orange, yellow, green, blue, grey
}
