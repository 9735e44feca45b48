import TerminalCanvas
import Testing

@Suite struct HistogramTests {
  private func layer(
    _ counts: [Double], _ role: StyleRole = .hit, _ scalar: Unicode.Scalar = "█"
  ) -> Histogram.Layer {
    Histogram.Layer(counts, style: Style(role), scalar: scalar)
  }

  private func picture(_ histogram: Histogram, _ columns: Int, _ rows: Int) -> Frame {
    var frame = Frame(size: ScreenSize(columns: columns, rows: rows))
    frame.draw(histogram, in: frame.area)
    return frame
  }

  @Test func barsRiseInEighths() {
    let histogram = Histogram(
      layers: [layer([0, 1, 4, 8, 12, 16])], maximum: 16, isLogarithmic: false)
    #expect(picture(histogram, 6, 2).text() == "    ▄█\n·▁▄███")
  }

  @Test func whatIsSmallIsSeenOnALogarithmicScale() {
    let counts = [0, 1, 3, 7, 15.0]
    let plain = Histogram(layers: [layer(counts)], maximum: 4095, isLogarithmic: false)
    #expect(picture(plain, 5, 1).text() == "·▁▁▁▁")
    let logarithmic = Histogram(layers: [layer(counts)], maximum: 15, isLogarithmic: true)
    #expect(picture(logarithmic, 5, 1).text() == "·▂▄▆█")
    #expect(logarithmic.middle == 3)
  }

  @Test func layersAreStackedAndNoneIsLost() {
    let histogram = Histogram(
      layers: [layer([80, 98, 0]), layer([20, 1, 0], .miss), layer([0, 1, 5], .accent)],
      maximum: 100, isLogarithmic: false)
    let frame = picture(histogram, 3, 5)
    #expect(frame.text() == "██\n██\n██\n██\n██▂")
    #expect(frame.styleMap() == "ia\nhi\nhh\nhh\nhha")
  }

  @Test func barsMayBeWideAndAreCutAtTheEdge() {
    let histogram = Histogram(
      layers: [layer([8, 4])], maximum: 8, isLogarithmic: false, barWidth: 2)
    #expect(picture(histogram, 5, 1).text() == "██▄▄")
    #expect(picture(histogram, 3, 1).text() == "██▄")
  }

  @Test func withoutColoursShadesTellLayersApart() {
    let shades = Histogram.Layer.shades
    let histogram = Histogram(
      layers: [layer([4], .hit, shades[0]), layer([4], .miss, shades[2])], maximum: 8,
      isLogarithmic: false)
    #expect(picture(histogram, 1, 2).text() == "▒\n█")
  }

  @Test func figuresThatAreNoneDoNotTrap() {
    for wild in [Double.nan, .infinity, -3, 1e300, 0] {
      for isLogarithmic in [false, true] {
        let histogram = Histogram(
          layers: [layer([wild, 1]), layer([1, wild])], maximum: wild,
          isLogarithmic: isLogarithmic, barWidth: 0)
        _ = picture(histogram, 4, 3)
        _ = histogram.middle
      }
    }
  }
}
