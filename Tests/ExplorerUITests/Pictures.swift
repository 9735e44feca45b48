import CacheModel
import Explorer
import ExplorerUI
import TerminalCanvas
import TestSupport

extension Scene {
  /// A small shop's cache with half a minute of traffic.
  static func shop(access: Access = .readWrite) -> Scene {
    var scene = Scene(
      [
        KeySummary(
          key: CacheKey("app:user:7"), kind: .hash, lifetime: .unlimited, bytes: ByteCount(1229)),
        string("app:page:/home", ttl: 271_000, bytes: 214),
        string("app:rate:10.0.0.7", ttl: 7_000, bytes: 72),
        string("app:session:12:000041", ttl: 42_000, bytes: 412),
      ], access: access)
    scene.sample(hits: 10_000, misses: 500, commands: 20_000)
    scene.wait(1000)
    scene.sample(hits: 10_942, misses: 558, commands: 28_200)
    scene.answerPreview(.string(Array(#"{"id":1,"tags":["x"],"n":12345678901234567890}"#.utf8)))
    scene.paint()
    return scene
  }

  mutating func sample(hits: Int64, misses: Int64, commands: Int64, keys: Int64? = nil) {
    var sample = CacheStatistics(time: WallTime(milliseconds: 0), moment: now)
    sample.hits = hits
    sample.misses = misses
    sample.commands = commands
    sample.ownCommands = commands / 1000
    sample.keys = keys ?? Int64(state.keys.presentCount)
    sample.usedMemory = ByteCount(412 << 20)
    sample.maxMemory = .some(ByteCount(1 << 30))
    sample.runID = "a"
    sample.uptimeSeconds = 100 + now.milliseconds / 1000
    sample.roundTripMicroseconds = 310
    send(.sampled(sample))
  }

  mutating func answerPreview(
    _ content: ValueContent, kind: ValueKind = .string, idle: Int64? = nil
  ) {
    for case .read(let request, let key, _) in effects.reversed() {
      var page = ValuePage(
        key: key, kind: kind, lifetime: .unlimited, content: content,
        totalLength: Int64(content.count))
      page.idleSeconds = idle
      send(.read(request, page))
      return
    }
  }

  func rendering(columns: Int, rows: Int) -> Rendering {
    render(state, size: ScreenSize(columns: columns, rows: rows))
  }

  func picture(columns: Int = 80, rows: Int = 24) -> String {
    rendering(columns: columns, rows: rows).frame.text()
  }
}
