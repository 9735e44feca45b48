import Explorer
import ExplorerUI
import TerminalCanvas
import TestSupport
import Testing

/// The check itself sees what it is there for.
@Suite struct LayoutCheckTests {
  private func faults(_ change: (inout Rendering) -> Void) -> [String] {
    var rendering = Scene.shop().rendering(columns: 120, rows: 30)
    let words = Set(LayoutCheck.words(of: rendering.frame.text()))
    change(&rendering)
    return LayoutCheck(rendering, vocabulary: words).faults
  }

  @Test func aWholePictureHasNoFault() {
    #expect(faults { _ in } == [])
  }

  @Test func faultsAreSeen() {
    #expect(!faults { $0.frame.put("x", row: 10, column: 0) }.isEmpty)
    #expect(!faults { $0.frame.put("x", row: 27, column: 20) }.isEmpty)
    #expect(!faults { $0.frame.put(" ", row: 27, column: 0) }.isEmpty)
    #expect(!faults { $0.frame.put("│", row: 20, column: 20, style: Style(.border)) }.isEmpty)
    #expect(!faults { $0.frame.put("app:rat", row: 6, column: 3, limit: 5) }.isEmpty)
    #expect(!faults { $0.frame.put(" ", row: 28, column: 3) }.isEmpty)
    #expect(!faults { $0.frame.put("xxxxxxxxxxx", row: 6, column: 33) }.isEmpty)
    #expect(!faults { $0.regions[0].area.column = 119 }.isEmpty)
    #expect(!faults { $0.frame.cursor = Position(row: 30, column: 0) }.isEmpty)
    #expect(!faults { $0.frame.put("o", row: 0, column: 46) }.isEmpty)
  }

  @Test func faultsOfTheHeaderAreSeen() {
    let scene = Scene.shop()
    let wide = scene.rendering(columns: 500, rows: 50).frame
    func faults(_ change: (inout Frame) -> Void) -> [String] {
      var frame = scene.rendering(columns: 200, rows: 50).frame
      change(&frame)
      return HeaderCheck(frame, wide: wide).faults
    }
    let line = Array(scene.rendering(columns: 200, rows: 50).frame.rowText(0))
    func place(of text: String) -> Int {
      line.indices.first { line[$0...].starts(with: Array(text)) } ?? 0
    }
    #expect(faults { _ in } == [])
    #expect(!faults { $0.put("    ", row: 0, column: place(of: "keys")) }.isEmpty)
    #expect(!faults { $0.put("    ", row: 0, column: place(of: "hit ")) }.isEmpty)
    #expect(!faults { $0.put("       ", row: 0, column: place(of: "primary")) }.isEmpty)
    #expect(!faults { $0.put(" own ", row: 0, column: place(of: " keys") + 6) }.isEmpty)
  }

  @Test func aDialogMayLieOverBoxes() {
    var scene = Scene.shop()
    scene.send(.action(.delete))
    let rendering = scene.rendering(columns: 80, rows: 24)
    let words = Set(LayoutCheck.words(of: scene.picture(columns: 400, rows: 100)))
    #expect(LayoutCheck(rendering, vocabulary: words).faults == [])
  }
}
