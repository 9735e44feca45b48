import CacheModel
import Explorer
import TestSupport
import Testing

/// A cluster on the screen: its primaries in the header, its nodes beside the sum, news in a sentence.
@Suite struct ClusterScreenTests {
  private func node(
    _ number: Int, slots: Int?, _ health: NodeFigures.Health = .up, commands: Int64 = 0
  ) -> NodeFigures {
    var node = NodeFigures(
      id: "node\(number)", address: "10.0.0.\(number):7000", isPrimary: slots != nil,
      health: health)
    node.slots = slots
    if case .away = health { return node }
    guard slots != nil else { return node }
    node.keys = 1000 * Int64(number)
    node.usedMemory = ByteCount(Int64(number) << 20)
    (node.hits, node.misses, node.commands) = (commands / 2, commands / 2, commands)
    return node
  }

  private func sample(_ scene: inout Scene, _ nodes: [NodeFigures], openSlots: Int = 0) {
    scene.wait(1000)
    var sample = CacheStatistics(time: WallTime(milliseconds: 0), moment: scene.now)
    (sample.hits, sample.misses, sample.commands) = (10, 10, 100)
    sample.keys = 4
    sample.runID = "a"
    sample.cluster = ClusterState(nodes: nodes, openSlots: openSlots)
    scene.send(.sampled(sample))
  }

  @Test(arguments: [(80, 24), (120, 36)]) func nodesStandBesideTheSum(columns: Int, rows: Int) {
    var scene = Scene.shop()
    let replica = node(4, slots: nil)
    sample(&scene, [node(1, slots: 8192), node(2, slots: 8192), replica])
    sample(
      &scene,
      [node(1, slots: 8192, commands: 400), node(2, slots: 8192, commands: 50), replica])
    #expect(scene.state.stats.nodeRates["node1"]?.commands == 400)
    #expect(scene.state.stats.nodeRates["node1"]?.hitRatio == 0.5)
    if columns == 120 {
      #expect(scene.picture(columns: columns, rows: rows).contains("cluster 2/2"))
    }
    scene.send(.action(.showStats))
    let picture = scene.picture(columns: columns, rows: rows)
    #expect(picture.contains("Nodes  2 of 2 primaries serve"))
    let line = picture.split(separator: "\n").first { $0.contains("10.0.0.1:7000") } ?? ""
    for figure in ["8,192", "1,000", "1.0 MB", "50.0%", "400", "up"] {
      #expect(line.contains(figure), "\(figure) in \(line)")
    }
    // A replica has no figures of its own, and is told apart by its role.
    let copy = picture.split(separator: "\n").first { $0.contains("10.0.0.4:7000") } ?? ""
    #expect(line.contains("primary") && copy.contains("replica"), "\(picture)")
  }

  @Test func threePrimariesAndTheirReplicasHaveRoomOnASmallScreen() {
    var scene = Scene.shop()
    let nodes = (1...6).map { node($0, slots: $0 < 4 ? 5461 : nil) }
    sample(&scene, nodes)
    sample(&scene, nodes)
    scene.send(.action(.showStats))
    let picture = scene.picture(columns: 80, rows: 24)
    for number in 1...6 { #expect(picture.contains("10.0.0.\(number):7000"), "\(picture)") }
  }

  @Test func whatHappensToNodesIsTold() {
    var scene = Scene.shop()
    func message() -> String { scene.state.message?.text ?? "" }
    let (one, two) = (node(1, slots: 8192), node(2, slots: 8192))
    sample(&scene, [one, two])
    sample(&scene, [one, node(2, slots: 8192, .away(reason: "refused"))])
    #expect(message().contains("10.0.0.2:7000 does not answer: 8,192 slots wait"))
    #expect(message().hasSuffix("the other slots go on"))
    #expect(scene.picture(columns: 80, rows: 24).contains("cluster 1/2"))
    sample(&scene, [one, node(3, slots: 8192), node(2, slots: nil, .failing)])
    #expect(
      message() == "failover: 10.0.0.3:7000 serves the slots of 10.0.0.2:7000 now")
    sample(&scene, [one, node(3, slots: 8191)], openSlots: 1)
    #expect(message().contains("1 slot without a node"))
    sample(&scene, [one, node(3, slots: 8192)])
    #expect(message() == "all slots of the cluster are served again")
  }
}
