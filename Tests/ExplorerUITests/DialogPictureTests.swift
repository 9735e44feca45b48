import CacheModel
import Explorer
import ExplorerUI
import TerminalCanvas
import TestSupport
import Testing

/// What dialogs look like.
@Suite struct DialogPictureTests {
  /// Everything that can lie over the screen, at every size: the frame of it is whole.
  @Test(arguments: ScreenTests.sizes) func everyDialogIsWhole(columns: Int, rows: Int) {
    let actions: [Action] = [
      .palette, .journal, .watchKey, .connections, .help, .add, .rename, .copyKey, .setTTL,
      .delete, .expire, .flush,
    ]
    for action in actions {
      var scene = Scene.shop()
      scene.send(.action(action))
      #expect(scene.state.isCovered, "\(action)")
      let frame = scene.rendering(columns: columns, rows: rows).frame
      let lines = frame.text().split(separator: "\n", omittingEmptySubsequences: false)
      let tops = lines.filter { $0.contains("┌") }.count
      let feet = lines.filter { $0.contains("└") }.count
      #expect(tops > 0 && feet > 0, "\(action) at \(columns)x\(rows)\n\(frame.text())")
      #expect(lines.allSatisfy { $0.count <= columns })
    }
  }

  @Test func creatingAKey() {
    var scene = Scene.shop()
    scene.send(.action(.add))
    scene.send(.edit(.insert("app:user:7")))
    scene.send(.action(.focusNext))
    scene.send(.edit(.moveToEnd))
    let picture = scene.picture()
    for text in [
      "┌ Create a key ", "│ name    app:user:7", " string   hash   list   set   zset ", "│ member",
      "│ score", "│ ttl", "app:user:7 exists: choose another name",
    ] { #expect(picture.contains(text), "\(text)\n\(picture)") }
    #expect(scene.rendering(columns: 80, rows: 24).frame.cursor == nil)
  }

  @Test func theJournal() {
    var scene = Scene.shop()
    scene.send(.action(.journal))
    #expect(scene.picture().contains("nothing has been changed yet"))
    scene.send(.action(.back))
    scene.send(.action(.delete))
    scene.confirm()
    scene.answerKept()
    scene.send(.action(.journal))
    let picture = scene.picture(columns: 100)
    #expect(picture.contains("delete app:page:/home"), "\(picture)")
    #expect(picture.contains("1 key · can be taken back"), "\(picture)")
  }

  @Test func theConnections() {
    var scene = Scene.shop()
    scene.state.connections.choices = [
      ConnectionChoice("profile", "staging", "redis://staging:6379/0", choice: .profile("staging"))
    ]
    scene.send(.action(.connections))
    scene.send(.edit(.insert("stag")))
    let picture = scene.picture()
    #expect(picture.contains("│ › stag"), "\(picture)")
    #expect(picture.contains("profile   staging"), "\(picture)")
  }

  @Test func aSearchIsMarkedInTheValue() {
    var scene = Scene.shop()
    scene.send(.action(.open))
    scene.send(.action(.find))
    scene.send(.edit(.insert("tags")))
    let rendering = scene.rendering(columns: 120, rows: 36)
    #expect(
      rendering.frame.text().contains("1 matches") || rendering.frame.text().contains("1 match"))
    #expect(rendering.frame.styleMap(.backgrounds).contains("ssss"))
  }

  @Test func helpIsAboutThePlaceAndSaysWhy() {
    var scene = Scene.shop(access: .readOnlyForGood)
    scene.send(.action(.help))
    let picture = scene.picture(columns: 120, rows: 50)
    #expect(picture.contains("What keys do in the list of keys"))
    #expect(picture.contains("delete: read-only for"))
    #expect(!picture.contains("shorter time on the graphs"))
  }
}
