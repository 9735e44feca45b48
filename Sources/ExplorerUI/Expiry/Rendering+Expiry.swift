import CacheModel
import Explorer
import TerminalCanvas

/// The Expiry screen: what expires when, the keys next to expire, and what never does.
extension Rendering {
  mutating func paintExpiry(_ state: ExplorerState, in area: Area) {
    var rest = area
    let upper = rest.takeTop(max(8, area.rows * 11 / 20))
    paintForecast(state, in: upper)
    let left = rest.takeLeft(rest.columns / 2)
    paintSoonest(state, in: left)
    paintWithoutTTL(state, in: rest)
  }

  /// The colours of the groups, in their order; the last is that of all others.
  private static let roles: [StyleRole] = [.hit, .miss, .good, .hash, .accent]

  func style(ofGroup group: Int, in survey: ExpirySurvey) -> Style {
    let isOther = survey.groups[group].prefix == nil
    return Style(isOther ? .muted : Self.roles[group % Self.roles.count])
  }

  /// A whole cell of a group.
  func scalar(ofGroup group: Int) -> Unicode.Scalar {
    let shades = Histogram.Layer.shades
    return isColourless ? shades[group % shades.count] : "█"
  }

  static func name(of group: ExpiryGroup) -> String {
    group.prefix.map { TextSanitizer.listText($0) } ?? "others"
  }

  // MARK: The histogram

  private mutating func paintForecast(_ state: ExplorerState, in area: Area) {
    let expiry = state.expiry
    let inside = frame.box(
      area, title: "Expiring  \(expiry.range.title)\(expiry.isLogarithmic ? "  log" : "")",
      trailing: expiry.survey.map { shareNote($0, columns: area.columns - 34) } ?? "",
      focused: !state.isCovered)
    guard let survey = expiry.survey else {
      return paintAside("counting …", in: inside)
    }
    guard survey.known > 0 else {
      return paintAside(emptyWords(survey, state), in: inside)
    }
    var rest = inside
    let lines = spikeLines(state, survey, columns: inside.columns - 2)
    let room = max(1, min(lines.count, inside.rows / 4))
    let chosen = expiry.chosenSpike(at: state.now) ?? 0
    let first = max(0, min(chosen - room + 1, lines.count - room))
    for line in lines[first...].prefix(room) { paint(line, in: rest.takeTop(1)) }
    paintBars(state, survey, in: rest)
  }

  private func emptyWords(_ survey: ExpirySurvey, _ state: ExplorerState) -> String {
    survey.unknown > 0 || !state.keys.walk.hasCompleted
      ? "the TTLs are being asked for …" : "no keys: there is nothing that could expire"
  }

  /// `402,118 of 1,204,331 keys expire, 61% never do`.
  private func shareNote(_ survey: ExpirySurvey, columns: Int) -> String {
    guard survey.known > 0 else { return "" }
    let (expiring, all) = (survey.estimate(survey.withTTL), survey.estimate(survey.known))
    let mark = survey.isEstimate ? "~" : ""
    let count = mark + FigureFormat.grouped(Int(expiring.count))
    let share = survey.known > 0 ? Double(survey.withoutTTL) / Double(survey.known) : 0
    let error =
      survey.isEstimate
      ? " ± \(FigureFormat.grouped(Int((expiring.bounds.upperBound - expiring.count).rounded(.up))))"
      : ""
    let whole =
      "\(count)\(error) of \(mark)\(FigureFormat.grouped(Int(all.count))) keys expire, "
      + "\(FigureFormat.compactPercent(share)) never do"
    if DisplayWidth.of(whole) <= columns { return whole }
    return "\(count) expire"
  }

