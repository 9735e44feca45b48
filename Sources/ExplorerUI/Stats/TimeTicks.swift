import CacheModel
import Explorer
import TerminalCanvas

/// The times below a graph: round ones of the person's clock, as many as stand apart.
struct TimeTicks {
  let ticks: [Chart.Tick]

  /// Seconds between two ticks.
  private static let steps: [Int64] = [
    5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
  ]
  /// Columns from one label to the next, at least.
  private static let distance: Int64 = 14

  /// Of a grid of two parts a column.
  init(_ grid: TimeGrid, _ state: ExplorerState) {
    let column = grid.length * 2
    let step =
      (Self.steps.first { $0 * 1000 >= column * Self.distance } ?? 86_400) * 1000
    let start = grid.start.milliseconds &+ state.wallOffset
    let offset = Self.offset(at: WallTime(milliseconds: start), state)
    let first = ((start &+ offset) / step + 1) * step - offset
    ticks = stride(from: first, to: start + grid.length * Int64(grid.count), by: Int(step)).map {
      let civil = state.localTime(WallTime(milliseconds: $0))
      return Chart.Tick(
        column: Int(($0 - start) / column), text: Self.text(civil, seconds: step < 60_000))
    }
  }

  /// How far the person's clock is ahead of UTC.
  private static func offset(at time: WallTime, _ state: ExplorerState) -> Int64 {
    let whole = time.milliseconds - time.milliseconds % 1000
    return state.localTime(WallTime(milliseconds: whole)).utcMilliseconds - whole
  }

  private static func text(_ civil: CivilTime, seconds: Bool) -> String {
    func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let minute = "\(digits(civil.hour)):\(digits(civil.minute))"
    return seconds ? "\(minute):\(digits(civil.second))" : minute
  }
}
