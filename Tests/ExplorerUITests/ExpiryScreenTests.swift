import CacheModel
import Explorer
import ExplorerUI
import TerminalCanvas
import TestSupport
import Testing

@Suite struct ExpiryScreenTests {
  private func scene() -> Scene {
    var keys = (0..<300).map { string("app:session:\($0)", ttl: 10_000 + Int64($0) * 10_000) }
    keys += (0..<120).map { string("app:page:\($0)", ttl: 900_500) }
    keys += (0..<40).map { string("app:user:\($0)", bytes: 2048) }
    var scene = Scene(keys)
    scene.advanceFully()
    scene.send(.action(.showExpiry))
    scene.send(.tick)
    scene.advanceFully()
    return scene
  }

  @Test(arguments: [(80, 24), (120, 36), (200, 60)])
  func theScreenSaysWhatItIsAbout(_ columns: Int, _ rows: Int) {
    let scene = scene()
    let picture = scene.picture(columns: columns, rows: rows)
    for text in [
      "Expiring  next hour  log", "121 keys of app:page: expire within 1 s",
      "hardly any else", "app:session:0", "0:10", "app:user:", "40 keys", "80 KB",
      "▼", "now",
    ] {
      #expect(picture.contains(text), "\(text)\n\(picture)")
    }
    #expect(columns == 80 || picture.contains("420 of 460 keys expire, 8.7% never do"))
  }

  @Test func theHistogramIsDrawnByGroup() {
    let scene = scene()
    let frame = scene.rendering(columns: 120, rows: 36).frame
    let map = frame.styleMap()
    // Sessions in one colour, pages in another.
    #expect(map.contains("hhhh") && map.contains("i"))
    let mono = render(
      scene.state, size: ScreenSize(columns: 120, rows: 36), isColourless: true)
    #expect(mono.frame.text().contains("▓"))
  }

  @Test func anEmptyKeyspaceSaysSo() {
    var scene = Scene([])
    scene.send(.action(.showExpiry))
    scene.send(.tick)
    scene.advanceFully()
    #expect(scene.picture().contains("no keys: there is nothing that could expire"))
  }
}
