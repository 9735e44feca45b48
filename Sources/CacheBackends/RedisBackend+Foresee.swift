package import CacheModel
import RESP

/// The first half of an undo alone: what it would meet. The same questions and the same judgement as
/// when states are put back, and nothing is sent that changes anything.
extension RedisBackend {
  package func foresee(
    _ records: [UndoRecord]
  ) async throws(BackendError) -> [UndoForecast] {
    let giants = try await giants(among: records)
    for _ in 0..<Self.attempts {
      let step = try await exclusively { connection throws(ChannelError) in
        try await self.foresee(records, giants, on: connection)
      }
      if let step { return step }
    }
    throw .malformedReply("no number for what is left of a key")
  }

  /// Places of records whose keys hold what the change cannot have left.
  private func giants(
    among records: [UndoRecord]
  ) async throws(BackendError) -> Set<Int> {
    var keys: [(place: Int, key: CacheKey)] = []
    var least = Int64.max
    for (place, record) in records.enumerated() {
      least = min(least, record.largestPlausible)
      keys += record.keys.map { (place, $0) }
    }
    let sizes = try await sizes(of: keys.map(\.key), upTo: least)
    var giants: Set<Int> = []
    for (asked, size) in zip(keys, sizes) where (size.bytes ?? 0) > least {
      if (size.bytes ?? 0) > records[asked.place].largestPlausible { giants.insert(asked.place) }
    }
    return giants
  }

  /// Nil when something was learnt by which it has to be asked again.
  private func foresee(
    _ records: [UndoRecord], _ giants: Set<Int>, on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<[UndoForecast]?, BackendError> {
    let identity = try await presentIdentity(on: connection)
    let records = records.map { $0.adopted(by: identity) }
    let places = records.indices.filter {
      records[$0].origin == identity && !giants.contains($0)
    }
    var forecasts = records.indices.map { place in
      records[place].origin == identity ? UndoForecast.changedMeanwhile : .otherSource
    }
    guard !places.isEmpty else { return .success(forecasts) }
    let traits = traits
    let look = UndoLook(places.map { records[$0] }, overwriting: false, traits)
    let replies = try await connection.send(look.commands).counted(for: look.commands)
    if let (command, reply, error) = look.refusal(in: replies) {
      if learnsNoClock(command, reply) { return .success(nil) }
      return .failure(BackendError(error, of: command.verb))
    }
    let now = traits.has(.time) ? look.time(in: replies) : try await timeByINFO(connection)
    for (place, present) in zip(places, look.present(in: replies)) {
      guard let present else { return .success(nil) }
      let plan = UndoPlan(records[place], over: present, now: now, keepsRedo: false, traits)
      forecasts[place] = try await forecast(plan, on: connection)
    }
    return .success(forecasts)
  }

  private func forecast(
    _ plan: UndoPlan, on connection: any RESPConnection
  ) async throws(ChannelError) -> UndoForecast {
    switch plan.refusal(overwriting: false) {
    case .expiredMeanwhile?: return .expiredMeanwhile
    case .changedMeanwhile?:
      let known = try await areAsBefore([plan.record], on: connection)
      return known.first?.outcome == nil ? .changedMeanwhile : .restored
    default: return .restored
    }
  }
}
