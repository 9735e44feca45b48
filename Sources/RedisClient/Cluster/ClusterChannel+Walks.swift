import KeyPattern
import RESP
import Transport

/// Names that a walk over all primaries may have missed: a slot that goes to a primary that the walk
/// has left behind takes its keys along. So at the end of a walk the names in slots that have changed
/// hands since it began, or are on their way, are told once more; a name may be told twice, as every
/// SCAN may do, and none is left out that was there all the time.
extension ClusterChannel {
  /// Names of one slot that are told, at most.
  private static let mostNames = 100_000

  func lateNames(
    of walk: ClusterBatch.EndingWalk, by send: @escaping Sender
  ) async -> [RESPValue] {
    guard let map = try? await learnMap() else { return [] }
    var slots = history.moved(since: walk.moves)
    let nodes = map.primaries.map(\.endpoint)
    slots.formUnion(await slotsOnTheirWay(nodes, send))
    guard !slots.isEmpty else { return [] }
    let questions = slots.sorted { $0.number < $1.number }.map {
      RESPCommand("CLUSTER", "GETKEYSINSLOT", String($0.number), String(Self.mostNames))
    }
    var names: Set<[UInt8]> = []
    let asked = Dictionary(nodes.map { ($0, questions) }) { first, _ in first }
    for (_, result) in await Self.ask(asked, send) {
      for reply in (try? result.get()) ?? [] {
        names.formUnion((reply.elements ?? []).compactMap(\.bytes))
      }
    }
    return await filtered(Array(names), as: walk.command, by: send).map { .bulk($0) }
  }

  /// Every node tells of its own slots alone.
  private func slotsOnTheirWay(
    _ nodes: [Endpoint], _ send: @escaping Sender
  ) async -> Set<HashSlot> {
    var slots: Set<HashSlot> = []
    let question = Dictionary(nodes.map { ($0, [RESPCommand("CLUSTER", "NODES")]) }) { $1 }
    for (endpoint, result) in await Self.ask(question, send) {
      let told = (try? result.get())?.first?.text ?? ""
      for line in told.split(whereSeparator: \.isNewline) where line.contains("myself") {
        let member = ClusterMember(line: line, askedAt: endpoint, mapped: { $0 })
        slots.formUnion(member?.slotsOnTheirWay ?? [])
      }
    }
    return slots
  }

  /// Those that the walk asks for, by its MATCH and TYPE.
  private func filtered(
    _ names: [[UInt8]], as scan: RESPCommand, by send: @escaping Sender
  ) async -> [[UInt8]] {
    var names = names
    if let glob = Self.option("MATCH", of: scan) {
      let pattern = GlobPattern(glob)
      names = names.filter { pattern.matches($0) }
    }
    guard let kind = Self.option("TYPE", of: scan), !names.isEmpty else { return names }
    let questions = names.map { RESPCommand("TYPE", [$0]) }
    guard let kinds = try? await deliver(questions, by: send) else { return names }
    return zip(names, kinds).filter { $1.bytes == kind }.map(\.0)
  }

  private static func option(_ name: String, of scan: RESPCommand) -> [UInt8]? {
    let place = scan.arguments.indices.dropFirst(2).first { scan.word($0) == name }
    return place.flatMap { $0 + 1 < scan.arguments.count ? scan.arguments[$0 + 1] : nil }
  }
}
