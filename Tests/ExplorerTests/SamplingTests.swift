import CacheModel
import Explorer
import TestSupport
import Testing

/// More keys than fit into the memory that is allowed.
@Suite struct SamplingTests {
  /// Folders of 60, 30 and 10 per cent, with names that count up: what is chosen must not depend on
  /// such patterns.
  private static func name(_ number: Int) -> String {
    switch number % 10 {
    case 0..<6: "app:session:\(number)"
    case 6..<9: "app:user:\(number)"
    default: "page:\(number)"
    }
  }

  private func scene(bound: Int) -> Scene {
    var scene = Scene(asTree: true)
    var look = SourceLook()
    look.memoryBound = bound
    scene.state.adopt(look)
    scene.send(.tick)
    return scene
  }

  /// The walk reports these keys, page by page.
  private func walk(_ scene: inout Scene, _ numbers: [Int], isLast: Bool = true) {
    var rest = numbers[...]
    while !rest.isEmpty, let request = scene.lastWalk {
      let page = rest.prefix(1000)
      rest = rest.dropFirst(1000)
      let isOver = rest.isEmpty && isLast
      scene.effects = []
      scene.send(
        .scanned(
          request,
          ScanPage(
            keys: page.map { CacheKey(Self.name($0)) },
            next: isOver ? nil : ScanCursor(position: UInt64(rest.count + 1)))))
      scene.advanceFully()
    }
  }

  private func loaded(_ scene: Scene) -> Set<String> {
    Set(scene.state.keys.index.slots.map { scene.state.keys.index.key($0).text ?? "" })
  }

  private func folder(_ scene: Scene, _ prefix: String) throws -> KeyTree.Figures {
    let tree = scene.state.keys.tree
    return tree.figures(try #require(tree.folder(withPrefix: Array(prefix.utf8))))
  }

  @Test func whatFitsIsLoadedWhole() {
    var scene = scene(bound: 64 << 20)
    walk(&scene, Array(0..<50_000))
    #expect(scene.state.keys.sampling.isWhole)
    #expect(scene.state.keys.index.count == 50_000)
    #expect(scene.state.keys.sampling.estimate(of: 50_000) == KeyEstimate(count: 50_000, error: 0))
  }

  @Test func ofMoreAUniformSampleStays() throws {
    let (bound, count) = (1 << 20, 100_000)
    var scene = scene(bound: bound)
    walk(&scene, Array(0..<count))
    let keys = scene.state.keys
    #expect(keys.sampling.oneIn >= 4)
    #expect(keys.heldBytes <= bound + bound / 4)
    // Each of these counts is right with a probability of more than 0.999999.
    for (part, share) in [(0..<6, 0.6), (6..<9, 0.3), (9..<10, 0.1)] {
      let prefix = part == 0..<6 ? "app:session:" : part == 6..<9 ? "app:user:" : "page:"
      let estimate = keys.sampling.estimate(of: try folder(scene, prefix).count)
      #expect(abs(Double(estimate.count) - share * Double(count)) < 2.6 * Double(estimate.error))
      #expect(estimate.error > 0)
    }
    // The last digits, and the order in which they came, make no difference.
    var perDigit = [Int](repeating: 0, count: 10)
    var early = 0
    let names = loaded(scene)
    for name in names {
      let number = Int(name.split(separator: ":").last ?? "") ?? 0
      perDigit[number % 10] += 1
      if number < count / 2 { early += 1 }
    }
    let total = Double(names.count)
    let chiSquare = perDigit.reduce(0) { sum, found in
      sum + (Double(found) - total / 10) * (Double(found) - total / 10) / (total / 10)
    }
    #expect(chiSquare < 45)
    #expect(abs(Double(early) - total / 2) < 2.6 * total.squareRoot())
  }

  /// The next walk chooses the same keys; what a person has chosen stays.
  @Test func theSampleIsTheSameInEveryWalk() {
    var scene = scene(bound: 1 << 20)
    walk(&scene, Array(0..<40_000))
    let first = loaded(scene)
    #expect(first.count < 30_000)
    scene.state.keys.walk.isDue = true
    scene.wait(700_000)
    walk(&scene, Array((0..<40_000).reversed()))
    let second = loaded(scene)
    #expect(second.isSubset(of: first) || first.isSubset(of: second))
    #expect(second.intersection(first).count * 10 >= first.count * 4)
  }

  @Test func whenThereAreFewerKeysMoreOfThemAreLoadedAgain() {
    var scene = scene(bound: 1 << 20)
    walk(&scene, Array(0..<40_000))
    #expect(scene.state.keys.sampling.oneIn > 1)
    for slot in scene.state.keys.index.slots { scene.state.keys.remove(slot) }
    scene.state.keys.walk.isDue = true
    for _ in 0..<10 where !scene.state.keys.sampling.isWhole {
      scene.wait(700_000)
      walk(&scene, Array(0..<500))
    }
    #expect(scene.state.keys.sampling.isWhole)
    scene.wait(700_000)
    walk(&scene, Array(0..<500))
    #expect(scene.state.keys.index.count == 500)
  }

  /// What a person makes is listed, sample or not.
  @Test func onesOwnKeysAreListed() {
    var scene = scene(bound: 1 << 20)
    walk(&scene, Array(0..<40_000))
    #expect(!scene.state.keys.sampling.isWhole)
    for number in 0..<40 {
      let key = CacheKey("mine:\(number)")
      scene.state.lookAgain(at: key)
      #expect(scene.state.keys.index.slot(of: key) != nil)
    }
  }

  /// An action on all of a folder would reach the sample alone.
  @Test(arguments: [Action.delete, .mark, .setTTL, .rename, .markAll, .copyName])
  func actionsOnFoldersAreRefusedWithTheWayOut(_ action: Action) {
    var scene = scene(bound: 1 << 20)
    walk(&scene, Array(0..<40_000))
    scene.paint()
    scene.send(.action(.moveToFirst))
    scene.paint()
    #expect(scene.state.keys.cursorFolder != nil)
    scene.wait(1000)
    scene.send(.action(action))
    scene.advanceFully()
    let message = scene.state.message?.text ?? ""
    #expect(message.hasPrefix("only 1 in \(scene.state.keys.sampling.oneIn) keys is loaded"))
    let glob = action == .markAll ? "*" : "app:*"
    #expect(message.hasSuffix("cachescope invalidate --match '\(glob)'"))
    #expect(scene.state.prompt == nil && scene.state.overlays.isEmpty)
    #expect(scene.state.keys.index.markedCount == 0)
  }

  @Test func itIsSaidWhenItBegins() {
    var scene = scene(bound: 1 << 20)
    walk(&scene, Array(0..<30_000))
    #expect(
      scene.state.message?.text.hasPrefix("the keys do not fit into 1 MiB: 1 in ") == true)
  }
}
