import CacheModel
import Explorer
import TerminalCanvas

/// The panels below hits and misses.
extension StatsReader {
  /// Commands of others, by what they do where the source tells that.
  var operations: StatsPlot {
    let (all, own) = (series(.commands), series(.ownCommands))
    let others = zip(all.means, own.means).map { all, own in
      all.map { max(0, $0 - (own ?? 0)) }
    }
    var plot = StatsPlot(title: "")
    let now = value(.commands, all).map { max(0, $0 - (value(.ownCommands, own) ?? 0)) }
    plot.title = "Operations \(now.map(ChartUnit.rate.text) ?? "n/a")"
    plot.isUntold = stats.history.latest != nil && stats.history.latest?.commands == nil
    let known = others.compactMap { $0 }
    if let low = known.min(), let high = known.max() {
      plot.notes = bounds(StatsSeries(means: [], lowest: low, highest: high), .rate)
    }
    guard stats.history.latest?[.readingCalls] != nil else {
      plot.layers = [layer(others, .accent)]
      return plot
    }
    let classes: [(StatsFigure, String, StyleRole, BrailleGraph.Texture)] = [
      (.readingCalls, "reads", .hit, .solid), (.writingCalls, "writes", .miss, .sparse),
      (.otherCalls, "other", .muted, .thin),
    ]
    for (figure, name, role, texture) in classes {
      let calls = series(figure)
      plot.layers.append(layer(calls.means, role, texture))
      plot.legend.append(
        .init(
          short: "\(sign(texture)) \(name)", figure: text(figure, calls, .rate),
          style: Style(role)))
    }
    return plot
  }

  var memory: StatsPlot {
    let (used, resident) = (series(.usedMemory), series(.residentMemory))
    let latest = stats.history.latest
    let bound = (latest?.maxMemory ?? nil)?.bytes
    let limit = bound.map { " of \(ChartUnit.bytes.text(Double($0)))" }
    var plot = StatsPlot(title: "Memory \(text(.usedMemory, used, .bytes))\(limit ?? "")")
    plot.unit = .bytes
    plot.isUntold = latest != nil && latest?.usedMemory == nil
    plot.layers = [layer(used.means, .good)]
    let highest = used.highest.map { "max \(ChartUnit.bytes.text($0))" }
    let parts = [fragmentation(used, resident), highest].compactMap { $0 }
    plot.notes = parts.count == 2 ? [parts.joined(separator: "  "), parts[1]] : parts
    // Without a bound there is air above, so that the height says nothing of how full it is.
    plot.maximum =
      bound.map { max(Double($0), used.highest ?? 0) }
      ?? ChartUnit.bytes.maximum(above: max(used.highest ?? 0, resident.highest ?? 0) * 1.1)
    plot.lines = [BrailleGraph.Layer(resident.means, style: .muted)]
    if let bound { plot.lines = resident.highest ?? 0 <= Double(bound) ? plot.lines : [] }
    return plot
  }

  /// `fragmentation 1.23`: what the process holds for each byte in use, where that is much.
  private func fragmentation(_ used: StatsSeries, _ resident: StatsSeries) -> String? {
    guard let held = value(.residentMemory, resident), let used = value(.usedMemory, used),
      used > 0, used > 100e6 || held - used > 10e6
    else { return nil }
    return "fragmentation " + FigureFormat.decimal(held / used, places: 2)
  }

  var removals: StatsPlot {
    let (expired, evicted) = (series(.expired), series(.evicted))
    var plot = StatsPlot(
      title: "Expired \(text(.expired, expired, .rate))  evicted \(text(.evicted, evicted, .rate))")
    plot.layers = [layer(expired.means, .accent), layer(evicted.means, .miss, .sparse)]
    plot.notes = evicted.highest.map { ["max evicted \(ChartUnit.rate.text($0))"] } ?? []
    plot.isUntold = stats.history.latest != nil && stats.history.latest?.expired == nil
    plot.legend = [
      .init(short: "\(sign(.solid)) expired", style: Style(.accent)),
      .init(short: "\(sign(.sparse)) evicted", style: Style(.miss)),
    ]
    return plot
  }

  /// How long the source took for each second's question; the longest of the last minute as a line.
  var roundTrip: StatsPlot {
    let (median, longest) = (series(.medianRoundTrip), series(.longestRoundTrip))
    var plot = StatsPlot(
      title: "Round trip p50 \(text(.medianRoundTrip, median, .latency))  "
        + "p99 \(text(.longestRoundTrip, longest, .latency))")
    plot.unit = .latency
    plot.layers = [layer(median.means, .accent)]
    plot.lines = [BrailleGraph.Layer(longest.means, style: Style(.warn))]
    plot.notes = longest.highest.map { ["max \(ChartUnit.latency.text($0))"] } ?? []
    return plot
  }

  var network: StatsPlot {
    let (incoming, outgoing) = (series(.networkIn), series(.networkOut))
    var plot = StatsPlot(
      title: "Network in \(text(.networkIn, incoming, .bytesPerSecond))  "
        + "out \(text(.networkOut, outgoing, .bytesPerSecond))")
    plot.unit = .bytesPerSecond
    plot.layers = [layer(incoming.means, .hit), layer(outgoing.means, .accent, .sparse)]
    plot.isUntold = stats.history.latest != nil && stats.history.latest?.networkIn == nil
    plot.legend = [
      .init(short: "\(sign(.solid)) in", style: Style(.hit)),
      .init(short: "\(sign(.sparse)) out", style: Style(.accent)),
    ]
    return plot
  }

  var clients: StatsPlot {
    let (clients, blocked) = (series(.clients), series(.blockedClients))
    var plot = StatsPlot(title: "Clients \(text(.clients, clients, .count))")
    if let count = value(.blockedClients, blocked), count > 0 {
      plot.title += "  blocked \(ChartUnit.count.text(count))"
    }
    plot.unit = .count
    plot.layers = [layer(clients.means, .accent)]
    plot.notes = bounds(clients, .count)
    plot.isUntold = stats.history.latest != nil && stats.history.latest?.clients == nil
    return plot
  }

  /// Of one core.
  var processor: StatsPlot {
    var used = series(.processor)
    used.means = used.means.map { $0.map(Self.percent) }
    used.lowest = used.lowest.map(Self.percent)
    used.highest = used.highest.map(Self.percent)
    let now = part.map { used.means[$0] } ?? stats.history.now(.processor).map(Self.percent)
    var plot = StatsPlot(title: "CPU \(now.map(ChartUnit.percent.text) ?? "n/a")")
    plot.unit = .percent
    plot.layers = [layer(used.means, .good)]
    plot.notes = bounds(used, .percent)
    plot.isUntold = stats.history.latest != nil && stats.history.latest?[.processor] == nil
    return plot
  }

  /// Microseconds a second as a share of one processor.
  private static func percent(_ microseconds: Double) -> Double { microseconds / 10_000 }
}
