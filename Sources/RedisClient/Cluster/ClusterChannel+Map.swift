import RESP
import SystemIO
import Transport

/// Learning which primary serves which slot.
extension ClusterChannel {
  private static let leastBetweenMaps: Int64 = 500
  /// Nodes that are asked for a map in which none of those that do not answer has slots.
  private static let mostAsked = 5
  /// The map is asked again with the figures of all nodes when it is older.
  static let mapAge: Int64 = 5_000

  /// Asked again where something has shown that it is old, though not all the time.
  func currentMap() async throws(ChannelError) -> SlotMap {
    if isClosed { throw .closed }
    if let map {
      guard mapIsOld, now - mapAskedAt >= Self.leastBetweenMaps else { return map }
    }
    do throws(ChannelError) {
      return try await learnMap()
    } catch {
      // The one that is known may still serve for the nodes that are there.
      guard let map else { throw error }
      return map
    }
  }

  /// Several that ask at the same time get one answer.
  @discardableResult
  func learnMap() async throws(ChannelError) -> SlotMap {
    if let asking { return try await asking.value.get() }
    let task = Task { await self.askForMap() }
    asking = task
    let result = await task.value
    asking = nil
    return try result.get()
  }

  private func askForMap() async -> Result<SlotMap, ChannelError> {
    var failure = ChannelError.notConnected(reason: "no node of the cluster is known")
    var doubtful: [SlotMap] = []
    for endpoint in candidates {
      do throws(ChannelError) {
        let map = try await askForMap(endpoint)
        // Right after a failover some nodes still name the one that is gone.
        guard map.primaries.contains(where: { trouble.concerns($0.endpoint) }) else {
          adopt(map)
          return .success(map)
        }
        doubtful.append(map)
        if doubtful.count == Self.mostAsked { break }
      } catch {
        failure = error
        if error.isRefusalForGood, map == nil { return .failure(error) }
      }
    }
    mapAskedAt = now
    guard let map = doubtful.first else { return .failure(failure) }
    adopt(map)
    return .success(map)
  }

  private func askForMap(_ endpoint: Endpoint) async throws(ChannelError) -> SlotMap {
    let replies = try await channel(to: endpoint).send([
      RESPCommand("CLUSTER", "SLOTS"), RESPCommand("CLUSTER", "NODES"),
    ])
    guard let reply = replies.first,
      var map = SlotMap(reply, askedAt: endpoint, mapped: places.place)
    else {
      throw .unreachable(
        endpoint: endpoint.description,
        reason: "it tells of no cluster: \(Self.words(replies.first ?? .null))")
    }
    guard !map.primaries.isEmpty else {
      throw .unreachable(
        endpoint: endpoint.description, reason: "no slot of the cluster is served by a node")
    }
    if let members = replies.last?.text {
      map.take(members: members, askedAt: endpoint, mapped: places.place)
    }
    return map
  }

  private static func words(_ reply: RESPValue) -> String {
    reply.error.map { String(decoding: $0.message.prefix(120), as: UTF8.self) }
      ?? "its answer to CLUSTER SLOTS is none"
  }

  private func adopt(_ new: SlotMap) {
    if let map, map.primaries.map(\.id) != new.primaries.map(\.id) {
      walks.primariesChanged()
      endListening()
    }
    map = new
    mapAskedAt = now
    let hasOpenSlots = new.firstOpenSlot != nil
    mapIsOld = hasOpenSlots
    trouble.keep(new.names, hasOpenSlots: hasOpenSlots)
    dropChannels { !new.names($0) && !places.seeds.contains($0) }
  }

  /// Those that are connected first, the addresses that a person gave last.
  private var candidates: [Endpoint] {
    let known = (map.map { $0.primaries + $0.replicas } ?? []).map(\.endpoint)
    let connected = known.filter { channels[$0]?.status == .connected }
    var seen: Set<Endpoint> = []
    return (connected + known + places.seeds).filter { seen.insert($0).inserted }
  }

  /// Where a redirection leads; nil when the cluster knows no such node. `slot` has moved there.
  func follow(to told: Endpoint, _ slot: HashSlot?) async -> Endpoint? {
    if slot != nil { mapIsOld = true }
    if map?.names(places.place(of: told)) != true { _ = try? await learnMap() }
    let target = places.place(of: told)
    guard map?.names(target) == true else { return nil }
    if let slot { _ = map?.move(slot, to: target) }
    return target
  }

  /// Looks for a node that is not where the cluster says at the hosts of the seeds; true when it was
  /// found there, by its id. Nothing was sent to it yet.
  func find(_ endpoint: Endpoint) async -> Bool {
    guard let node = map?.node(at: endpoint) else { return false }
    for place in places.otherPlaces(of: endpoint) where map?.names(place) != true {
      let channel = channel(to: place)
      let told = try? await channel.send(RESPCommand("CLUSTER", "MYID")).text
      guard told == node.id else {
        dropChannels { $0 == place }
        continue
      }
      places.found(endpoint, at: place)
      trouble.isOver(.node(endpoint))
      _ = try? await learnMap()
      return true
    }
    return false
  }
}
