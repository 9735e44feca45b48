import CacheModel
import Explorer
import ExplorerUI
import TerminalCanvas
import TestSupport
import Testing

/// Long names: told apart in the list, and somewhere to be read in full.
@Suite struct NamesTests {
  private static let head = "shop.example:production:"
  private static let tail = ":fragment:rendered:2026-11-21:en_GB:desktop:v3"

  private func scene(_ parts: [String]) -> Scene {
    var scene = Scene(parts.map { string(Self.head + $0 + Self.tail, ttl: 90_000) })
    scene.answerPreview(.string(Array("x".utf8)))
    scene.paint()
    return scene
  }

  private func rows(_ scene: Scene, _ columns: Int) -> [String] {
    scene.picture(columns: columns, rows: 24).split(separator: "\n").dropFirst(4)
      .map { String($0.prefix(columns / 2)) }.filter { $0.contains(" str ") }
  }

  @Test(arguments: [80, 100, 120]) func namesThatDifferInTheMiddleLookDifferent(columns: Int) {
    let parts = ["basket:anna", "basket:berta", "header:anna", "header:berta"]
    let rows = rows(scene(parts), columns)
    #expect(rows.count == parts.count)
    #expect(Set(rows).count == parts.count, "\(rows.joined(separator: "\n"))")
  }

  @Test func namesThatDifferAtTheirEndKeepIt() {
    let names = (1...3).map { "shop.example:production:page:fragment:rendered:\($0)" }
    var scene = Scene(names.map { string($0) })
    scene.paint()
    let picture = scene.picture(columns: 80, rows: 24)
    for number in 1...3 { #expect(picture.contains("rendered:\(number) ")) }
  }

  /// Of names that no row can hold, both ends count, whatever characters they are cut between.
  @Test func namesOfManyKilobytesAreToldApartByTheirEnds() {
    let filler = String(repeating: "é", count: 5000)
    let names = ["a\(filler)1", "a\(filler)2", "b\(filler)x1", "b\(filler)x2"]
    var scene = Scene(names.map { string($0) })
    scene.paint()
    let rows = rows(scene, 80)
    #expect(rows.count == 4 && Set(rows).count == 4, "\(rows.joined(separator: "\n"))")
    #expect(rows.allSatisfy { $0.contains("é1 ") || $0.contains("é2 ") || $0.contains("éx") })
    #expect(!rows.joined().contains("\u{FFFD}"))
  }

  @Test func theWholeNameStandsOverTheValue() throws {
    let name = Self.head + "basket:anna" + Self.tail
    let picture = scene(["basket:anna"]).picture(columns: 100, rows: 24)
    let pane = picture.split(separator: "\n").dropFirst(3).map { line -> String in
      let cells = Array(line)
      let start = cells.lastIndex(of: "│").flatMap { cells[..<$0].lastIndex(of: "│") }
      return start.map { String(cells[cells.index(after: $0)...].dropLast()) } ?? ""
    }
    let text = pane.map { $0.filter { $0 != " " } }.joined()
    #expect(text.contains(name), "\(picture)")
  }

  @Test func aQuestionNamesTheWholeKey() {
    let name = Self.head + "basket:anna" + Self.tail
    var scene = scene(["basket:anna"])
    scene.send(.action(.delete))
    let text = scene.picture(columns: 80, rows: 24).filter { $0 != " " && $0 != "│" && $0 != "\n" }
    #expect(text.contains("Delete" + name), "\(scene.picture())")
  }

  @Test func aNameOfAnyLengthLeavesRoomForTheValue() {
    var scene = Scene([string(String(repeating: "k", count: 5000))])
    scene.answerPreview(.string(Array("what it holds".utf8)))
    scene.paint()
    for (columns, rows) in [(60, 15), (80, 24), (200, 60)] {
      #expect(scene.picture(columns: columns, rows: rows).contains("what it holds"))
    }
  }

  @Test func theTitleNamesTheFolderThatTheCursorIsIn() {
    let names = (10..<60).map { "shop:1:k\($0)" } + (10..<60).map { "shop:2:k\($0)" }
    var scene = Scene(names.map { string($0) }, asTree: true)
    func title() -> String {
      String(scene.picture(columns: 120, rows: 24).split(separator: "\n")[2])
    }
    scene.send(.action(.moveToFirst))
    while scene.state.keys.cursorKey?.text != "shop:1:k50" {
      let before = scene.state.keys.cursorRow
      if let folder = scene.state.keys.cursorFolder, !scene.state.keys.isUnfolded(folder) {
        scene.send(.action(.open))
      }
      scene.send(.action(.moveDown))
      scene.paint()
      if scene.state.keys.cursorRow == before { break }
    }
    #expect(title().contains("in shop:1:"))
    while scene.state.keys.cursorFolder == nil { scene.send(.action(.moveDown)) }
    scene.paint()
    // The rows of shop:1: are still in view; the cursor is on shop:2:.
    #expect(!title().contains("in shop:1:") && title().contains("in shop:"))
  }

  @Test func aLongMessageIsReadableInFull() {
    var scene = Scene.shop()
    let sentence =
      "no connection to 10.20.30.40:6379: connection refused; is the server running and the "
      + "address right?"
    scene.send(.switchFailed(sentence))
    let foot = scene.picture(columns: 80, rows: 24).split(separator: "\n").suffix(2)
      .map { $0.drop { $0 == " " } }.joined(separator: " ")
    #expect(foot == sentence)
  }
}
