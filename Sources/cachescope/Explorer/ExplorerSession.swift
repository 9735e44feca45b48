import CacheBackends
import CacheModel
import CacheServer
import Configuration
import Explorer
import ExplorerUI
import RedisClient
import SystemIO

/// An explorer put together: the source behind it, the first state, and what must be ended with it.
struct ExplorerSession {
  let state: ExplorerState
  let mailbox: Mailbox
  let runner: EffectRunner
  private let keymap: Keymap
  private let backend: any CacheBackend
  private let demo: DemoSession?
  /// What was started for this explorer.
  private let engine: StartedEngine?

  /// Nothing is connected yet: the first screen is painted before the source answers.
  init(_ options: ExplorerOptions) throws(CommandFailure) {
    let mailbox = try Self.makeMailbox()
    let opened = try Self.open(options, mailbox)
    self.mailbox = mailbox
    backend = opened.backend
    demo = opened.demo
    engine = opened.engine
    let gate = opened.gate
    runner = EffectRunner(
      backend: backend, mailbox: mailbox, matching: options.match, engine: engine,
      setReadOnly: { gate.setReadOnly($0) })
    var state = ExplorerState(
      now: Moment(milliseconds: SystemClock.monotonicMilliseconds),
      access: options.readOnly ? .readOnlyForGood : .readWrite,
      civilTime: CivilTime.localMilliseconds)
    state.localTime = CivilTime.local
    state.wallOffset = SystemClock.wallMilliseconds - state.now.milliseconds
    state.source.address = opened.address
    state.source.hint = opened.hint
    state.source.isEngineStarted = engine != nil
    if !options.demo, options.source.address.isEngine {
      state.source.welcome = EngineWelcome.lines(
        opened.place, environment: EnvironmentVariable.value(of:))
    }
    if !options.demo { state.source.mark(by: options.source) }
    state.valueBound = ValueBound(
      bytes: options.look.valueBytes ?? state.valueBound.bytes,
      elements: options.look.elements ?? state.valueBound.elements)
    keymap = options.keymap
    self.state = state
  }

  /// Runs the loop on a terminal and ends everything that was started for it.
  func run(on terminal: any TerminalDevice) -> Int32 {
    var loop = ExplorerLoop(
      state: state, terminal: terminal, mailbox: mailbox, runner: runner, keymap: keymap)
    let status = loop.run()
    // Without a person nobody can say that an engine is to stay which nobody uses.
    let stopsUnused = terminal is ScriptedDevice && !loop.stopsEngine
    // The process ends now: what cannot be closed in order ends with it.
    let isUnused = try? BlockingRun.wait {
      let use = stopsUnused ? await engine?.use() : nil
      await demo?.stop()
      await backend.close()
      return use?.isUnused == true
    }
    if loop.stopsEngine || isUnused == true { engine?.stop() }
    return status
  }

  private struct Opened {
    var backend: any CacheBackend
    /// What refuses changes below the backend, and is switched with a key.
    var gate: ReadOnlyChannel
    var address: String
    /// The same as it was before it became text.
    var place = SourceAddress.engine
    var hint: String
    var demo: DemoSession?
    var engine: StartedEngine?
  }

  private static func makeMailbox() throws(CommandFailure) -> Mailbox {
    do throws(Errno) {
      return try Mailbox()
    } catch {
      throw CommandFailure(.io, "cannot wait for news: \(error.text)")
    }
  }

  private static func open(
    _ options: ExplorerOptions, _ mailbox: Mailbox
  ) throws(CommandFailure) -> Opened {
    if options.demo {
      let demo = try DemoSession(seed: options.seed)
      let gate = ReadOnlyChannel(demo.channel, isReadOnly: options.readOnly)
      return Opened(
        backend: RedisBackend(over: gate, address: "demo", database: 0), gate: gate,
        address: "demo", hint: "a simulated web application works on this cache", demo: demo)
    }
    let joined = try EngineJoining.join(options.source.address)
    let name = joined.process == nil ? "cachescope" : "cachescope-\(ProcessIdentity.current)"
    let source = try Composition.openSource(
      joined.address, passwordCommand: options.source.passwordCommand, readOnly: options.readOnly,
      clientName: name, on: try Composition.eventLoop(),
      onStatus: { mailbox.post(.connection(ConnectionState($0))) })
    let engine = joined.process.map {
      StartedEngine(process: $0, channel: source.channel, clientName: name)
    }
    return Opened(
      backend: source.backend, gate: source.readOnlyGuard, address: joined.address.description,
      place: joined.address, hint: joined.hint, demo: nil, engine: engine)
  }
}

extension SourceState {
  /// Marks the source with what the configuration says of it.
  fileprivate mutating func mark(by options: SourceOptions) {
    profile = options.profile?.name ?? ""
    colour = (options.profile ?? options.production)?.colour
    isProduction = options.production != nil
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
    case .closed: self = .refused("closed")
    }
  }
}
