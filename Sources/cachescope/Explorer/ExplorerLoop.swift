import CacheModel
import CursesTerminal
import Explorer
import ExplorerUI
import Plans
import SystemIO
import TerminalCanvas

/// What the loop needs of a terminal. The real one is ncurses; `snapshot` has one without a screen.
protocol TerminalDevice {
  var size: ScreenSize { get }
  /// Whether there are no colours to tell things apart by.
  var isColourless: Bool { get }
  /// Whether a key is on its way of which a part has come.
  var isKeyOpen: Bool { get }
  /// Waits for something, at most so long.
  func nextEvent(timeoutMilliseconds: Int?, wakeDescriptor: Int32?) -> TerminalEvent?
  /// `isSettled`: nothing that was asked for is still to come.
  func show(_ frame: Frame, isSettled: Bool)
  func repaint()
  /// Shows frames in another theme from now on; nil lets the background choose.
  func wear(_ theme: Theme?)
  /// Puts bytes on the clipboard.
  func copy(_ bytes: [UInt8]) -> CopyOutcome
  func suspend()
  func runInterruption<Result>(_ body: () -> Result) -> Result
}

/// The main thread's loop: waits for keys and news, lets `update` decide, draws.
///
/// A key press is answered before anything else: keys are looked for between any two portions of
/// work, portions end after a few milliseconds, and a press gets its frame at once. What has come
/// from the source and what is left of long work is taken in portion by portion; for that a frame is
/// drawn at most thirty times a second. An action on the row that keys typed with it have led to gets
/// their frame first, so that it belongs to what is painted. For the few milliseconds in which it is open whether an ESC
/// is the key of that name, all of that waits. Without work the loop sleeps in `poll`.
struct ExplorerLoop {
  private var state: ExplorerState
  private let terminal: any TerminalDevice
  private(set) var source: ExplorerSource
  private let switcher: SourceSwitcher
  private let keymap: Keymap
  private var rendering: Rendering
  private var size: ScreenSize
  private var isDirty = true
  /// A key was pressed since the last frame.
  private var wasPressed = false
  /// The row under the cursor had gone when the first key since the last frame was pressed.
  private var lostRow = false
  /// News that is still to be taken in.
  private var backlog: ArraySlice<Event> = []
  private var isFinished = false
  private var lastFrame = Moment(milliseconds: 0)
  private var exitStatus: Int32 = 0
  /// Whether the person wants the engine to end too.
  private(set) var stopsEngine = false
  /// Sources that were left and have started something which goes on.
  private(set) var leftSources: [ExplorerSource] = []
  private var mailbox: Mailbox { source.mailbox }
  private var runner: EffectRunner { source.runner }

  /// Milliseconds between two frames at least, and between two looks at the clock at most.
  private static let frameInterval: Int64 = 33
  private static let tickInterval: Int64 = 250
  /// Milliseconds of one portion of work.
  private static let portion: Int64 = 8

  init(
    state: ExplorerState, terminal: any TerminalDevice, source: ExplorerSource,
    switcher: SourceSwitcher, keymap: Keymap = .standard
  ) {
    self.state = state
    self.terminal = terminal
    self.source = source
    self.switcher = switcher
    self.keymap = keymap
    size = terminal.size
    rendering = render(
      state, size: size, keymap: keymap, isColourless: terminal.isColourless)
  }

  /// Runs until the person leaves; answers the exit status.
  mutating func run() -> Int32 {
    draw()
    while !isFinished {
      take(nextEvent())
      while !isFinished,
        let event = terminal.nextEvent(timeoutMilliseconds: 0, wakeDescriptor: nil)
      {
        take(event)
      }
      if wasPressed, !isFinished { draw() }
      if terminal.isKeyOpen { continue }
      work()
      if let look = state.nextLook, look <= now, !isFinished { send(.tick) }
      let isDue = isDirty || sinceLastFrame(atLeast: Self.tickInterval) == 0
      if isDue, sinceLastFrame(atLeast: Self.frameInterval) == 0, !isFinished { draw() }
    }
    return exitStatus
  }

  /// What happens next; while a key is open, nothing but the terminal is listened to.
  private func nextEvent() -> TerminalEvent? {
    terminal.isKeyOpen
      ? terminal.nextEvent(timeoutMilliseconds: Int(Self.tickInterval), wakeDescriptor: nil)
      : terminal.nextEvent(timeoutMilliseconds: pause, wakeDescriptor: mailbox.descriptor)
  }

