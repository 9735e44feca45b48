import TerminalCanvas
import Testing

@Suite struct GraphTests {
  private func picture(_ graph: BrailleGraph, _ columns: Int, _ rows: Int) -> Frame {
    var frame = Frame(size: ScreenSize(columns: columns, rows: rows))
    frame.draw(graph, in: frame.area)
    return frame
  }

  private func layer(_ samples: [Double?], _ role: StyleRole = .hit) -> BrailleGraph.Layer {
    BrailleGraph.Layer(samples, style: Style(role))
  }

  @Test func samplesRiseFromTheGround() {
    let ramp = layer((1...16).map(Double.init))
    #expect(picture(BrailleGraph(layers: [ramp], maximum: 8), 8, 2).text() == "  ⣠⣾⣿⣿⣿⣿\n⣠⣾⣿⣿⣿⣿⣿⣿")
  }

  @Test func newestIsAtTheRightAndOldOnesFallOff() {
    let graph = BrailleGraph(layers: [layer([4, 4, 4, 4, 4, 0, 0, 4])], maximum: 4)
    #expect(picture(graph, 2, 1).text() == "⡇⢸")
  }

  @Test func zeroAndUnknownDiffer() {
    let frame = picture(BrailleGraph(layers: [layer([nil, nil, 0, 0, 1])], maximum: 1000), 3, 2)
    #expect(frame.text() == "\n ⢀⢀")
  }

  @Test func aSmallLayerIsNotLost() {
    let graph = BrailleGraph(
      layers: [layer([100, 100]), layer([0.1, 0], .miss)], maximum: 101)
    let frame = picture(graph, 1, 4)
    #expect(frame.styleMap() == "i\nh\nh\nh")
    let none = BrailleGraph(layers: [layer([100, 100]), layer([0, nil], .miss)], maximum: 101)
    #expect(picture(none, 1, 4).styleMap() == "h\nh\nh\nh")
  }

  @Test func layersAreStacked() {
    let graph = BrailleGraph(
      layers: [layer([4, 4, 4, 4]), layer([4, 4, 0, 4], .miss)], maximum: 8)
    let frame = picture(graph, 2, 2)
    #expect(frame.text() == "⣿⢸\n⣿⣿")
    #expect(frame.styleMap() == "ii\nhh")
  }

  @Test func aSparseLayerIsToldApartWithoutAColour() {
    let sparse = BrailleGraph.Layer([4, 4], style: Style(.miss), texture: .sparse)
    let graph = BrailleGraph(layers: [layer([4, 4]), sparse], maximum: 8)
    #expect(picture(graph, 1, 2).text() == "⡪\n⣿")
    let small = BrailleGraph.Layer([0, 0.1], style: Style(.miss), texture: .sparse)
    let alone = BrailleGraph(layers: [small], maximum: 8)
    #expect(picture(alone, 1, 1).text() == "⢀")
  }

  @Test func theLineStandsOverTheLayers() {
    let graph = BrailleGraph(
      layers: [layer([8, 8, 8, 8])], maximum: 8, lines: [layer([1, 1, 0, 0], .accent)])
    let frame = picture(graph, 2, 2)
    #expect(frame.text() == "⠉⡆\n⣿⣇")
    #expect(frame.styleMap() == "aa\nha")
  }

  @Test func figuresThatAreNoneDoNotTrap() {
    let wild: [Double?] = [.nan, .infinity, -.infinity, -5, 1e300, .leastNonzeroMagnitude, nil]
    for maximum in [0, -1, .nan, .infinity, 1e-300] {
      let graph = BrailleGraph(
        layers: [layer(wild), layer(wild, .miss)], maximum: maximum, lines: [layer(wild)])
      _ = picture(graph, 5, 3)
    }
    _ = BrailleGraph.niceMaximum(wild)
    _ = Sparkline.text(wild, columns: 4, scale: 0...0)
    #expect(Bar.squares(.nan, columns: 3) == "···" && Bar.solid(.infinity, columns: 2) == "██")
  }

  @Test(arguments: [(0.3, 0.3), (1, 1), (1.2, 1.5), (4100, 5000), (2100, 3000), (99, 100), (0, 1)])
  func scalesAreRound(_ highest: Double, _ expected: Double) {
    let nice = BrailleGraph.niceMaximum([nil, highest])
    #expect((nice - expected).magnitude < expected / 1000)
  }

  @Test func sumsAreAlignedAtTheNewest() {
    let sums = BrailleGraph.sums(of: [layer([1, nil, 3]), layer([nil, 5])])
    #expect(sums == [1, nil, 8])
  }

  @Test func sparklines() {
    #expect(Sparkline.text([0, 0.5, 1, nil], columns: 6, scale: 0...1) == "  ▁▅█ ")
    #expect(Sparkline.text([9, 0, 1], columns: 2, scale: 0...1) == "▁█")
  }

  @Test func bars() {
    #expect(Bar.squares(0.5, columns: 6) == "■■■···" && Bar.squares(0.6, columns: 6) == "■■■▪··")
    #expect(Bar.squares(0.001, columns: 4) == "▪···" && Bar.squares(0.999, columns: 4) == "■■■▪")
    #expect(Bar.solid(0.5, columns: 3) == "█▌ " && Bar.solid(0.001, columns: 2) == "▏ ")
    #expect(Bar.solid(1, columns: 2) == "██" && Bar.solid(0, columns: 2) == "  ")
  }
}
