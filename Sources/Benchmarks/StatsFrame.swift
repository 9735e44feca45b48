import CacheModel
import Explorer
import ExplorerUI
import SystemIO
import TerminalCanvas
import TestSupport

/// What a frame of the Stats and the Expiry screen costs at 200x60, with a day of history and a
/// keyspace behind them.
struct StatsFrame {
  let keys: Int
  private static let size = ScreenSize(columns: 200, rows: 60)
  private static let frames = 300
  private static let limit = 2.0

  func run() {
    var state = history()
    print("history of a day: \(state.stats.history.heldBytes >> 10) KiB")
    _ = update(&state, .action(.showStats), at: now)
    for window in StatsWindow.allCases {
      while state.stats.window != window { step(&state, towards: window) }
      frame(state, "Stats over \(window.title)")
    }
    fill(&state)
    _ = update(&state, .action(.showExpiry), at: now)
    let started = SystemClock.monotonicMicroseconds
    _ = update(&state, .tick, at: now)
    var slices = 1
    while state.hasPendingWork {
      _ = update(&state, .advance, at: now)
      slices += 1
    }
    let took = Double(SystemClock.monotonicMicroseconds - started) / 1000
    Report.line("counting \(keys) keys", took, "ms, in \(slices) slices")
    frame(state, "Expiry")
  }

  private var now: Moment { Moment(milliseconds: 100_000_000) }

  private func step(_ state: inout ExplorerState, towards window: StatsWindow) {
    let isLonger = state.stats.window.milliseconds < window.milliseconds
    _ = update(&state, .action(isLonger ? .zoomOut : .zoomIn), at: now)
  }

  private func frame(_ state: ExplorerState, _ name: String) {
    var best = Double.infinity
    for _ in 0..<Self.frames {
      let started = SystemClock.monotonicMicroseconds
      let rendering = render(state, size: Self.size)
      let took = Double(SystemClock.monotonicMicroseconds - started) / 1000
      withExtendedLifetime(rendering) {}
      best = min(best, took)
    }
    Report.line("a frame of \(name)", best, "ms", limit: Self.limit)
  }

  /// A day of traffic, a sample each second.
  private func history() -> ExplorerState {
    var state = ExplorerState(
      now: Moment(milliseconds: 0), access: .readWrite, civilTime: { $0.utcMilliseconds })
    var random = SeededRandom(seed: 1)
    var hits: Int64 = 0
    _ = update(&state, .opened(Scene.source), at: Moment(milliseconds: 1))
    for second in Int64(13_600)...100_000 {
      let moment = Moment(milliseconds: second * 1000)
      hits += Int64.random(in: 4000...6000, using: &random)
      var sample = CacheStatistics(time: WallTime(milliseconds: second * 1000), moment: moment)
      for figure in StatsFigure.allCases { sample[figure] = hits / Int64(figure.rawValue + 1) }
      sample.maxMemory = .some(ByteCount(hits))
      sample.byCommand = (0..<40).map {
        CommandFigures(
          name: "command\($0)", calls: hits / Int64($0 + 1), microseconds: hits / Int64($0 + 2),
          failures: 0)
      }
      sample.runID = "a"
      _ = update(&state, .sampled(sample), at: moment)
    }
    return state
  }

  private func fill(_ state: inout ExplorerState) {
    var random = SeededRandom(seed: 2)
    let names = ["session", "page", "user", "rate", "query", "lock"]
    for number in 0..<keys {
      let name = names[number % names.count]
      let (slot, _) = state.keys.insert(CacheKey("app:\(name):\(number)"))
      let left = Int64.random(in: 1...7_200_000, using: &random)
      state.keys.index[figures: slot].expiry =
        number % 5 == 0 ? .never : .at(now.advanced(by: left))
    }
  }
}
