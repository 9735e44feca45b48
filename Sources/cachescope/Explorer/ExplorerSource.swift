import CacheBackends
import CacheModel
import CacheServer
import Configuration
import Explorer
import RESP
import RedisClient
import SystemIO
import TerminalCanvas

/// One source that an explorer works on: what stands behind it, how it begins, and what must be
/// ended with it. Another one takes its place when the person turns to another source.
struct ExplorerSource {
  /// What is known before it has answered.
  let state: SourceState
  let access: Access
  /// How it is shown, and in which theme; nil when the terminal's background is to choose that.
  let look: SourceLook
  let theme: Theme?
  let mailbox: Mailbox
  let runner: EffectRunner
  private let backend: any CacheBackend
  private let demo: DemoSession?
  private let engine: UsedEngine?

  /// Nothing is connected yet.
  init(
    _ options: ExplorerOptions, _ thread: ConnectionThread, _ journals: Journals
  ) throws(CommandFailure) {
    let mailbox = try Self.makeMailbox()
    let opened = try Self.open(options, mailbox, thread)
    self.mailbox = mailbox
    backend = opened.backend
    demo = opened.demo
    engine = opened.engine
    let gate = opened.gate
    let keeper = journals.keeper(for: options) { mailbox.post(.note($0)) }
    runner = EffectRunner(
      backend: backend, keeper: keeper,
      undoLimit: options.demo ? CapturedState.standardLimit : options.source.undoLimit,
      mailbox: mailbox, matching: options.match, engine: engine,
      log: opened.log,
      setReadOnly: { gate.setReadOnly($0) },
      reconnect: { [channel = opened.channel] in
        await channel?.reconnect()
      })
    access = options.readOnly ? .readOnlyForGood : .readWrite
    look = SourceLook(options.look)
    theme = options.theme
    var state = SourceState()
    state.address = opened.address
    state.hint = opened.hint
    state.isDemo = options.demo
    state.glob = options.match
    state.isEngine = engine != nil
    state.isEngineStarted = engine?.started != nil
    if !options.demo, options.source.address.isEngine {
      state.welcome = EngineWelcome.lines(opened.place, environment: EnvironmentVariable.value(of:))
    }
    if !options.demo {
      state.mark(by: options.source)
      state.user = options.source.address.user
      state.protection = options.source.address.protection
      state.isReadOnlyByProfile =
        !options.isReadOnlyForced && options.source.profile?.isReadOnly == true
    }
    self.state = state
  }

  /// Whether it has started something that must not end before the explorer does.
  var keepsEngine: Bool { engine?.started != nil }

  /// Ends everything that was started for it. An engine ends when that is wanted, and one that was
  /// started also with `stoppingUnused` when nobody else uses it.
  func end(stoppingEngine: Bool, stoppingUnused: Bool) {
    // The process ends now: what cannot be closed in order ends with it.
    let process = try? BlockingRun.wait {
      let use = stoppingUnused && keepsEngine ? await engine?.use() : nil
      let isEnding = stoppingEngine || use?.isUnused == true
      let process = isEnding ? await engine?.process() : nil
      await demo?.stop()
      await backend.close()
      return process
    }
    if let process { UsedEngine.stop(process) }
  }

  /// Closes it while the explorer goes on.
  func leave() {
    let (backend, demo) = (backend, demo)
    Task {
      await demo?.stop()
      await backend.close()
    }
  }

  private struct Opened {
    var backend: any CacheBackend
    /// What refuses changes below the backend, and is switched with a key.
    var gate: ReadOnlyChannel
    /// The writes that were sent.
    var log: CommandLog
    var address: String
    /// The same as it was before it became text.
    var place = SourceAddress.engine
    var hint: String
    var demo: DemoSession?
    var engine: UsedEngine?
    /// What connects to a server.
    var channel: (any SourceChannel)?
  }

  private static func makeMailbox() throws(CommandFailure) -> Mailbox {
    do throws(Errno) {
      return try Mailbox()
    } catch {
      throw CommandFailure(.io, "cannot wait for news: \(error.text)")
    }
  }

  private static func open(
    _ options: ExplorerOptions, _ mailbox: Mailbox, _ thread: ConnectionThread
  ) throws(CommandFailure) -> Opened {
    if options.demo {
      let demo = try DemoSession(seed: options.seed)
      let log = CommandLog(address: "demo", writesFile: false)
      let gate = ReadOnlyChannel(
        LoggingChannel(demo.channel, to: log), isReadOnly: options.readOnly)
      return Opened(
        backend: RedisBackend(over: gate, address: "demo", database: 0), gate: gate, log: log,
        address: "demo", hint: "a simulated web application works on this cache", demo: demo)
    }
    let joined = try EngineJoining.join(options.source.address)
    let isEngine = options.source.address.isEngine
    let name = isEngine ? "cachescope-\(ProcessIdentity.current)" : "cachescope"
    let source = try Composition.openSource(
      joined.address, passwordCommand: options.source.passwordCommand, readOnly: options.readOnly,
      journal: options.source.journal, clientName: name, on: try thread.eventLoop(),
      onStatus: { mailbox.post(.connection(ConnectionState($0))) },
      onServer: { mailbox.post(.server($0.address)) },
      onNote: { mailbox.post(.note($0)) })
    let engine =
      isEngine
      ? UsedEngine(started: joined.process, channel: source.channel, clientName: name) : nil
    return Opened(
      backend: source.backend, gate: source.readOnlyGuard, log: source.log,
      address: joined.address.description,
      place: joined.address, hint: joined.hint, demo: nil, engine: engine, channel: source.channel)
  }
}

extension SourceLook {
  /// What the configuration says, and where it says nothing, what is usual.
  fileprivate init(_ configured: ConfiguredLook) {
    self.init()
    isTree = configured.view.map { $0 == .tree } ?? isTree
    separators = configured.separators.map { KeySeparators($0) } ?? separators
    memoryBound = configured.memory ?? memoryBound
    valueBound = ValueBound(
      bytes: configured.valueBytes ?? valueBound.bytes,
      elements: configured.elements ?? valueBound.elements)
  }
}

extension SourceState {
  /// Marks the source with what the configuration says of it.
  fileprivate mutating func mark(by options: SourceOptions) {
    profile = options.profile?.name ?? ""
    scriptName = options.scriptName
    colour = (options.profile ?? options.production)?.colour
    isProduction = options.production != nil
    keepsOldValues = options.journal != .keys
    undoLimit = options.undoLimit
  }
}

extension ConnectionState {
  /// What a channel says of its connection, in the explorer's words.
  init(_ status: ConnectionStatus) {
    switch status {
    case .idle, .connecting: self = .connecting
    case .connected: self = .connected
    case .busy: self = .busy
    case .waiting(let until, let reason):
      self = .waiting(
        reason: BackendError(reason).sentence, retryAt: Moment(milliseconds: until))
    case .refused(let reason):
      let error = BackendError(reason)
      self = .refused(reason: reason.refusal, asksForPassword: error.asksForPassword)
    case .closed: self = .refused(reason: "closed", asksForPassword: false)
    }
  }
}

extension ChannelError {
  /// The server's words where it refused the login.
  fileprivate var refusal: String {
    if case .loginRefused(let words) = self { words } else { BackendError(self).sentence }
  }
}
