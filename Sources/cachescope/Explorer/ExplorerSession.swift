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

  /// Nothing is connected yet: the first screen is painted before the source answers.
  init(_ options: ExplorerOptions) throws(CommandFailure) {
    let mailbox = try Self.makeMailbox()
    let opened = try Self.open(options, mailbox)
    self.mailbox = mailbox
    backend = opened.backend
    demo = opened.demo
    let gate = opened.gate
    runner = EffectRunner(
      backend: backend, mailbox: mailbox, matching: options.match,
      setReadOnly: { gate.setReadOnly($0) })
    var state = ExplorerState(
      now: Moment(milliseconds: SystemClock.monotonicMilliseconds),
      access: options.readOnly ? .readOnlyForGood : .readWrite,
      civilTime: CivilTime.localMilliseconds)
    state.localTime = CivilTime.local
    state.wallOffset = SystemClock.wallMilliseconds - state.now.milliseconds
    state.source.address = opened.address
    state.source.hint = opened.hint
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
    // The process ends now: what cannot be closed in order ends with it.
    try? BlockingRun.wait {
      await demo?.stop()
      await backend.close()
    }
    return status
  }

  private struct Opened {
    var backend: any CacheBackend
    /// What refuses changes below the backend, and is switched with a key.
    var gate: ReadOnlyChannel
    var address: String
    var hint: String
    var demo: DemoSession?
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
    let (address, hint) = try EngineJoining.join(options.source.address)
    let loop = try Composition.eventLoop()
    let source = try Composition.openSource(
      address, passwordCommand: options.source.passwordCommand, readOnly: options.readOnly,
      on: loop,
      onStatus: { mailbox.post(.connection(ConnectionState($0))) })
    return Opened(
      backend: source.backend, gate: source.readOnlyGuard, address: address.description, hint: hint,
      demo: nil)
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