  /// How long to wait for something to happen: not at all while there is work.
  private var pause: Int {
    if !backlog.isEmpty || state.hasPendingWork { return 0 }
    let beat = isDirty ? sinceLastFrame(atLeast: Self.frameInterval) : Self.tickInterval
    return Int(state.nextLook.map { max(0, min(beat, $0.milliseconds(since: now))) } ?? beat)
  }

  /// One portion of the work: a slice of what is left to do, then news, then more slices.
  private mutating func work() {
    let end = now.advanced(by: Self.portion)
    backlog += mailbox.drain()
    if state.hasPendingWork { send(.advance) }
    while !isFinished, now < end {
      if let event = backlog.popFirst() {
        send(event)
      } else if state.hasPendingWork {
        send(.advance)
      } else {
        return
      }
    }
  }

  /// Milliseconds until so long after the last frame.
  private func sinceLastFrame(atLeast interval: Int64) -> Int64 {
    max(0, interval - now.milliseconds(since: lastFrame))
  }

  private var now: Moment { Moment(milliseconds: SystemClock.monotonicMilliseconds) }

  private mutating func take(_ event: TerminalEvent?) {
    switch event {
    case .key(let key): press(key)
    case .resized(let size):
      self.size = size
      isDirty = true
    case .resumed(let size):
      self.size = size
      send(.resumed)
    case .stop: suspend()
    case .background: isDirty = true
    case .terminate(let signal):
      exitStatus = 128 + signal
      isFinished = true
    case .inputEnded: isFinished = true
    case .woken, nil: break
    }
  }

  /// Nothing is read while the program is stopped: what the server would tell it must not pile up.
  private func suspend() {
    runner.stopFollowing()
    terminal.suspend()
  }

  private mutating func press(_ key: Key) {
    guard let event = keymap.event(for: key, in: state, over: rendering.regions) else { return }
    if !wasPressed { lostRow = state.keys.displacedAt.map { $0 >= lastFrame } ?? false }
    if wasPressed, !lostRow, event.isMeantForRow { draw() }
    wasPressed = true
    send(event)
  }

  private mutating func send(_ event: Event) {
    isDirty = true
    for effect in update(&state, event, at: now) { carryOut(effect) }
  }

  private mutating func draw() {
    send(.tick)
    rendering = render(
      state, size: size, keymap: keymap, isColourless: terminal.isColourless)
    terminal.show(rendering.frame, isSettled: state.isSettled)
    lastFrame = now
    send(.presented(rendering.presentation))
    isDirty = false
    wasPressed = false
  }

  private mutating func carryOut(_ effect: Effect) {
    if runner.start(effect) { return }
    switch effect {
    case .editOutside(let request, let task):
      runner.stopFollowing()
      let outcome = terminal.runInterruption { ExternalEditor().edit(task) }
      send(.editorFinished(request, outcome))
    case .copy(let bytes): send(.copied(terminal.copy(bytes)))
    case .probe(let request, let address): switcher.probe(address, request, mailbox)
    case .askTarget(let request, let choice): switcher.askTarget(choice, request, mailbox)
    case .runPlan(let request, let task): copy(request, task)
    case .switchSource(let choice): turn(to: choice)
    case .redraw: terminal.repaint()
    case .suspend: suspend()
    case .stopEngine: stopsEngine = true
    case .quit: isFinished = true
    default: break
    }
  }

  /// Starts a plan that copies to another source.
  private mutating func copy(_ request: RequestID, _ task: PlanTask) {
    guard let choice = task.copy?.choice else { return }
    do throws(CommandFailure) {
      runner.copy(request, task, to: try switcher.place(for: choice))
    } catch {
      var report = PlanReport()
      report.notDone = task.total
      report.problem = .notAsked(
        .unreachable(endpoint: "the other source", reason: error.message))
      report.isTargetProblem = true
      send(.planEnded(request, report))
    }
  }

  /// Opens another source in place of this one; when that fails, this one stays.
  private mutating func turn(to choice: SourceChoice) {
    do throws(CommandFailure) {
      let next = try switcher.open(choice)
      if source.keepsEngine { leftSources.append(source) } else { source.leave() }
      source = next
      terminal.wear(next.theme)
      send(.switched(next.state, next.access, next.look))
      send(.known(switcher.choices))
    } catch {
      send(.switchFailed(error.message))
    }
  }
}

extension Event {
  /// Whether it acts on the row under the cursor, as that was painted.
  fileprivate var isMeantForRow: Bool {
    guard case .action(let action) = self else { return false }
    return action.descriptor.group != .move && action.descriptor.group != .program
  }
}
