package import CacheModel
import RESP

/// Putting many old states back. Records of different keys are put back some at a time: all their
/// keys are watched, looked at, and those that are as the change left them are written in one
/// transaction. When somebody writes one of the keys meanwhile, nothing of it is carried out, and the
/// two halves are tried in turn, so that one busy key costs the others little. What has to be looked
/// at more closely (newer values, giants, refusals) goes the way of a single record.
extension RedisBackend {
  private static var recordsInOneTransaction: Int { 64 }
  private static var bytesInOneTransaction: Int { 4 << 20 }

  package func undo(
    _ records: [UndoRecord], overwriting: Bool
  ) async -> [Result<UndoOutcome, BackendError>] {
    var work: UndoWork
    do throws(BackendError) {
      let giants = try await giants(among: records, overwriting)
      work = UndoWork(records.count, portions(of: records, leavingOut: giants), giants)
      while !work.waiting.isEmpty {
        let start = work
        work = try await exclusively { connection throws(ChannelError) in
          .success(await self.undo(records, overwriting, start, on: connection))
        }
        // One alone goes in its turn: a record of the same key may follow.
        if let place = work.alone {
          work.results[place] = await undoAlone(records[place], overwriting)
        }
      }
    } catch {
      return records.map { _ in .failure(error.whereNothingWasSent) }
    }
    await judgeLate(records, &work)
    for place in records.indices where work.results[place] == nil {
      work.results[place] = await undoAlone(records[place], overwriting)
    }
    return work.results.compactMap { $0 }
  }

  /// Of what was found changed: whether it is as before already. What is not told is left.
  private func judgeLate(_ records: [UndoRecord], _ work: inout UndoWork) async {
    let late = work.late.filter { work.results[$0] == nil }
    guard late.count > 1,
      let standings = try? await areAsBefore(late.map { records[$0] })
    else { return }
    for (place, standing) in zip(late, standings) {
      switch standing {
      case .asBefore(let redo): work.results[place] = .success(.asBefore(redo: redo))
      case .otherwise: work.results[place] = .success(.changedMeanwhile)
      case .untold: break
      }
    }
  }

  private func undoAlone(
    _ record: UndoRecord, _ overwriting: Bool
  ) async -> Result<UndoOutcome, BackendError> {
    do throws(BackendError) {
      return .success(try await undo(record, overwriting: overwriting))
    } catch {
      return .failure(error)
    }
  }

  /// Places of records whose keys hold something so large that it goes alone. What the change left
  /// no key of is not fetched unless it is overwritten, and need not be asked for.
  private func giants(
    among records: [UndoRecord], _ overwriting: Bool
  ) async throws(BackendError) -> Set<Int> {
    var keys: [(place: Int, key: CacheKey)] = []
    for (place, record) in records.enumerated() {
      for transition in record.transitions where overwriting || transition.after != .absent {
        keys.append((place, transition.key))
      }
    }
    let most = Int64(Self.bytesInOneTransaction / Self.recordsInOneTransaction)
    let sizes = try await sizes(of: keys.map(\.key), upTo: most)
    var giants: Set<Int> = []
    for (asked, size) in zip(keys, sizes) where size.bytes.map({ $0 > most }) ?? false {
      giants.insert(asked.place)
    }
    return giants
  }

  /// Places of records that go together: no key twice, in their order, in a cluster of one slot.
  private func portions(
    of records: [UndoRecord], leavingOut giants: Set<Int>
  ) -> [[Int]] {
    let isOfCluster = traits.figures.isOfCluster
    var portions: [[Int]] = []
    var keys: Set<CacheKey> = []
    var portion: [Int] = []
    var room = Self.bytesInOneTransaction
    for (place, record) in records.enumerated() {
      let isNew = record.keys.allSatisfy { !keys.contains($0) }
      let isElsewhere =
        isOfCluster
        && portion.first.map { records[$0].key.slot != record.key.slot } ?? false
      if !isNew || portion.count == Self.recordsInOneTransaction || room < record.cost
        || giants.contains(place) || isElsewhere
      {
        if !portion.isEmpty { portions.append(portion) }
        (keys, portion, room) = ([], [], Self.bytesInOneTransaction)
      }
      if giants.contains(place) {
        portions.append([place])
        continue
      }
      portion.append(place)
      keys.formUnion(record.keys)
      room -= record.cost
    }
    if !portion.isEmpty { portions.append(portion) }
    return portions
  }

  // MARK: On a connection

