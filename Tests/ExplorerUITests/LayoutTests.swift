import CacheModel
import Explorer
import ExplorerUI
import TerminalCanvas
import TestSupport
import Testing

/// Every screen and every overlay at every size, with ordinary and with hostile contents: boxes are
/// whole, no word is cut without a sign of it, columns do not touch, nothing lies outside.
///
/// A new screen or overlay joins by one row of `LayoutPlaces`: the keys that lead to it.
@Suite struct LayoutTests {
  static let sizes = [(60, 15), (80, 24), (120, 36), (200, 60)].map {
    ScreenSize(columns: $0, rows: $1)
  }

  @Test(arguments: places, sizes) func layout(_ place: Place, _ size: ScreenSize) throws {
    let contents: [Contents] = place.contents == .all ? [.shop, .hostile] : [place.contents]
    for content in contents {
      var scene = Scene.of(content)
      try scene.press(place.keys)
      try place.then(&scene)
      let rendering = render(scene.state, size: size)
      // The same state where there is room for all of it.
      let wide = render(scene.state, size: ScreenSize(columns: 500, rows: 150)).frame
      // What stands only where something is scrolled out of view.
      let words = Set(LayoutCheck.words(of: wide.text())).union(["row", "of", "in"])
      let faults =
        LayoutCheck(rendering, vocabulary: words).faults
        + HeaderCheck(rendering.frame, wide: wide).faults
      for fault in faults {
        Issue.record("\(content), \(size): \(fault)\n\(rendering.frame.text())")
      }
    }
  }

  /// From 80 columns on nothing that help says is cut short, and as soon as there is room for it all of
  /// it is seen at once.
  @Test(arguments: ["?", "enter ?", "2 ?"], sizes.dropFirst())
  func helpStandsWhole(_ keys: String, _ size: ScreenSize) throws {
    for access in [Access.readWrite, .readOnlyForGood] {
      var scene = Scene.shop(access: access)
      try scene.press(keys)
      let picture = render(scene.state, size: size).frame.text()
      #expect(!picture.contains("…"), "\(picture)")
      #expect(size.columns < 200 || picture.contains("esc leaves"), "\(picture)")
    }
  }
}
