import CacheModel
import Explorer
import ExplorerUI
import TestSupport
import Testing

/// The tags and the trackers in the head of a value.
@Suite struct LabelPictureTests {
  private func scene(_ tags: [CacheModel.Tag], _ trackers: KeyTrackers) -> Scene {
    var scene = Scene.shop()
    for case .label(let request, let key, _) in scene.effects.reversed() {
      scene.send(.labelled(request, KeyLabels(key: key, tags: tags, trackers: trackers)))
      break
    }
    scene.paint()
    return scene
  }

  private func head(_ scene: Scene, columns: Int) -> [String] {
    scene.picture(columns: columns, rows: 16).split(separator: "\n")[3...6].map { line in
      line.split(separator: "││").last.map { $0.trimmingSuffix { $0 == " " || $0 == "│" } } ?? ""
    }
  }

  private let tags = ["news", "front page"].map {
    CacheModel.Tag(keeper: .engine, name: Array($0.utf8))
  }

  @Test func standBelowTheFacts() {
    let clients = (1...3).map { TrackingClient(id: $0, name: "", address: "") }
    #expect(
      head(scene(tags, .clients(clients)), columns: 140) == [
        " string · json · 46 B · ttl 4:30 ■■■■■■■▪",
        " tags news  front page · 3 clients track this key", "", " {",
      ])
    #expect(head(scene([], .counted(1)), columns: 140)[1] == " 1 client tracks keys")
    #expect(
      head(scene(tags, .unknown), columns: 80) == [
        " string · json · 46 B", " ttl 4:30 ■■■■■■■▪", " tags news  front page", " {",
      ])
  }

  @Test func takeNoRoomWhereThereIsNothingToSay() {
    for trackers in [KeyTrackers.unknown, .clients([]), .counted(0)] {
      #expect(scene([], trackers).picture() == Scene.shop().picture())
    }
  }

  /// While the next key has not been asked, what is below its facts does not jump.
  @Test func keepTheirLineUntilTheNextKeyIsTold() {
    var scene = scene(tags, .unknown)
    scene.send(.action(.moveDown))
    scene.send(.tick)
    scene.answerPreview(.string(Array("v".utf8)))
    let lines = head(scene, columns: 140)
    #expect(lines[1] == "" && lines[2] == "" && lines[3] == " v")
  }
}

extension Substring {
  fileprivate func trimmingSuffix(_ isPadding: (Character) -> Bool) -> String {
    var rest = self
    while let last = rest.last, isPadding(last) { rest.removeLast() }
    return String(rest)
  }
}
