import CacheModel
import Explorer
import TestSupport
import Testing

/// What asking again about keys out of view costs the source.
@Suite struct RefreshTests {
  private let all = (0..<400).map { string("k\(String($0 + 1000))") }

  /// Names asked about over a time in which others sent commands at a rate.
  private func asked(commandsOfOthers: Int64, isTold: Bool = true, seconds: Int64 = 10) -> Int {
    var scene = Scene(all)
    scene.paint()
    scene.wait(400)
    if isTold { scene.send(.following(true)) }
    scene.answerDescriptions(all)
    var (asked, sent) = (0, Int64(0))
    for _ in 0..<seconds * 10 {
      scene.effects = []
      if scene.now.milliseconds.isMultiple(of: 1000) {
        sent += commandsOfOthers
        var sample = CacheStatistics(
          time: WallTime(milliseconds: scene.now.milliseconds), moment: scene.now,
          ownCommands: Int64(asked) * 4)
        sample.keys = 400
        sample.commands = sent + Int64(asked) * 4
        scene.send(.sampled(sample))
      }
      scene.wait(100)
      let count = scene.effects.reduce(0) { count, effect in
        if case .describe(_, let names, _) = effect { count + names.count } else { count }
      }
      if count > 0 { scene.answerDescriptions(all) }
      asked += count
    }
    return asked
  }

  /// A key takes four commands at most.
  @Test func takesATenthOfWhatOthersSend() {
    let idle = asked(commandsOfOthers: 0)
    #expect(idle <= 21 * 3)
    let busy = 4 * (asked(commandsOfOthers: 400) - idle)
    #expect(busy > 0 && busy <= 10 * 400 / 8)
  }

  /// Two explorers that see only each other's questions come to rest.
  @Test func whatAnotherExplorerAsksKeepsNobodyBusy() {
    var rate: Int64 = 2000
    for _ in 0..<4 { rate = Int64(asked(commandsOfOthers: rate)) * 4 / 10 }
    #expect(rate <= 30)
  }

  @Test func hasABoundUnderAnyLoad() {
    #expect(asked(commandsOfOthers: 1_000_000) <= 10 * (200 + 20))
  }
}
