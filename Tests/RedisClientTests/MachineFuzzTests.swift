import RESP
import RedisClient
import SystemIO
import TestSupport
import Testing
import Transport

/// The life of a connection with everything happening at any time: every batch is answered in full or
/// failed, once, in order; time always moves on; an ended connection does nothing more.
@Suite(.timeLimit(.minutes(30))) struct MachineFuzzTests {
  private struct Trouble: Error {
    var words: String
  }

  /// A machine and what its owner would know.
  private struct Owner {
    var machine: ConnectionStateMachine
    var now: Int64 = 0
    var next: UInt64 = 1
    /// Batches that were taken and not yet answered or failed, with their sizes.
    var open: [(id: UInt64, count: Int)] = []
    var isEnded = false
    var isReady = false
    /// Replies that the server owes.
    var owed = 0

    mutating func take(_ ending: ConnectionStateMachine.Ending?) throws {
      guard let ending else { return }
      guard !isEnded else { throw Trouble(words: "ended twice") }
      isEnded = true
      guard ending.unanswered == open.map(\.id) else {
        throw Trouble(words: "\(ending.unanswered) unanswered instead of \(open.map(\.id))")
      }
      open = []
      guard machine.nextDeadline == nil, machine.busySince == nil else {
        throw Trouble(words: "an ended connection waits")
      }
    }

    mutating func take(_ action: ConnectionStateMachine.Action) throws {
      switch action {
      case .nothing: break
      case .push(let value):
        guard case .push = value else { throw Trouble(words: "a push that is none") }
      case .becomeReady:
        guard !isReady, !isEnded else { throw Trouble(words: "ready twice") }
        isReady = true
      case .answer(let id, let replies):
        guard let first = open.first, first.id == id, first.count == replies.count else {
          throw Trouble(words: "\(id) answered with \(replies.count), open \(open)")
        }
        open.removeFirst()
      case .end(let ending): try take(ending)
      }
    }

    mutating func take(_ action: ConnectionStateMachine.TimeAction) throws {
      switch action {
      case .nothing: break
      case .ask: owed += 1
      case .fail(let ids, let error):
        guard error == .timedOut(afterMilliseconds: 5_000, outcomeUnknown: true) else {
          throw Trouble(words: "\(error)")
        }
        let open = Set(open.map(\.id))
        guard !ids.isEmpty, ids.allSatisfy(open.contains) else {
          throw Trouble(words: "\(ids) failed, open \(open)")
        }
        self.open.removeAll { ids.contains($0.id) }
      case .end(let ending): try take(ending)
      }
    }

    /// Until its next deadline; a deadline that was kept must not come again.
    mutating func letTimePass(to time: Int64) throws {
      for _ in 0..<1000 {
        guard let deadline = machine.nextDeadline, deadline <= time else {
          now = max(now, time)
          return
        }
        now = max(now, deadline)
        try take(machine.timePassed(at: now))
        if let next = machine.nextDeadline, next <= now {
          throw Trouble(words: "time stands still at \(now)")
        }
      }
      throw Trouble(words: "a thousand deadlines until \(time)")
    }
  }

  private func owner(_ random: inout SeededRandom) -> Owner {
    var configuration = ChannelConfiguration(
      endpoint: .tcp(host: "h", port: 1), password: Bool.random(using: &random) ? [1] : nil,
      database: Int.random(in: 0...1, using: &random),
      clientName: Bool.random(using: &random) ? "n" : nil,
      dialect: Bool.random(using: &random) ? .newest : .resp2)
    if Bool.random(using: &random) { configuration.tls = TLSClient(TLSSettings(name: "h")) }
    let heartbeats: [ConnectionStateMachine.Heartbeat] = [.none, .keeps, .ends]
    return Owner(
      machine: ConnectionStateMachine(
        configuration, heartbeat: heartbeats.randomElement(using: &random) ?? .none, at: 0))
  }

  private func reply(_ random: inout SeededRandom) -> RESPValue {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: .error("NOAUTH Authentication required.")
    case 1: .error("ERR max number of clients reached")
    case 2: .error("READONLY You can't write against a read only replica.")
    case 3:
      .map([RESPPair(.bulk("role"), .bulk("replica")), RESPPair(.bulk("proto"), .integer(3))])
    case 4: .array([.bulk("slave"), .null])
    case 5: .push([.bulk("invalidate")])
    case 6: .null
    default: .ok
    }
  }

  private func step(_ owner: inout Owner, _ random: inout SeededRandom) throws {
    switch Int.random(in: 0..<40, using: &random) {
    case 0: owner.machine.securing()
    case 1..<4: owner.owed += owner.machine.opened().count
    case 4..<14:
      let count = Int.random(in: 1...4, using: &random)
      if owner.machine.submit(owner.next, count: count, at: owner.now) == nil {
        owner.open.append((owner.next, count))
        owner.owed += count
      }
      owner.next += 1
    case 14..<30:
      owner.machine.receivedBytes(at: owner.now)
      let isAsked = owner.owed > 0
      if !isAsked, !Bool.random(using: &random) { return }
      owner.owed = max(0, owner.owed - 1)
      try owner.take(owner.machine.received(isAsked ? .ok : reply(&random)))
    case 30: try owner.take(owner.machine.received(reply(&random)))
    case 31..<36:
      let step = Int64.random(in: 0...3_000, using: &random)
      try owner.letTimePass(to: owner.now + step)
    case 36: try owner.letTimePass(to: owner.now + Int64.random(in: 0...70_000, using: &random))
    case 37 where Int.random(in: 0..<4, using: &random) == 0:
      try owner.take(owner.machine.streamEnded("gone"))
    case 38 where Int.random(in: 0..<8, using: &random) == 0:
      try owner.take(owner.machine.violated("nonsense"))
    case 39 where Int.random(in: 0..<8, using: &random) == 0: try owner.take(owner.machine.closed())
    default: break
    }
  }

  @Test func everythingMayHappenAtAnyTime() throws {
    let seed = LongRun.seed(.random(in: 0...(.max)), for: "MachineFuzzTests")
    print("MachineFuzzTests: CACHESCOPE_SEED=\(seed)")
    var random = SeededRandom(seed: seed)
    var (lives, steps, ready) = (0, 0, 0)
    let end = SystemClock.monotonicMilliseconds + Int64(LongRun.seconds(2, long: 600)) * 1000
    repeat {
      var owner = owner(&random)
      let length = Int.random(in: 1...400, using: &random)
      do {
        for _ in 0..<length { try step(&owner, &random) }
        try owner.take(owner.machine.closed())
        guard owner.isEnded else { throw Trouble(words: "closed and not ended") }
      } catch let trouble as Trouble {
        Issue.record("seed \(seed), life \(lives): \(trouble.words)")
        return
      }
      lives += 1
      steps += length
      if owner.isReady { ready += 1 }
    } while SystemClock.monotonicMilliseconds < end
    print("connection state machine: \(lives) lives, \(ready) of them ready, \(steps) steps")
    #expect(ready > lives / 10 && lives > 10)
  }
}