  /// Until one has to go alone, or all is done. Never fails as a whole: what was under way when the
  /// connection broke is told apart from what was never sent.
  private func undo(
    _ records: [UndoRecord], _ overwriting: Bool, _ start: UndoWork,
    on connection: any RESPConnection
  ) async -> UndoWork {
    var work = start
    work.alone = nil
    let isOfCluster = traits.figures.isOfCluster
    var current: [Int] = []
    do throws(ChannelError) {
      let identity = try await presentIdentity(on: connection)
      let records = records.map { $0.adopted(by: identity) }
      while let places = work.waiting.popLast() {
        let own = places.filter { records[$0].origin == identity }
        for place in places where records[place].origin != identity {
          work.results[place] = .success(.otherSource)
        }
        // In a cluster most go by themselves, each with its slot: that costs no connection of its own.
        if own.count == 1, !isOfCluster || work.giants.contains(own[0]) {
          work.alone = own.first
          return work
        }
        guard !own.isEmpty else { continue }
        current = own
        guard try await undo(own, of: records, overwriting, &work, on: connection) else {
          if own.count == 1 {
            work.alone = own.first
            return work
          }
          work.waiting.append(Array(own[(own.count / 2)...]))
          work.waiting.append(Array(own[..<(own.count / 2)]))
          continue
        }
      }
    } catch  where isOfCluster && !current.isEmpty {
      // The other nodes may well be there.
      work.leave(current, because: BackendError(error))
    } catch {
      work.end(because: BackendError(error))
    }
    return work
  }

  /// One transaction; false when it has to be tried again in parts.
  private func undo(
    _ places: [Int], of records: [UndoRecord], _ overwriting: Bool, _ work: inout UndoWork,
    on connection: any RESPConnection
  ) async throws(ChannelError) -> Bool {
    let traits = traits
    let look = UndoLook(places.map { records[$0] }, overwriting: overwriting, traits)
    let replies = try await connection.send(look.commands).counted(for: look.commands)
    if let (command, reply, _) = look.refusal(in: replies) {
      _ = learnsNoClock(command, reply)
      return false
    }
    let now = traits.has(.time) ? look.time(in: replies) : try await timeByINFO(connection)
    var plans: [(place: Int, plan: UndoPlan, commands: [RESPCommand])] = []
    for (place, present) in zip(places, look.present(in: replies)) {
      guard let present, now != nil || !records[place].needsClock else { continue }
      let plan = UndoPlan(records[place], over: present, now: now, keepsRedo: true, traits)
      switch plan.refusal(overwriting: overwriting) {
      case nil where plan.obstacle != nil: break
      case nil: plans.append((place, plan, plan.commands))
      case .changedMeanwhile?: work.late.append(place)
      case let outcome?: work.results[place] = .success(outcome)
      }
    }
    guard !plans.isEmpty else {
      _ = try await connection.send(RESPCommand("UNWATCH"))
      return true
    }
    work.sent = plans.map(\.place)
    let commands = plans.flatMap(\.commands)
    switch try await transaction(commands, on: connection) {
    case .done(let done):
      try await take(done, of: plans, &work, on: connection)
      return true
    case .cancelled:
      work.sent = []
      return false
    case .refused(let command, let reply, _):
      work.sent = []
      if let feature = Self.feature(of: command) { lose(feature, if: reply) }
      return false
    }
  }

  /// What came of a transaction of several plans. Those whose payload was refused only then follow
  /// one by one.
  private func take(
    _ done: [RESPValue], of plans: [(place: Int, plan: UndoPlan, commands: [RESPCommand])],
    _ work: inout UndoWork, on connection: any RESPConnection
  ) async throws(ChannelError) {
    var start = 0
    var late: [(place: Int, plan: UndoPlan, done: [RESPValue])] = []
    for (place, plan, commands) in plans {
      let part = Array(done[start..<(start + commands.count)])
      work.results[place] = Self.outcome(of: plan, part)
      if plan.refusedPayload(in: part) != nil { late.append((place, plan, part)) }
      start += commands.count
    }
    work.sent = []
    for (place, plan, part) in late {
      work.sent = [place]
      work.results[place] = try await outcome(of: plan, part, on: connection)
      work.sent = []
    }
  }
}

/// What came of records so far; nil for those that are to be tried alone, or were not reached.
private struct UndoWork: Sendable {
  var results: [Result<UndoOutcome, BackendError>?]
  /// Places of records that go together; the last ones come first.
  var waiting: [[Int]]
  /// Places of those that hold too much to go with others.
  let giants: Set<Int>
  /// The one that is to be tried alone now.
  var alone: Int?
  /// Places of those that have been sent and are not answered.
  var sent: [Int] = []
  /// Places of those whose keys were found otherwise than the change left them.
  var late: [Int] = []

  init(_ count: Int, _ portions: [[Int]], _ giants: Set<Int>) {
    results = Array(repeating: nil, count: count)
    self.giants = giants
    waiting = portions.reversed()
  }

  /// The node of these does not answer.
  mutating func leave(_ places: [Int], because error: BackendError) {
    for place in places where results[place] == nil {
      results[place] = .failure(sent.contains(place) ? error : error.whereNothingWasSent)
    }
    sent = []
  }

  /// The connection cannot be used any more.
  mutating func end(because error: BackendError) {
    for place in sent { results[place] = .failure(error) }
    for place in results.indices where results[place] == nil {
      results[place] = .failure(error.whereNothingWasSent)
    }
    waiting = []
  }
}
