import CacheModel
import Configuration
import Explorer
import ExplorerUI
import SystemIO

/// An explorer put together: its first source, the first state, and how to turn to other sources.
struct ExplorerSession {
  let state: ExplorerState
  private let source: ExplorerSource
  private let switcher: SourceSwitcher
  private let keymap: Keymap

  /// Nothing is connected yet: the first screen is painted before the source answers.
  init(_ options: ExplorerOptions) throws(CommandFailure) {
    switcher = SourceSwitcher(options)
    source = try switcher.open(options)
    var state = ExplorerState(
      now: Moment(milliseconds: SystemClock.monotonicMilliseconds), access: source.access,
      civilTime: CivilTime.localMilliseconds)
    state.localTime = CivilTime.local
    state.wallOffset = SystemClock.wallMilliseconds - state.now.milliseconds
    state.source = source.state
    state.connections.choices = switcher.choices
    state.adopt(source.look)
    keymap = options.keymap
    self.state = state
  }

  /// Runs the loop on a terminal and ends everything that was started for it.
  func run(on terminal: any TerminalDevice) -> Int32 {
    var loop = ExplorerLoop(
      state: state, terminal: terminal, source: source, switcher: switcher, keymap: keymap)
    let status = loop.run()
    // Without a person nobody can say that an engine is to stay which nobody uses.
    let stopsUnused = terminal is ScriptedDevice && !loop.stopsEngine
    for left in loop.leftSources { left.end(stoppingEngine: false, stoppingUnused: true) }
    loop.source.end(stoppingEngine: loop.stopsEngine, stoppingUnused: stopsUnused)
    return status
  }
}
