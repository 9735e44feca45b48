import CacheBackends
import CacheModel
import RESP
import Testing

/// What the joined figures of a cluster say of its nodes, and what its refusals mean to a person.
@Suite struct ClusterFiguresTests {
  private let text = """
    used_memory:42
    cluster_node_ids:a,b,c
    cluster_open_slots:3
    cluster_node_0:id=a,address=10.0.0.1:7001,role=primary,state=up,slots=8000,keys=5,memory=42,max=0,hits=7,misses=1,commands=90
    cluster_node_1:id=b,address=10.0.0.2:7002,role=primary,state=away,slots=8381,reason=refused; gone
    cluster_node_2:id=c,address=10.0.0.3:7003,role=replica,state=failing,of=a
    cluster_node_4:id=e,role=primary
    """

  @Test func nodesAreRead() throws {
    let cluster = try #require(ServerFigures(text).cluster)
    #expect(cluster.openSlots == 3 && cluster.nodes.map(\.id) == ["a", "b", "c"])
    let first = cluster.nodes[0]
    #expect(first.isPrimary && first.health == .up && first.keys == 5 && first.commands == 90)
    #expect(first.usedMemory == ByteCount(42) && first.maxMemory == .some(nil))
    #expect(cluster.nodes[1].health == .away(reason: "refused; gone"))
    #expect(cluster.nodes[2].primaryID == "a" && !cluster.nodes[2].isServing)
    #expect(cluster.serving.count == 2 && cluster.servingWell == 1 && !cluster.isWell)
    #expect(
      cluster.trouble
        == "10.0.0.2:7002 does not answer: 8,381 slots wait for it or for its replica; 3 slots "
        + "without a node: keys in them cannot be reached; the other slots go on")
    #expect(ServerFigures("used_memory:42").cluster == nil)
  }

  @Test(arguments: [
    ("CLUSTERDOWN Hash slot not served", "the cluster cannot do this now: Hash slot not served"),
    ("TRYAGAIN Multiple keys request during rehashing of slot", "moving between two nodes"),
    ("CROSSSLOT Keys in request don't hash to the same slot", "the same {tag}"),
    ("MOVED 5 10.0.0.9:7000", "the key is at 10.0.0.9:7000"),
  ])
  func refusalsHaveANextStep(_ message: String, _ words: String) {
    #expect(BackendError.refused(verb: "SET", message: message).sentence.contains(words))
  }
}