  private mutating func paintBars(
    _ state: ExplorerState, _ survey: ExpirySurvey, in area: Area
  ) {
    let expiry = state.expiry
    let table = survey.bins(expiry.range, at: state.now)
    let layers = table.indices.map {
      Histogram.Layer(
        table[$0], style: style(ofGroup: $0, in: survey), scalar: scalar(ofGroup: $0))
    }
    let highest = Histogram.sums(of: layers).max() ?? 0
    var plot = area
    _ = plot.takeLeft(7)
    _ = plot.takeBottom(1)
    let marks = plot.takeTop(1)
    let bins = expiry.range.bins
    let hasLegend = plot.columns - bins >= Self.legendWidth
    let barWidth = max(1, (plot.columns - (hasLegend ? Self.legendWidth : 0)) / bins)
    let histogram = Histogram(
      layers: layers, maximum: ChartUnit.count.maximum(above: highest),
      isLogarithmic: expiry.isLogarithmic, barWidth: barWidth)
    frame.draw(histogram, in: plot)
    paintScale(of: histogram, left: area.column, beside: plot)
    paintMarks(state, barWidth, in: marks)
    paintTimes(state, barWidth, below: plot)
    guard hasLegend else { return }
    _ = plot.takeLeft(bins * barWidth + 2)
    paintLegend(survey, table, in: plot.takeLeft(Self.widestLegend))
  }

  private static let legendWidth = 24
  private static let widestLegend = 34

  private mutating func paintScale(of histogram: Histogram, left: Int, beside plot: Area) {
    let labels: [(Int, Double)] =
      [(plot.row, histogram.maximum)]
      + (plot.rows > 4 ? [(plot.row + plot.rows / 2, histogram.middle)] : [])
      + (plot.rows > 1 ? [(plot.endRow - 1, 0)] : [])
    for (row, figure) in labels {
      frame.putRight(
        FigureFormat.count(figure), row: row, column: left, columns: 6, style: .muted)
    }
  }

  /// A sign over each spike.
  private mutating func paintMarks(_ state: ExplorerState, _ barWidth: Int, in line: Area) {
    let range = state.expiry.range
    let chosen = state.expiry.chosenSpike(at: state.now)
    for (place, spike) in state.expiry.spikes.enumerated() where spike.end > state.now {
      let left = max(0, spike.start.milliseconds(since: state.now) / 1000)
      let bin = left / range.binSeconds
      guard bin < Int64(range.bins) else { continue }
      let column = line.column + Int(bin) * barWidth
      frame.put(
        place == chosen ? "▼" : "▽", row: line.row, column: column,
        style: Style(spike.isCritical ? .critical : .warn), limit: line.endColumn - column)
    }
  }

  private mutating func paintTimes(_ state: ExplorerState, _ barWidth: Int, below plot: Area) {
    let range = state.expiry.range
    var free = plot.column
    for bin in stride(from: 0, to: range.bins, by: range == .day ? 3 : 15) {
      let text = bin == 0 ? "now" : clock(range, bin, state)
      let column = plot.column + bin * barWidth
      guard column >= free, column + text.count <= plot.endColumn else { continue }
      frame.put(text, row: plot.endRow, column: column, style: .muted)
      free = column + text.count + 2
    }
  }

  /// `14:31`, for the next minute with seconds.
  private func clock(_ range: ExpiryRange, _ bin: Int, _ state: ExplorerState) -> String {
    let time = state.wallNow.advanced(by: Int64(bin) * range.binSeconds * 1000)
    let civil = state.localTime(time)
    func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let minute = "\(digits(civil.hour)):\(digits(civil.minute))"
    return range == .minute ? "\(minute):\(digits(civil.second))" : minute
  }

  /// The groups with their colours and how many of their keys are in view.
  private mutating func paintLegend(
    _ survey: ExpirySurvey, _ table: [[Double]], in area: Area
  ) {
    var rest = area
    for group in survey.groups.indices where survey.groups[group].withTTL > 0 {
      let line = rest.takeTop(1)
      guard line.rows > 0, line.columns >= 12 else { return }
      let style = style(ofGroup: group, in: survey)
      let sum = table[group].reduce(0, +)
      frame.put(
        String(scalar(ofGroup: group)), row: line.row, column: line.column, style: style)
      frame.put(
        middleClipped(Self.name(of: survey.groups[group]), to: line.columns - 8), row: line.row,
        column: line.column + 2, style: style, limit: line.columns - 8)
      frame.putRight(
        FigureFormat.count(sum), row: line.row, column: line.endColumn - 6, columns: 5)
    }
  }
}
