import CacheModel
import Explorer
import TerminalCanvas

/// Spikes in words.
extension Rendering {
  struct SpikeLine {
    var sign: String
    var text: String
    var style: Style
  }

  /// One line for each spike that is to come, or one that there is none.
  func spikeLines(
    _ state: ExplorerState, _ survey: ExpirySurvey, columns: Int
  ) -> [SpikeLine] {
    let chosen = state.expiry.chosenSpike(at: state.now)
    let lines = state.expiry.spikes.enumerated().filter { $0.element.end > state.now }
      .map { place, spike in
        SpikeLine(
          sign: place == chosen ? "▼" : "▽", text: words(spike, survey, state, columns: columns),
          style: Style(spike.isCritical ? .critical : .warn))
      }
    let none = SpikeLine(
      sign: "", text: "nothing stands out: no spike within a day", style: Style(.good))
    return lines.isEmpty ? [none] : lines
  }

  /// `41,200 keys of page: expire within 3 s at 14:31:07, 12 times the usual; about 900 loads follow`.
  private func words(
    _ spike: ExpirySpike, _ survey: ExpirySurvey, _ state: ExplorerState, columns: Int
  ) -> String {
    let estimate = survey.estimate(spike.count)
    let count = (survey.isEstimate ? "~" : "") + FigureFormat.grouped(Int(estimate.count.rounded()))
    let owner = spike.group.map { " of " + middleClipped(Self.name(of: survey.groups[$0]), to: 24) }
    let seconds = max(1, spike.end.milliseconds(since: spike.start) / 1000)
    let span = seconds < 60 ? "\(seconds) s" : "\(seconds / 60) min"
    let time = WallTime(milliseconds: spike.start.milliseconds &+ state.wallOffset)
    let head =
      "\(count) keys\(owner ?? "") expire within \(span) at \(state.clockText(time)), "
      + Self.times(spike)
    let load = loads(estimate.count, state).map { "\(head); \($0)" }
    guard let load, DisplayWidth.of(load) + 2 <= columns else { return head }
    return load
  }

  private static func times(_ spike: ExpirySpike) -> String {
    if spike.usual < 0.5 { return "hardly any else" }
    let ratio = spike.ratio
    return
      (ratio < 9.95
      ? FigureFormat.decimal(ratio, places: 1) : FigureFormat.grouped(Int(ratio.rounded())))
      + " times the usual"
  }

  private func loads(_ count: Double, _ state: ExplorerState) -> String? {
    guard let misses = state.missesAfterExpiry(of: count), misses >= 1 else { return nil }
    return "about \(FigureFormat.grouped(Int(misses.rounded()))) misses in the minute after"
  }

  mutating func paint(_ line: SpikeLine, in area: Area) {
    guard area.rows > 0 else { return }
    var column = area.column + 1
    if !line.sign.isEmpty {
      column += frame.put(line.sign, row: area.row, column: column, style: line.style) + 1
    }
    frame.put(
      line.text, row: area.row, column: column, style: line.style,
      limit: area.endColumn - column - 1, overflow: .ellipsis)
  }
}
