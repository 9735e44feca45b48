import KeyPattern
import RESP
import Transport

/// Walks over the names of all primaries. A slot that goes to a primary that the walk has left behind
/// takes its keys along; so at its end the names in slots that have changed hands since it began, or
/// are on their way, are told once more. A name may be told twice, as every SCAN may do, and none is
/// left out that was there all the time. Where slots have gone to and fro in between the walk begins
/// anew.
extension ClusterChannel {
  /// Names of one slot that are told, at most.
  private static let mostNames = 100_000
  /// With more slots than these the walk begins anew.
  private static let mostSlots = 1_024
  private static let mostRounds = 8

  /// The number of a walk that begins now.
  func beginWalk() async -> UInt8 {
    if let known = walks.known(at: now) { return walks.begin(known) }
    return walks.begin(await ownership())
  }

  /// Ends a walk, or has it begin anew.
  func finish(_ walk: ClusterBatch.EndingWalk, _ work: inout ClusterBatch) async {
    guard let beginning = walks.beginning(of: walk.number) else { return }
    var names: Set<[UInt8]> = []
    var before = await ownership()
    for _ in 0..<Self.mostRounds {
      guard let slots = before.slotsInDoubt(since: beginning), slots.count <= Self.mostSlots else {
        walks.end(walk.number)
        return work.beginAnew(walk, generation: walks.generation, walk: walks.begin(before))
      }
      guard !slots.isEmpty else { break }
      // A name that goes from one node to the next is with the first when it is asked, or with the
      // other one after that.
      for _ in 0..<2 { names.formUnion(await self.names(in: slots)) }
      let after = await ownership()
      defer { before = after }
      if after == before { break }
    }
    walks.end(walk.number)
    walks.learn(before, at: now)
    work.add(await filtered(Array(names), as: walk.command).map { .bulk($0) }, to: walk)
  }

  private func names(in slots: Set<HashSlot>) async -> Set<[UInt8]> {
    let questions = slots.map {
      RESPCommand("CLUSTER", "GETKEYSINSLOT", String($0.number), String(Self.mostNames))
    }
    var names: Set<[UInt8]> = []
    for replies in await askPrimaries(questions) {
      for reply in replies { names.formUnion((reply.elements ?? []).compactMap(\.bytes)) }
    }
    return names
  }

  private func ownership() async -> SlotOwnership {
    SlotOwnership(
      await askPrimaries([RESPCommand("CLUSTER", "NODES")]).compactMap { $0.first?.text })
  }

  /// The answers of those that answer.
  private func askPrimaries(_ commands: [RESPCommand]) async -> [[RESPValue]] {
    let nodes = map?.primaries.map(\.endpoint) ?? []
    let asked = Dictionary(nodes.map { ($0, commands) }) { first, _ in first }
    let answers = await Self.ask(asked) { endpoint, commands in
      let channel = await self.channel(to: endpoint)
      do throws(ChannelError) {
        let replies = try await channel.carry(commands)
        return .success(replies)
      } catch {
        return .failure(error)
      }
    }
    return answers.compactMap { try? $0.1.get() }
  }

  /// Those that the walk asks for, by its MATCH and TYPE.
  private func filtered(_ names: [[UInt8]], as scan: RESPCommand) async -> [[UInt8]] {
    var names = names
    if let glob = Self.option("MATCH", of: scan) {
      let pattern = GlobPattern(glob)
      names = names.filter { pattern.matches($0) }
    }
    guard let kind = Self.option("TYPE", of: scan), !names.isEmpty else { return names }
    let questions = names.map { RESPCommand("TYPE", [$0]) }
    guard let kinds = try? await send(questions) else { return names }
    return zip(names, kinds).filter { $1.bytes == kind }.map(\.0)
  }

  private static func option(_ name: String, of scan: RESPCommand) -> [UInt8]? {
    let place = scan.arguments.indices.dropFirst(2).first { scan.word($0) == name }
    return place.flatMap { $0 + 1 < scan.arguments.count ? scan.arguments[$0 + 1] : nil }
  }
}
