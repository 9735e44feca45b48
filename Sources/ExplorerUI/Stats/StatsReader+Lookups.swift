import CacheModel
import Explorer
import TerminalCanvas

/// Hits and misses stacked, with their ratio as a line.
extension StatsReader {
  var lookups: StatsPlot {
    let (hits, misses) = (series(.hits), series(.misses))
    let ratios = stats.history.ratios(over: grid)
    var plot = StatsPlot(title: "Hits and misses  \(stats.window.title)")
    plot.layers = [layer(hits.means, .hit), layer(misses.means, .miss, .sparse)]
    plot.lines = lines(ratios)
    plot.hasShares = true
    plot.isUntold = stats.history.latest != nil && stats.history.latest?.hits == nil
    plot.notes = notes(ratios)
    let ratio = part.map { ratios[$0] } ?? stats.history.lookups(within: 1000)
    plot.legend = [
      .init(
        short: "\(sign(.solid)) hits", figure: text(.hits, hits, .rate), style: Style(.hit)),
      .init(
        short: "\(sign(.sparse)) misses", figure: text(.misses, misses, .rate),
        style: Style(.miss)),
      .init(short: "─ ratio", figure: words(ratio), style: .text),
    ]
    return plot
  }

  /// `94.2%`; of few lookups with where it may really lie: `75.0% (41–93%)`.
  private func words(_ ratio: HitRatio?) -> String {
    guard let ratio else { return "–" }
    let text = FigureFormat.compactPercent(ratio.value)
    guard ratio.isOfFew else { return text }
    let (low, high) = (ratio.interval.lowerBound, ratio.interval.upperBound)
    return "\(text) (\(whole(low))–\(whole(high))%)"
  }

  private func whole(_ share: Double) -> String {
    FigureFormat.decimal(share * 100, places: 0)
  }

  /// The ratio, muted where it is of few lookups, and there the ends of its interval.
  private func lines(_ ratios: [HitRatio?]) -> [BrailleGraph.Layer] {
    let few = ratios.map { $0?.isOfFew == true ? $0 : nil }
    return [
      BrailleGraph.Layer(few.map { $0?.interval.lowerBound }, style: .muted),
      BrailleGraph.Layer(few.map { $0?.interval.upperBound }, style: .muted),
      BrailleGraph.Layer(few.map { $0?.value }, style: .text),
      BrailleGraph.Layer(
        ratios.map { $0?.isOfFew == false ? $0?.value : nil }, style: Style(.text).bold()),
    ]
  }

  /// `ratio mean 93.1%  low 61.0%`. The lowest is that of at least a hundred lookups in a row.
  private func notes(_ ratios: [HitRatio?]) -> [String] {
    var (hits, all) = (0.0, 0.0)
    var (sum, count) = (0.0, 0.0)
    var lowest: Double?
    for ratio in ratios {
      guard let ratio else { continue }
      hits += ratio.value * ratio.lookups
      all += ratio.lookups
      sum += ratio.value * ratio.lookups
      count += ratio.lookups
      guard all >= HitRatio.few else { continue }
      lowest = min(lowest ?? 1, hits / all)
      (hits, all) = (0, 0)
    }
    guard count > 0 else { return [] }
    let mean = "ratio mean \(FigureFormat.compactPercent(sum / count))"
    return [lowest.map { "\(mean)  low \(FigureFormat.compactPercent($0))" } ?? mean, mean]
  }
}
